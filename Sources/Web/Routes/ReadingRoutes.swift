import Domain
import Engine
import HTTPTypes
import Hummingbird
import Realtime
import Storage
import Wire

/// What the desk shows: the snapshot a tab starts from, and what was missed since a place in the log (EP-05, EP-06).
struct ReadingRoutes {
    let desk: Desk
    let store: any EventStore
    let hub: LiveHub
    let settings: Settings

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/snapshot") { request, context in try await snapshot(request, context) }
        router.get("/api/v1/signals") { request, _ in try await signals(request) }
        router.get("/api/v1/signals/{id}") { _, context in try await signal(context) }
        router.get("/api/v1/patterns/{id}") { _, context in try await pattern(context) }
        router.get("/api/v1/events") { request, context in try await events(request, context) }
    }

    private func snapshot(_ request: Request, _ context: DeskContext) async throws -> Response {
        let me = try context.me(request, under: desk.policies)
        let desk = try await desk.snapshot()
        var snapshot = Snapshot(
            epoch: desk.epoch,
            offset: desk.offset,
            oldestOffset: desk.oldest,
            serverTime: await self.desk.now(),
            user: me,
            settings: settings
        )
        snapshot.signals = desk.signals
        snapshot.portfolio = desk.portfolio
        snapshot.campaigns = desk.campaigns
        snapshot.patterns = desk.patterns
        snapshot.sessions = desk.sessions
        snapshot.prices = hub.prices.all
        snapshot.desk = DeskStanding(
            stop: desk.stop,
            acknowledgements: desk.stop?.isInForce == true ? hub.rollCall.answers : nil
        )
        snapshot.notifications = desk.notices
        return .json(snapshot)
    }

    private func signal(_ context: DeskContext) async throws -> Response {
        let text = try context.pathText("id")
        guard let id = SignalID(text), let signal = try await desk.signal(id) else {
            throw Problem(.signalNotFound, "There is no signal with the id \(Line.quoted(text)).")
        }
        return .json(signal)
    }

    private func pattern(_ context: DeskContext) async throws -> Response {
        let id = try context.pathText("id")
        guard let pattern = await desk.pattern(id) else {
            throw Problem(.patternNotFound, "There is no pattern with the id \(Line.quoted(id)).")
        }
        return .json(pattern)
    }

    private func signals(_ request: Request) async throws -> Response {
        let query = try SignalsQuery(request, epoch: store.epoch)
        // One more than asked for tells whether there are more.
        let limit = query.limit + 1
        let changes =
            switch query.since {
            case .anything: await desk.changes(after: .start, limit: limit, where: query.matches)
            case .position(let offset): await desk.changes(after: offset, limit: limit, where: query.matches)
            case .moment(let moment): await desk.changes(since: moment, limit: limit, where: query.matches)
            }
        if case .position(let offset) = query.since, offset > changes.offset {
            throw Problem.cannotResume(.epochChanged)
        }
        if !changes.isWhole, query.isPromise { throw Problem.cannotResume(.trimmed) }
        let page = changes.signals.prefix(query.limit)
        let hasMore = page.count < changes.signals.count
        // A page that is not the last ends with its last change; the last one ends where the desk is.
        let end = hasMore ? page.last?.changedAt ?? changes.offset : changes.offset
        return .json(SignalsPage(epoch: store.epoch, offset: end, signals: page.map(\.signal), hasMore: hasMore))
    }

    private func events(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.me(request).name
        let query = try EventsQuery(request, epoch: store.epoch)
        let extent = try await store.extent()
        let failure = query.after.failure(
            epoch: store.epoch,
            oldest: extent.oldest,
            newest: extent.newest,
            replayEventsMax: .max
        )
        if let failure { throw Problem.cannotResume(failure) }
        let events = try await store.events(after: query.after.offset, limit: query.limit)
        let offset = events.last?.offset ?? query.after.offset
        var page = EventsPage(
            epoch: store.epoch,
            messages: events.map { Broadcast($0).told(to: user).message },
            offset: offset,
            oldest: extent.oldest,
            hasMore: offset < extent.newest
        )
        page.dialect = query.dialect
        return .json(page)
    }
}
