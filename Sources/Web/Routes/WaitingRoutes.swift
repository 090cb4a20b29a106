import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// Lets a strategy wait for what becomes of its signal: a long poll that decides nothing, however often it is sent.
struct WaitingRoutes {
    /// Below the minute after which proxies give up.
    static let waitSecondsMax = 55
    private static let retryAfterSeconds = 5

    let desk: Desk
    let waits: DecisionWaits

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/signals/{id}/decision") { request, context in try await decision(request, context) }
    }

    private func decision(_ request: Request, _ context: DeskContext) async throws -> Response {
        let seconds = try Self.seconds(request.query("wait"))
        let text = try context.pathText("id")
        guard let id = SignalID(text), let signal = try await desk.signal(id) else {
            throw Problem(.signalNotFound, "There is no signal with the id \(Line.quoted(text)).")
        }
        guard seconds > 0, !signal.outcome.isSettled else { return .json(DecisionAnswer(signal)) }
        return .json(DecisionAnswer(try await settled(signal, within: seconds, on: context.channel)))
    }

    private static func seconds(_ text: String?) throws -> Int {
        guard let text else { return 0 }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let seconds = Int(text),
            seconds <= waitSecondsMax
        else {
            throw Problem(
                .invalidRequest,
                "wait= must be a whole number of seconds from 0 to \(waitSecondsMax). To wait longer, ask again."
            )
        }
        return seconds
    }

    /// The signal once it is settled, or as it is when the time is up, the client has gone or the server goes away.
    private func settled(_ signal: Signal, within seconds: Int, on channel: any NIOCore.Channel) async throws -> Signal
    {
        guard let waiter = waits.enter(signal.id) else {
            throw Problem.deskFull("too many wait for a decision", retryAfterSeconds: Self.retryAfterSeconds)
        }
        defer { waits.leave(waiter) }
        // It may have been settled before we entered.
        let current = try await desk.signal(signal.id) ?? signal
        guard !current.outcome.isSettled else { return current }
        let watch = try await ConnectionWatch.begin(on: channel, seconds: seconds, end: waiter.end)
        defer { watch.end() }
        for await _ in waiter.bell {}
        return try await desk.signal(signal.id) ?? current
    }
}

/// Ends a wait when its time is up, its client has gone or the server goes away. The time is the event loop's, which knows
/// of no clock that is set.
private struct ConnectionWatch: Sendable {
    private let parts: NIOLoopBound<(ends: StreamEnds, timer: Scheduled<Void>)>
    private let channel: any NIOCore.Channel

    static func begin(
        on channel: any NIOCore.Channel,
        seconds: Int,
        end: @escaping @Sendable () -> Void
    ) async throws -> ConnectionWatch {
        let parts = try await channel.eventLoop.submit {
            let ends = StreamEnds { _ in end() }
            try channel.pipeline.syncOperations.addHandler(ends, position: .first)
            let timer = channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds)), end)
            // A shutdown that began before closed the listener first, and is not told again.
            if let listener = channel.parent, !listener.isActive { end() }
            return NIOLoopBound((ends: ends, timer: timer), eventLoop: channel.eventLoop)
        }.get()
        return ConnectionWatch(parts: parts, channel: channel)
    }

    func end() {
        channel.eventLoop.execute {
            parts.value.timer.cancel()
            channel.pipeline.syncOperations.removeHandler(parts.value.ends, promise: nil)
        }
    }
}
