import Domain
import Engine
import Logging
import Realtime
import ServiceLifecycle
import Storage
import StorageContract
import Synchronization
import Testing
import Wire

@testable import Webhooks

/// Every endpoint gets what it wants of the log in its order, at least once, and nothing that is not in it.
@Suite(.timeLimit(.minutes(5))) struct EndpointCourierTests {
    @Test func `releases leave in the order of the log, signed, and approvals alone do not (C21)`() async throws {
        let world = try await World()
        let ids = try await world.release(3)
        try await world.running { try await world.carrier.until(3) }
        let posts = world.carrier.posts
        #expect(posts.map(\.id) == [3, 6, 9].map { "epoch-1:\($0):\(Sample.now.milliseconds)" })
        #expect(posts.compactMap { $0.json["signal_id"] } == ids.map { JSONValue.string($0.description) })
        for post in posts {
            #expect(post.json["type"] == "signal_approved" && post.json["sequence_number"] == nil)
            #expect(post.isVerified, "the receiver's own check")
        }
    }

    @Test func `an approval that was undone, rejected or expired never leaves`() async throws {
        let world = try await World()
        let signal = World.signal
        try await world.append([.signalReceived(signal), .signalApproved(signal.approved)])
        try await world.release(1)
        try await world.running { try await world.carrier.until(1) }
        #expect(world.carrier.posts.map(\.offset) == [5])
    }

    @Test func `an endpoint gets what it asked for and nothing else`() async throws {
        let world = try await World(events: [.approvalNotification, .signalNew])
        try await world.release(2)
        try await world.running { try await world.carrier.until(4) }
        let types = world.carrier.posts.compactMap { $0.json["type"] }
        #expect(types == ["signal:new", "approval_notification", "signal:new", "approval_notification"])
    }

    @Test func `one that does not take it is asked again under the same id, with longer pauses, and those behind wait`()
        async throws
    {
        let world = try await World()
        world.carrier.answer([.failed("it answered 500"), .failed("it answered 503"), .taken])
        try await world.release(2)
        try await world.running { try await world.carrier.until(4) }
        #expect(world.carrier.posts.map(\.offset) == [3, 3, 3, 6])
        #expect(Set(world.carrier.posts.map(\.id)).count == 2)
        #expect(world.clock.slept == [1_000, 2_000])
        let timestamps = world.carrier.posts.map(\.timestamp)
        #expect(timestamps == timestamps.sorted() && timestamps[0] != timestamps[2], "each attempt is signed anew")
    }

    @Test func `after the last attempt it is a dead letter, and the next one goes on`() async throws {
        let world = try await World()
        world.carrier.answer(Array(repeating: .failed("it answered 500"), count: 8) + [.taken])
        let ids = try await world.release(2)
        try await world.running { try await world.carrier.until(9) }
        #expect(world.clock.slept == [1_000, 2_000, 5_000, 15_000, 60_000, 120_000, 300_000])
        let letters = try await world.outbox.deadLetters(after: 0, limit: 10)
        let content = try #require(letters.first?.content)
        #expect(letters.count == 1 && content.attempts == 8 && content.failure == "it answered 500")
        #expect(content.offset == Offset(3) && content.signal == ids[0] && content.type == "signal_approved")
        #expect(try await world.outbox.webhookPositions() == ["broker": Offset(6)])
    }

    @Test func `people hear of a release that was not taken, once, and nothing that is told makes more to tell`()
        async throws
    {
        let world = try await World(events: [.signalApproved, .notification])
        world.carrier.answer([.gone, .gone])
        try await world.release(1)
        try await world.append([Samples.notice("n")])
        try await world.release(1)
        try await world.running { try await world.carrier.until(3) }
        #expect(try await world.outbox.deadLetters(after: 0, limit: 9).map(\.content.offset.value) == [3, 4])
        let alert = try #require(world.told.alerts.first)
        #expect(world.told.alerts.count == 1 && alert.severity == .critical && alert.symbol == Symbol("AAPL"))
        #expect(alert.message == "broker was not given the release of AAPL: it answered 410: it wants no more of it")
    }

    @Test func `while the desk stands still no release leaves, asked for or not, and later it may be too late`()
        async throws
    {
        let world = try await World(events: [.signalNew, .signalApproved])
        world.carrier.answer([.taken, .gone])
        try await world.release(1)
        let deliveries = try await world.deliveries()
        try await world.running(deliveries) {
            while try await world.outbox.deadLetters(after: 0, limit: 1).isEmpty { await Task.yield() }
        }
        world.hold(true)
        _ = try await deliveries.redeliver(1)
        try await world.release(1)
        let again = try await world.deliveries()
        try await world.running(again) {
            while world.clock.slept.filter({ $0 == 1_000 }).count < 5 { await Task.yield() }
            #expect(world.carrier.posts.map(\.offset) == [1, 3, 4], "what is no release goes on")
            world.clock.pass(milliseconds: 900_000)
            world.hold(false)
            try await world.carrier.until(4)
            while try await world.outbox.deadLetters(after: 0, limit: 9).count > 1 { await Task.yield() }
        }
        #expect(world.carrier.posts.map(\.offset) == [1, 3, 4, 3])
        let letters = try await world.outbox.deadLetters(after: 0, limit: 9)
        #expect(letters.map(\.content.offset) == [Offset(6)] && letters[0].content.failure.contains("older than 900 s"))
    }

    @Test func `410 ends the attempts at once`() async throws {
        let world = try await World()
        world.carrier.answer([.gone])
        try await world.release(2)
        try await world.running { try await world.carrier.until(2) }
        #expect(world.clock.slept == [])
        #expect(try await world.outbox.deadLetters(after: 0, limit: 10).map(\.content.attempts) == [1])
    }

    @Test func `a release that is too old does not go out by itself (promise 2)`() async throws {
        let world = try await World()
        try await world.release(1)
        world.clock.pass(milliseconds: 900_001)
        try await world.release(1)
        try await world.running { try await world.carrier.until(1) }
        #expect(world.carrier.posts.map(\.offset) == [6])
        let letter = try #require(try await world.outbox.deadLetters(after: 0, limit: 10).first?.content)
        #expect(letter.attempts == 0 && letter.failure.contains("older than 900 s"))
    }

    @Test func `other events are not too old`() async throws {
        let world = try await World(events: [.signalNew])
        try await world.release(1)
        world.clock.pass(milliseconds: 90_000_000)
        try await world.running { try await world.carrier.until(1) }
        #expect(world.carrier.posts.map(\.offset) == [1])
    }

    // MARK: The store

    @Test func `who starts again goes on where it was, and sends what was not recorded again under its id`()
        async throws
    {
        let world = try await World()
        world.outbox.saves(fail: true)
        try await world.release(2)
        try await world.running {
            try await world.carrier.until(1)
            while world.clock.slept.count < 3 { await Task.yield() }
        }
        #expect(world.carrier.posts.count == 1, "nothing goes out behind what is not recorded")
        world.outbox.saves(fail: false)
        try await world.running { try await world.carrier.until(3) }
        #expect(world.carrier.posts.map(\.offset) == [3, 3, 6])
        #expect(Set(world.carrier.posts.map(\.id)).count == 2)
        try await world.running { for _ in 0..<50 { await Task.yield() } }
        #expect(world.carrier.posts.count == 3)
    }

    @Test func `an endpoint that is new begins with what comes, and one that is gone is forgotten`() async throws {
        let world = try await World(recovers: false)
        try await world.release(1)
        try await world.outbox.save(position: Offset(1), of: "another", dead: nil)
        let deliveries = try await world.deliveries()
        #expect(try await world.outbox.webhookPositions() == ["broker": Offset(3)])
        #expect(deliveries.backlogs(head: Offset(5)) == ["broker": 2])
        try await world.release(1)
        try await world.running { try await world.carrier.until(1) }
        #expect(world.carrier.posts.map(\.offset) == [6])
    }

    @Test func `releases that the log no longer leads to are delivered, and what else went is passed over`()
        async throws
    {
        let world = try await World(events: [.signalApproved, .notification])
        for number in 0..<4 {
            try await world.release(1)
            try await world.append([Samples.notice("n\(number)")])
        }
        for offset in [10, 14] as [Int64] { try await world.store.save(Samples.checkpoint(at: offset)) }
        let extent = try await world.store.trim(
            through: Offset(10),
            recordedBefore: Timestamp(milliseconds: .max),
            limit: 100
        )
        try #require(extent.oldest == Offset(11))
        try await world.running { try await world.carrier.until(6) }
        #expect(world.carrier.posts.map(\.offset) == [3, 7, 11, 12, 15, 16], "notices 4 and 8 are gone")
        #expect(try await world.outbox.webhookPositions() == ["broker": Offset(16)])
    }

    @Test func `with as many dead letters as there is room for an endpoint waits until one is dismissed`() async throws
    {
        let world = try await World(events: [.signalNew])
        world.carrier.answer([.gone, .gone])
        try await world.release(3)
        var courier = try world.courier()
        courier.limits.deadLettersMax = 1
        let deliveries = try await world.deliveries()
        try await withThrowingTaskGroup(of: Void.self) { [courier] group in
            let wakes = AsyncStream<Void>.makeStream()
            group.addTask { await courier.run(from: .start, wakes: wakes.stream) }
            while world.clock.slept.filter({ $0 == 60_000 }).count < 3 { await Task.yield() }
            #expect(world.carrier.posts.map(\.offset) == [1, 4], "nothing goes out behind what has no room")
            #expect(try await world.outbox.deadLetters(after: 0, limit: 9).map(\.content.offset) == [Offset(1)])
            #expect(try await deliveries.dismiss(1)?.content.offset == Offset(1))
            #expect(try await deliveries.dismiss(1) == nil)
            try await world.carrier.until(3)
            group.cancelAll()
        }
        #expect(world.carrier.posts.map(\.offset) == [1, 4, 7])
        #expect(try await world.outbox.deadLetters(after: 0, limit: 9).map(\.content.offset) == [Offset(4)])
    }

    @Test func `a desk that has nobody to tell goes on, and so does one whose receivers are all deaf`() async throws {
        let world = try await World()
        for endpoints in [0, 1] {
            let deliveries = try await world.deliveries(endpoints: endpoints)
            let hasEnded = Mutex(false)
            let services = ServiceGroup(
                configuration: .init(
                    services: [Watched(service: deliveries) { hasEnded.withLock { $0 = true } }],
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await services.run() }
                for _ in 0..<200 { await Task.yield() }
                #expect(!hasEnded.withLock { $0 })
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
            }
            #expect(hasEnded.withLock { $0 })
        }
    }

    @Test func `whatever the log holds can be delivered, and nothing else is offered`() {
        #expect(WebhookEndpoint.deliverable == Set(Samples.everyKind.map { MessageType($0) }))
    }

    // MARK: Again

    @Test func `a dead letter that somebody asks for is sent once more, however late, and is gone when it is taken`()
        async throws
    {
        let world = try await World()
        world.carrier.answer([.gone, .failed("it answered 500"), .taken])
        try await world.release(1)
        let deliveries = try await world.deliveries()
        try await world.running(deliveries) {
            try await world.carrier.until(1)
            while try await world.outbox.deadLetters(after: 0, limit: 1).isEmpty { await Task.yield() }
            world.clock.pass(milliseconds: 90_000_000)
            for attempts in [2, 3] {
                guard case .queued(let letter) = try await deliveries.redeliver(1) else {
                    Issue.record("not queued")
                    return
                }
                #expect(letter.isQueued && letter.content.attempts == attempts - 1)
                try await world.carrier.until(attempts)
                while try await world.outbox.deadLetters(after: 0, limit: 1).first?.isQueued == true {
                    await Task.yield()
                }
            }
        }
        #expect(Set(world.carrier.posts.map(\.id)) == ["epoch-1:3:\(Sample.now.milliseconds)"])
        #expect(try await world.outbox.deadLetters(after: 0, limit: 1).isEmpty)
        if case .notFound = try await deliveries.redeliver(1) {} else { Issue.record("found") }
    }

    @Test func `a dead letter that somebody asks for is sent between the events, not behind all of them`() async throws
    {
        let world = try await World()
        let deliveries = try await world.deliveries()
        world.carrier.answer([.gone])
        world.carrier.onPost { post in
            if post.offset == 6 { _ = try? await deliveries.redeliver(1) }
        }
        try await world.release(3)
        try await world.running(deliveries) { try await world.carrier.until(4) }
        #expect(world.carrier.posts.map(\.offset) == [3, 6, 3, 9])
    }

    @Test func `the pauses are spread by a fifth`() {
        let schedule = DeliverySchedule()
        #expect([0, 0.5, 1].map { schedule.pauseMs(afterAttempt: 3, jitter: $0) } == [4_000, 5_000, 6_000])
        #expect(schedule.pauseMs(afterAttempt: 8, jitter: 0) == nil)
    }
}

