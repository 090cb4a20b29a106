import Domain
import Engine
import Hummingbird
import Storage
import Wire

/// Who did what and when, as the log has it, with its hash chain (APR-18, APR-19).
struct AuditRoutes {
    /// More are not counted for one answer: reading one takes some 40 µs.
    static let countedMax = 20_000
    private static let countedPerPage = 2_000
    private static let settling: Set<String> = ["signal_approved", "signal_rejected", "signal_expired"]

    private static let measuring: Set<String> = ["signal_measured"]

    let store: any EventStore
    let clock: any DeskClock
    let paper: PaperTrader

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/audit") { request, _ in
            try await answer(to: AuditQuery(request, epoch: store.epoch).query)
        }
        router.get("/api/v1/audit/statistics") { request, _ in try await statistics(request) }
        router.get("/api/v1/signals/{id}/history") { request, context in try await history(request, context) }
    }

    private func history(_ request: Request, _ context: DeskContext) async throws -> Response {
        let text = try context.pathText("id")
        guard let id = SignalID(text), try await !store.events(of: id).isEmpty else {
            throw Problem(.signalNotFound, "There is no signal with the id \(Line.quoted(text)).")
        }
        return try await answer(to: AuditQuery(historyOf: id, request, epoch: store.epoch).query)
    }

    private func answer(to query: LogQuery) async throws -> Response {
        // The page first: so the head never lies behind the newest entry told.
        let page = try await store.entries(query)
        let head = try await store.head()
        return .json(
            AuditPage(
                epoch: store.epoch,
                entries: page.entries.map { entry in
                    AuditEntry(
                        recorded: entry.recorded,
                        type: entry.type,
                        hash: entry.hash.description,
                        previousHash: entry.previousHash.description
                    )
                },
                end: page.end,
                head: ChainHead(head)
            )
        )
    }

    private func statistics(_ request: Request) async throws -> Response {
        let asked = try StatisticsQuery(request, now: clock.now())
        let decisions = try await counted(Self.settling, asked)
        let results = try await counted(Self.measuring, asked)
        return .json(
            AuditStatistics(
                from: asked.from,
                to: asked.to,
                utcOffsetMinutes: asked.utcOffsetMinutes,
                statistics: DecisionStatistics(decisions.events, utcOffsetMinutes: asked.utcOffsetMinutes),
                isWhole: decisions.isWhole,
                ledger: LedgerStatistics(
                    DecisionLedger(results.events),
                    isWhole: results.isWhole,
                    followMs: paper.limits.followMs,
                    following: paper.standing.following,
                    passedOver: paper.standing.passedOver
                )
            )
        )
    }

    /// The newest entries of these types, within the time that was asked for.
    private func counted(
        _ types: Set<String>,
        _ asked: StatisticsQuery
    ) async throws -> (events: [RecordedEvent], isWhole: Bool) {
        var query = LogQuery(entriesMax: Self.countedPerPage)
        (query.from, query.to, query.types) = (asked.from, asked.to, types)
        var events: [RecordedEvent] = []
        repeat {
            let page = try await store.entries(query)
            events += page.entries.map(\.recorded)
            query.beyond = page.end
        } while query.beyond != nil && events.count < Self.countedMax
        return (events, query.beyond == nil)
    }
}

extension ChainHead {
    init(_ head: LogHead) {
        self.init(
            offset: head.offset,
            hash: head.hash.description,
            keptOffset: head.keptOffset,
            keptHash: head.keptHash.description
        )
    }
}
