// RFC 3339 digit by digit. Foundation's strategy takes the 30th of February for the 2nd of March, ignores what follows
// the Z, and writes every second millisecond one too low, because it goes through a binary fraction of seconds.

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds and `Z`.
    package var description: String {
        let (days, ofDay) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.civil(daysSinceEpoch: days)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var count = 0
            func put(_ number: Int64, _ width: Int, _ end: Character) {
                var rest = number
                for index in stride(from: count + width - 1, through: count, by: -1) {
                    buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                buffer[count + width] = end.asciiValue!
                count += width + 1
            }
            put(min(max(year, 0), 9999), 4, "-")
            put(month, 2, "-")
            put(day, 2, "T")
            put(ofDay / 3_600_000, 2, ":")
            put(ofDay / 60_000 % 60, 2, ":")
            put(ofDay / 1000 % 60, 2, ".")
            put(ofDay % 1000, 3, "Z")
            return count
        }
    }

    /// Parses RFC 3339 with any offset, with or without a fraction (cut to milliseconds); years 1970 to 9999. A leap
    /// second counts as the first second of the next minute.
    package init?(_ text: String) {
        var reader = Digits(bytes: Array(text.utf8)[...])
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t"), let hour = reader.number(2),
            reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
            let fraction = reader.fraction(),
            let offset = reader.offsetMinutes(), reader.bytes.isEmpty
        else { return nil }
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        guard (1...12).contains(month), day >= 1, Self.civil(daysSinceEpoch: days) == (year, month, day) else {
            return nil
        }
        let minutes = days * 1440 + hour * 60 + minute - offset
        self.init(milliseconds: (minutes * 60 + second) * 1000 + fraction)
        guard (0..<253_402_300_800_000).contains(milliseconds) else { return nil }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin with March so that a leap day is
    /// the last of its year (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let (marchYear, marchMonth) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let (era, yearOfEra) = marchYear.flooredDivision(by: 400)
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

private struct Digits {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard bytes.count >= width else { return nil }
        var number: Int64 = 0
        for byte in bytes.prefix(width) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        bytes.removeFirst(width)
        return number
    }

    /// Milliseconds; 0 without a fraction.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        guard var milliseconds = number(1).map({ $0 * 100 }) else { return nil }
        if let tens = number(1) { milliseconds += tens * 10 }
        if let ones = number(1) { milliseconds += ones }
        while number(1) != nil {}
        return milliseconds
    }

    mutating func offsetMinutes() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64 = take("+") ? 1 : -1
        guard sign == 1 || take("-") else { return nil }
        guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