/// A log, an endpoint, and a receiver that does as it is told.
private final class World: Sendable {
    let store = MemoryStore(epoch: Epoch("epoch-1"))
    let outbox = FailingOutbox()
    let carrier = ScriptedCarrier()
    let clock = SleeplessClock()
    private let backplane = LocalBackplane()
    private let endpoint: WebhookEndpoint
    let told = Told()
    private let isHeld = Mutex(false)
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(events: Set<MessageType> = [.signalApproved], recovers: Bool = true) async throws {
        endpoint = WebhookEndpoint(
            name: "broker",
            url: "http://127.0.0.1:1/",
            secret: try Secret(Sample.secretText, as: .standardWebhooks),
            events: events,
            schedule: DeliverySchedule()
        )
        if recovers { _ = try await deliveries() }
    }

    func hold(_ isHeld: Bool) { self.isHeld.withLock { $0 = isHeld } }

    static var signal: Signal {
        Signal(
            id: SignalID(),
            proposal: Proposal(symbol: Symbol("AAPL")!, side: .buy, source: "s"),
            receivedAt: Sample.now
        )
    }

    /// As after a start of the desk.
    func deliveries(endpoints: Int = 1) async throws -> WebhookDeliveries {
        let deliveries = WebhookDeliveries(
            endpoints: Array(repeating: endpoint, count: endpoints),
            store: store,
            outbox: outbox,
            carrier: carrier,
            backplane: backplane,
            clock: clock,
            jitter: { 0.5 },
            logger: logger,
            report: { _ in },
            tell: { [told] in told.add($0) },
            isHeld: { [weak self] in self?.isHeld.withLock { $0 } ?? false }
        )
        try await deliveries.recover()
        return deliveries
    }

