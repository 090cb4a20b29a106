/// Moments as text: RFC 3339, computed in whole numbers. Foundation's styles go through a binary float, which writes some
/// milliseconds one too low, and read more than RFC 3339 allows (2026-11-21, swift-foundation of Swift 6.3).
extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds and `Z`.
    package var description: String {
        let (day, millisecond) = milliseconds.flooredQuotient(by: 86_400_000)
        let date = CivilDate(daysSince1970: day)
        // A year outside of 0 to 9999, which no clock shows, has more digits or a sign.
        return String(unsafeUninitializedCapacity: 48) { buffer in
            var text = TextBuffer(buffer)
            text.append(date.year, digits: 4)
            text.append("-")
            text.append(date.month, digits: 2)
            text.append("-")
            text.append(date.day, digits: 2)
            text.append("T")
            text.append(millisecond / 3_600_000, digits: 2)
            text.append(":")
            text.append(millisecond / 60_000 % 60, digits: 2)
            text.append(":")
            text.append(millisecond / 1000 % 60, digits: 2)
            text.append(".")
            text.append(millisecond % 1000, digits: 3)
            text.append("Z")
            return text.count
        }
    }

    /// Parses RFC 3339 with any offset, with or without a fraction of up to nine digits; years 1970 to 9999.
    ///
    /// Digits behind the millisecond are cut off. Leap seconds are refused: no moment of ours stands for them.
    package init?(_ text: String) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"),
            let day = reader.number(digits: 2), let date = CivilDate(year: year, month: month, day: day),
            reader.take("T", or: "t"),
            let hour = reader.number(digits: 2), hour < 24, reader.take(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.take(":"),
            let second = reader.number(digits: 2), second < 60,
            let fraction = reader.milliseconds(), let offset = reader.offsetMinutes(), reader.isAtEnd
        else { return nil }
        let minutes = date.daysSince1970 * 1440 + hour * 60 + minute - offset
        milliseconds = minutes * 60_000 + second * 1000 + fraction
        guard (0..<253_402_300_800_000).contains(milliseconds) else { return nil }
    }
}

/// A day of the Gregorian calendar. The arithmetic is Howard Hinnant's (`chrono`-compatible low-level date algorithms):
/// years begin in March, so that the leap day is the last of its year.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// `nil` when the calendar has no such day.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days: Int64 =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        guard day <= days else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    init(daysSince1970: Int64) {
        let (era, dayOfEra) = (daysSince1970 + 719_468).flooredQuotient(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredQuotient(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads the parts of a moment; every method takes its part away or says that it is not there.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String.UTF8View) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ one: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard let next = rest.first, next == UInt8(ascii: one) || other.map({ next == UInt8(ascii: $0) }) == true else {
            return false
        }
        rest.removeFirst()
        return true
    }

    /// A number of exactly so many digits.
    mutating func number(digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// The fraction of a second in milliseconds; 0 when there is none.
    mutating func milliseconds() -> Int64? {
        guard take(".") else { return 0 }
        var milliseconds: Int64 = 0
        var weight: Int64 = 100
        var digits = 0
        while let digit = digit() {
            milliseconds += digit * weight
            weight /= 10
            digits += 1
            guard digits <= 9 else { return nil }
        }
        return digits > 0 ? milliseconds : nil
    }

    /// What the local time is ahead of UTC.
    mutating func offsetMinutes() -> Int64? {
        if take("Z", or: "z") { return 0 }
        let isAhead = take("+")
        guard isAhead || take("-"), let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return (isAhead ? 1 : -1) * (hours * 60 + minutes)
    }

    private mutating func digit() -> Int64? {
        guard let next = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) else { return nil }
        rest.removeFirst()
        return Int64(next - UInt8(ascii: "0"))
    }
}

extension Int64 {
    /// Divides towards the past, so that the remainder is never negative.
    fileprivate func flooredQuotient(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Text that is being written into memory of a known size.
private struct TextBuffer {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func append(_ character: Unicode.Scalar) { append(UInt8(ascii: character)) }

    /// Writes `number` with at least so many digits.
    mutating func append(_ number: Int64, digits: Int) {
        if number < 0 { append("-") }
        var weight: UInt64 = 1
        for _ in 1..<digits { weight *= 10 }
        while number.magnitude / weight >= 10 { weight *= 10 }
        while weight > 0 {
            append(UInt8(ascii: "0") + UInt8(number.magnitude / weight % 10))
            weight /= 10
        }
    }

    private mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }
}
