import Glibc

/// Texts of values as the protocol wants them. By hand: formatters would cost more than the server under test.
enum SignalText {
    static func money(_ hundredths: Int) -> String { "\(hundredths / 100).\(twoDigits(abs(hundredths) % 100))" }

    /// Of 100, as a fraction.
    static func share(_ hundredths: Int) -> String { "0.\(twoDigits(hundredths % 100))" }

    /// RFC 3339, UTC, with milliseconds.
    static func time(_ millisecondsOfEpoch: Int) -> String {
        var seconds = time_t(millisecondsOfEpoch / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = "\(1900 + parts.tm_year)-\(twoDigits(Int(parts.tm_mon) + 1))-\(twoDigits(Int(parts.tm_mday)))"
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits(Int($0)) }.joined(separator: ":")
        let milliseconds = millisecondsOfEpoch % 1000
        return "\(date)T\(clock).\(milliseconds / 100)\(twoDigits(milliseconds % 100))Z"
    }

    /// A UUID of version 4 that begins with `head`.
    static func id(head: UInt32, _ second: UInt64, _ third: UInt64) -> String {
        let middle = hex(second & 0xFFFF, 4) + "-4" + hex(second >> 16 & 0xFFF, 3)
        let variant = hex(0x8000 | second >> 32 & 0x3FFF, 4)
        return "\(hex(UInt64(head), 8))-\(middle)-\(variant)-\(hex(third & 0xFFFF_FFFF_FFFF, 12))"
    }

    static var nowMs: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func hex(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