    func courier() throws -> EndpointCourier {
        EndpointCourier(
            endpoint: endpoint,
            store: store,
            outbox: outbox,
            carrier: carrier,
            clock: clock,
            jitter: { 0.5 },
            logger: logger,
            report: { _ in },
            tell: { [told] in told.add($0) },
            isHeld: { [weak self] in self?.isHeld.withLock { $0 } ?? false }
        )
    }

    /// Runs the deliveries of one life of the desk.
    func running(_ deliveries: WebhookDeliveries? = nil, _ body: () async throws -> Void) async throws {
        let running: WebhookDeliveries
        if let deliveries { running = deliveries } else { running = try await self.deliveries() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await running.run() }
            try await body()
            try await untilRecorded()
            group.cancelAll()
        }
    }

    /// What has been sent is recorded before the end, unless the test keeps it from being.
    private func untilRecorded() async throws {
        guard !outbox.isFailing, let last = carrier.posts.last else { return }
        let offset = Offset(last.offset)
        while try await outbox.webhookPositions()["broker"] ?? .start < offset { await Task.yield() }
    }

    func append(_ events: [Event]) async throws {
        var versions: [SignalID: Int] = [:]
        for signal in events.compactMap(\.signal) where versions[signal.id] == nil {
            versions[signal.id] = signal.version - 1
        }
        let outcomes = try await store.append([
            Append(events: events, recordedAt: clock.now(), expectedVersions: versions)
        ])
        guard case .appended(let recorded) = outcomes[0] else {
            Issue.record("not stored: \(outcomes)")
            return
        }
        backplane.publish(.events(recorded))
    }

    @discardableResult
    func release(_ count: Int) async throws -> [SignalID] {
        var ids: [SignalID] = []
        for _ in 0..<count {
            let signal = Self.signal
            let released = signal.approved.released
            try await append([.signalReceived(signal), .signalApproved(signal.approved), .signalReleased(released)])
            ids.append(signal.id)
        }
        return ids
    }
}

