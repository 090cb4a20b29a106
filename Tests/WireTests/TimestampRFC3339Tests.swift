import Domain
import Testing

@testable import Wire

struct TimestampRFC3339Tests {
    @Test(arguments: [
        ("2026-01-23T10:30:00.120Z", "2026-01-23T10:30:00.120Z"), ("2026-01-23t10:30:00z", "2026-01-23T10:30:00.000Z"),
        ("2026-01-23T10:30:00.1Z", "2026-01-23T10:30:00.100Z"),
        ("2026-01-23T10:30:00.123987+00:00", "2026-01-23T10:30:00.123Z"),
        ("2026-01-23T00:30:00+05:30", "2026-01-22T19:00:00.000Z"),
        ("2024-02-29T23:59:59-01:00", "2024-03-01T00:59:59.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"), ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ])
    func `any offset is accepted and UTC is written`(text: String, expected: String) {
        #expect(Timestamp(text)?.description == expected)
    }

    @Test(arguments: [
        "", "2026-01-23", "2026-01-23T10:30:00", "2026-01-23 10:30:00Z", "2026-02-30T10:30:00Z", "2025-02-29T10:30:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-23T24:00:00Z",
        "2026-01-23T10:60:00Z", "2026-01-23T10:30:61Z", "2026-01-23T10:30:00.Z", "2026-01-23T10:30:00Zjunk",
        " 2026-01-23T10:30:00Z", "2026-1-3T10:30:00Z", "2026-01-23T10:30:00+0530", "2026-01-23T10:30:00+24:00",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "-2026-01-23T10:30:00Z", "２０26-01-23T10:30:00Z",
    ])
    func `what is no moment is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `every moment reads back as itself`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let moment = Timestamp(milliseconds: Int64.random(in: 0..<253_402_300_800_000, using: &generator))
            #expect(Timestamp(moment.description) == moment)
        }
    }
}
