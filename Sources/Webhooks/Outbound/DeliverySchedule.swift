import Domain
import Wire

/// When an endpoint that did not take an event is asked again, and when no more. Pure.
struct DeliverySchedule: Hashable, Sendable {
    static let pausesMax = 32

    /// After the first, second … attempt; one attempt more than pauses. By default eight within about eight and a half minutes.
    var pausesSeconds = [1, 2, 5, 15, 60, 120, 300]
    var timeoutSeconds = 10
    /// A release that is older is not sent by itself any more: an order must not go out long after people approved it, because
    /// a network was down. It becomes a dead letter, and a person decides.
    var releaseWithinSeconds = 900

    /// - Parameter jitter: from 0 to 1; spreads endpoints that failed together over 80 to 120 per cent of the pause.
    /// - Returns: `nil` when that was the last attempt.
    func pauseMs(afterAttempt attempt: Int, jitter: Double) -> Int? {
        guard attempt >= 1, attempt <= pausesSeconds.count else { return nil }
        return Int(Double(pausesSeconds[attempt - 1]) * 1000 * (0.8 + 0.4 * jitter))
    }

    /// A clock that was set back makes nothing late, one that was set forward makes releases wait for a person.
    func isTooLate(_ type: MessageType, recordedAt: Timestamp, at now: Timestamp) -> Bool {
        guard type == .signalApproved else { return false }
        return now.milliseconds - recordedAt.milliseconds > Int64(releaseWithinSeconds) * 1000
    }
}