extension Signal {
    fileprivate var approved: Signal {
        var next = self
        next.status = .approved(.buy)
        next.version += 1
        next.decision = Decision(
            id: DecisionID("d"),
            outcome: .approved(as: .buy),
            decidedBy: UserName("alice")!,
            decidedAt: Sample.now,
            note: nil
        )
        return next
    }

    fileprivate var released: Signal {
        var next = self
        next.version += 1
        next.releasedAt = Sample.now
        return next
    }
}

/// What people hear of.
private final class Told: Sendable {
    private let state = Mutex<[Alert]>([])
    var alerts: [Alert] { state.withLock { $0 } }
    func add(_ alert: Alert) { state.withLock { $0.append(alert) } }
}

/// Tells when a service ends.
private struct Watched: Service {
    let service: any Service
    let onEnd: @Sendable () -> Void

    func run() async throws {
        defer { onEnd() }
        try await service.run()
    }
}

/// Answers as it was told, then takes everything.
private final class ScriptedCarrier: WebhookCarrier {
    struct Post: Sendable {
        let body: [UInt8]
        let fields: [String: String]

        var id: String { fields["webhook-id"] ?? "" }
        var offset: Int64 { Int64(id.split(separator: ":")[1]) ?? 0 }
        var timestamp: String { fields["webhook-timestamp"] ?? "" }
        var json: JSONValue { (try? JSONParser.parse(body)) ?? .null }

