import Domain
import Foundation
import SeededRandom
import Testing

/// Moments on the wire are RFC 3339 in UTC with milliseconds and `Z` (ENV-06).
@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("2024-02-29T12:00:00Z", 1_709_208_000_000),
        ("2000-02-29T00:00:00.000Z", 951_782_400_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2024-01-15T10:30:00.123456Z", 1_705_314_600_123), ("2024-01-15T10:30:00.999999999Z", 1_705_314_600_999),
        ("2024-01-15T10:30:00.1Z", 1_705_314_600_100), ("2024-01-15T10:30:00+00:00", 1_705_314_600_000),
        ("2024-01-15T12:30:00+02:00", 1_705_314_600_000), ("2024-01-15T05:00:00.5-05:30", 1_705_314_600_500),
        ("2024-01-15T10:30:00-00:00", 1_705_314_600_000), ("2024-01-15t10:30:00z", 1_705_314_600_000),
        ("1969-12-31T23:30:00-00:30", 0), ("2024-03-01T00:30:00+01:00", 1_709_249_400_000),
    ])
    func `a moment is read with any offset and fraction`(_ text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "Z", "2024", "2024-01-15", "2024-01-15T10:30:00", "2024-01-15 10:30:00Z", " 2024-01-15T10:30:00Z",
        "2024-01-15T10:30:00Z ", "2024-01-15T10:30:00Z\n", "2024-01-15T10:30:00ZZ", "2024-01-15T10:30Z",
        "2024-01-15T24:00:00Z", "2024-01-15T23:60:00Z", "2024-01-15T23:59:60Z", "2024-01-15T23:59:61Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z",
        "2024-04-31T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z",
        "2024-01-32T00:00:00Z", "2024-1-15T10:30:00Z", "2024-01-15T1:30:00Z", "20240115T103000Z",
        "2024-W03-1T10:30:00Z",
        "2024-01-15T10:30:00.Z", "2024-01-15T10:30:00,5Z", "2024-01-15T10:30:00.1234567890Z",
        "2024-01-15T10:30:00+0200",
        "2024-01-15T10:30:00+02", "2024-01-15T10:30:00+24:00", "2024-01-15T10:30:00+02:60", "2024-01-15T10:30:00+2:00",
        "2024-01-15T10:30:00 Z", "2024-01-15T10:30:00GMT", "+2024-01-15T10:30:00Z", "-2024-01-15T10:30:00Z",
        "12024-01-15T10:30:00Z", "２024-01-15T10:30:00Z", "2024-01-15T10:30:00.-1Z", "2024-01-15T-1:30:00Z",
        "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "0000-00-00T00:00:00Z", "null", "1705314600",
    ])
    func `anything that is not exactly a moment is refused`(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `a very long fraction is refused, not read for ever`() {
        #expect(Timestamp("2024-01-15T10:30:00." + String(repeating: "1", count: 100_000) + "Z") == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (1_001, "1970-01-01T00:00:01.001Z"),
        (1_709_208_000_007, "2024-02-29T12:00:00.007Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (1_735_689_599_999, "2024-12-31T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func `a moment is written in UTC with three digits`(_ milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func `every moment survives being written and read`() throws {
        var random = SeededGenerator(seed: 3)
        var moments = (0..<20_000).map { _ in Int64.random(in: 0..<253_402_300_800_000, using: &random) }
        for year in Int64(1970)...2110 { moments += [(year - 1970) * 31_556_952_000, (year - 1970) * 31_536_000_000] }
        for milliseconds in moments {
            let moment = Timestamp(milliseconds: milliseconds)
            try #require(Timestamp(moment.description) == moment)
        }
    }

    @Test func `written moments agree with Foundation's calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: Int64(0), to: 2_932_897, by: 61) {
            let date = Date(timeIntervalSince1970: TimeInterval(day * 86_400))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let expected = [parts.year, parts.month, parts.day].compactMap(\.self)
            let written = Timestamp(milliseconds: day * 86_400_000).description.prefix(10).split(separator: "-")
            #expect(written.compactMap { Int($0) } == expected)
        }
    }

    @Test func `written moments sort as the moments do`() {
        var random = SeededGenerator(seed: 4)
        let moments = (0..<500).map { _ in
            Timestamp(milliseconds: Int64.random(in: 0..<253_402_300_800_000, using: &random))
        }
        #expect(moments.sorted().map(\.description) == moments.map(\.description).sorted())
    }

    @Test(arguments: [Int64.min, Int64.max, -62_135_596_800_001])
    func `a moment no calendar knows can still be written`(_ milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).description.hasSuffix("Z"))
    }

    @Test func `a date is rounded to the millisecond`() {
        #expect(Timestamp(Date(timeIntervalSince1970: 1.0006)).milliseconds == 1_001)
        #expect(Timestamp(milliseconds: 5).advanced(byMilliseconds: -7).milliseconds == -2)
    }

    @Test func `random bytes never crash the reader`() {
        var random = SeededGenerator(seed: 5)
        let alphabet = Array("0123456789-:.TZ+tz \u{301}é")
        for _ in 0..<5_000 {
            var text = Array("2024-01-15T10:30:00.123+02:00")
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                text[Int.random(in: 0..<text.count, using: &random)] = alphabet.randomElement(using: &random) ?? "0"
            }
            guard let moment = Timestamp(String(text)) else { continue }
            #expect(Timestamp(moment.description) == moment)
        }
    }
}
