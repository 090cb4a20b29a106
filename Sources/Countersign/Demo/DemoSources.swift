import Domain
import Engine
import Foundation
import Logging
import ServiceLifecycle
import Web
import Wire

/// Made-up sources for `--demo`: they use the same door as real ones, and know nothing that those do not.
struct DemoSources: Service {
    /// Signals that may wait on the desk before the detector pauses.
    private static let pendingMax = 12
    private static let signalEverySeconds = 9
    private static let bookEverySeconds = 5
    private static let sessionEverySeconds = 15
    private static let amendmentEverySeconds = 45

    let ingest: Ingest
    let desk: Desk
    let clock: any DeskClock
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await trade() }
    }

    private func trade() async {
        var random = SystemRandomNumberGenerator()
        var market = DemoMarket()
        var book = DemoBook()
        var second = 0
        while !Task.isCancelled {
            var messages: [SourceMessage] = []
            let now = clock.now()
            market.tick(using: &random)
            messages += market.prices(at: now).map { .price($0) }
            if second % Self.signalEverySeconds == 0 || second < 3 { messages += await signal(market, now, &random) }
            if second % Self.bookEverySeconds == 0 {
                book.move(isTrading: await isTrading, using: &random)
                messages += book.observations(at: now).map { .command(.observe($0)) }
            }
            if second % Self.sessionEverySeconds == 0 {
                messages.append(.command(.observe(book.session(secondsElapsed: second))))
            }
            await send(messages)
            if second % Self.amendmentEverySeconds == Self.amendmentEverySeconds - 1 { await amend(&random) }
            second += 1
            do { try await clock.sleep(milliseconds: 1_000) } catch { return }
        }
    }

    /// As an algorithm should: it trades while the desk says that its session is active.
    private var isTrading: Bool {
        get async {
            let session = await desk.sessions.first { $0.status.sessionID == DemoBook.sessionID }
            return session.map { $0.status.state == .active } ?? true
        }
    }

    private func signal(
        _ market: DemoMarket,
        _ now: Timestamp,
        _ random: inout SystemRandomNumberGenerator
    ) async -> [SourceMessage] {
        guard await desk.pendingCount < Self.pendingMax else { return [] }
        let detector = DemoDetector()
        guard let proposal = detector.signal(on: market, at: now, using: &random) else { return [] }
        let id = SignalID()
        var messages: [SourceMessage] = []
        if let pattern = detector.pattern(of: proposal, id: "demo-\(id)") {
            messages.append(.command(.observe(.pattern(pattern))))
        }
        messages.append(.command(.receive(id, proposal)))
        return messages
    }

    /// The detector thinks again about one of its signals: a tighter stop.
    private func amend(_ random: inout SystemRandomNumberGenerator) async {
        let waiting = await desk.previews().previews.map(\.signal)
        guard let signal = waiting.randomElement(using: &random), let entry = signal.proposal.entryPrice,
            let stop = signal.proposal.stopLoss
        else { return }
        var amendment = Amendment()
        amendment.stopLoss = .set(Quantity(stop.value + (entry.value - stop.value) / 10, fractionDigits: 2))
        await send([.command(.amend(signal.id, amendment, .init(source: signal.proposal.source)))])
    }

    private func send(_ messages: [SourceMessage]) async {
        do throws(DeskError) {
            _ = try await ingest.accept(messages)
        } catch {
            logger.warning("demo message not taken", metadata: ["error": "\(error)"])
        }
    }
}