        var isVerified: Bool {
            guard let secret = try? Secret(Sample.secretText, as: .standardWebhooks) else { return false }
            let signature = fields["webhook-signature"] ?? ""
            return StandardWebhook.isSigned(id: id, timestamp: timestamp, body: body, by: signature, with: secret)
        }
    }

    private let state = Mutex((posts: [Post](), answers: [DeliveryAttempt]()))
    private let actionOnPost = Mutex<(@Sendable (Post) async -> Void)?>(nil)

    var posts: [Post] { state.withLock { $0.posts } }
    /// What else happens while a post is under way.
    func onPost(_ action: @escaping @Sendable (Post) async -> Void) { actionOnPost.withLock { $0 = action } }

    func answer(_ answers: [DeliveryAttempt]) { state.withLock { $0.answers = answers } }

    func until(_ count: Int) async throws {
        while posts.count < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func post(
        _ body: [UInt8],
        to url: String,
        fields: [(name: String, value: String)],
        timeoutSeconds: Int
    ) async -> DeliveryAttempt {
        let fields = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        let post = Post(body: body, fields: fields)
        await actionOnPost.withLock { $0 }?(post)
        return state.withLock { state in
            state.posts.append(post)
            return state.answers.isEmpty ? .taken : state.answers.removeFirst()
        }
    }
}

/// Keeps in memory, and does not record while the test says so.
private final class FailingOutbox: WebhookOutbox {
    private let base = MemoryOutbox()
    private let savesFail = Mutex(false)

    var isFailing: Bool { savesFail.withLock { $0 } }

    func saves(fail: Bool) { savesFail.withLock { $0 = fail } }

    func webhookPositions() async throws(StoreError) -> [String: Offset] { try await base.webhookPositions() }

    func save(position: Offset, of endpoint: String, dead: DeadLetter.Content?) async throws(StoreError) {
        guard !savesFail.withLock({ $0 }) else { throw StoreError(.unavailable, "the disk is full") }
        try await base.save(position: position, of: endpoint, dead: dead)
    }

    func forgetWebhookPositions(except endpoints: Set<String>) async throws(StoreError) {
        try await base.forgetWebhookPositions(except: endpoints)
    }

    func deadLetters(after id: Int64, limit: Int) async throws(StoreError) -> [DeadLetter] {
        try await base.deadLetters(after: id, limit: limit)
    }

    func deadLetterCounts() async throws(StoreError) -> [String: Int] { try await base.deadLetterCounts() }

    func queuedDeadLetters(of endpoint: String, limit: Int) async throws(StoreError) -> [DeadLetter] {
        try await base.queuedDeadLetters(of: endpoint, limit: limit)
    }

    func queueDeadLetter(_ id: Int64) async throws(StoreError) -> DeadLetter? { try await base.queueDeadLetter(id) }

    func settleDeadLetter(_ id: Int64, as content: DeadLetter.Content?) async throws(StoreError) {
        try await base.settleDeadLetter(id, as: content)
    }
}
