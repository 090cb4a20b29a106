import Domain
import Engine
import Foundation
import Synchronization

/// The `Date` of a response (RFC 9110 §5.6.7), written once a second. A mutex around the text: short, synchronous.
final class DateField: Sendable {
    private struct Written {
        var second: Int64
        var text: String
    }

    private let clock: any DeskClock
    private let written = Mutex(Written(second: .min, text: ""))

    init(clock: any DeskClock) { self.clock = clock }

    var value: String {
        let now = clock.now().milliseconds
        let second = now / 1000
        return written.withLock { written in
            if written.second != second { written = Written(second: second, text: Self.text(second)) }
            return written.text
        }
    }

    /// - Parameter second: since 1970-01-01T00:00:00Z.
    private static func text(_ second: Int64) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: Date(timeIntervalSince1970: TimeInterval(second)))
    }
}
