import Domain
import Realtime
import Wire

/// A tab at the end of a line with a speed, a length and a queue without end, in virtual time: what it was sent arrives one
/// after the other, and what it answers comes back.
struct SlowLine {
    enum Arrival: Equatable {
        case price(Symbol, Int)
        case approval(Int64)
        case probe(UInt32)
    }

    /// What is on its way to the tab, and when the last byte of it leaves the queue.
    private struct Load {
        let arrival: Arrival
        let sentMs: Int64
        let arrivesMs: Double
    }

    private static let symbols = (0..<50).map { Samples.symbol("SYM\($0)") }
    /// Encoded once: their figures do not matter here.
    private static let prices = Dictionary(uniqueKeysWithValues: symbols.map { ($0, Samples.price($0)) })
    private static let frameBytes = 4
    private static let probeBytes = 6

    var bytesPerSecond: Double
    let distanceMs: Double
    private(set) var session: Session
    private(set) var nowMs: Int64 = 0
    private(set) var sentBytes = 0
    private(set) var probesCount = 0
    /// How long each approval was on its way.
    private(set) var approvalMs: [Int64] = []
    private(set) var numbers: [Int] = []
    /// The newest price of each symbol that was published, and that has arrived: their ordinals.
    private(set) var published: [Symbol: Int] = [:]
    private(set) var arrived: [Symbol: Int] = [:]
    private(set) var arrivedCount = 0
    private var ordinal = 0
    private var offset: Int64 = 10
    private var queue: [Load] = []
    private var queueStart = 0
    private var freeAtMs = 0.0
    private var answers: [(probe: UInt32, atMs: Double)] = []

    init(bytesPerSecond: Double, distanceMs: Double) {
        self.bytesPerSecond = bytesPerSecond
        self.distanceMs = distanceMs
        session = Session(user: nil, head: Offset(10), acknowledges: false, now: Samples.now)
        perform(session.opened(Samples.greeting, resume: nil, now: Samples.now))
        perform(session.received(.success(.subscribe([.prices], symbols: nil)), now: Samples.now))
    }

    private static func price(of symbol: Symbol) -> Broadcast { prices[symbol] ?? Samples.price(symbol) }

    private var now: Timestamp { Samples.now.advanced(byMilliseconds: nowMs) }

    /// A millisecond passes.
    mutating func step(prices: Int, isApproved: Bool = false) {
        nowMs += 1
        arrive()
        let batch = (0..<prices).map { _ in nextPrice() }
        if !batch.isEmpty { offer(BroadcastBatch(batch.map(\.broadcast)), batch.map(\.arrival)) }
        if isApproved {
            offset += 1
            offer(BroadcastBatch([Samples.decision(offset, isApproval: true)]), [.approval(nowMs)])
        }
    }

    private mutating func nextPrice() -> (broadcast: Broadcast, arrival: Arrival) {
        let symbol = Self.symbols[ordinal % Self.symbols.count]
        ordinal += 1
        published[symbol] = ordinal
        return (Self.price(of: symbol), .price(symbol, ordinal))
    }

    private mutating func offer(_ batch: BroadcastBatch, _ arrivals: [Arrival]) {
        if let (wanted, first) = session.offer(batch, outboxBytes: 0, sentBytes: sentBytes, now: now) {
            var number = first
            for (index, broadcast) in batch.broadcasts.enumerated() where wanted >> UInt64(index) & 1 == 1 {
                send(arrivals[index], bytes: broadcast.message.tail.count + Self.frameBytes, number: number)
                number += 1
            }
        }
        if batch.hasStream, session.hasPassedOver { refresh() }
        probeIfDue()
    }

    private mutating func perform(_ actions: [Session.Action]) {
        for action in actions {
            switch action {
            case .reply(let message, let number):
                numbers.append(number)
                occupy(bytes: message.tail.count)
            case .refresh: refresh()
            default: break
            }
        }
        probeIfDue()
    }

    private mutating func refresh() {
        while let subject = session.nextPassedOver(outboxBytes: 0, sentBytes: sentBytes) {
            guard case .price(let symbol) = subject, let newest = published[symbol] else { continue }
            let broadcast = Self.price(of: symbol)
            guard let number = session.refreshed(by: broadcast) else { continue }
            send(.price(symbol, newest), bytes: broadcast.message.tail.count + Self.frameBytes, number: number)
        }
    }

    private mutating func probeIfDue() {
        guard let probe = session.nextProbe(sentBytes: sentBytes, now: now) else { return }
        probesCount += 1
        queue.append(Load(arrival: .probe(probe), sentMs: nowMs, arrivesMs: occupy(bytes: Self.probeBytes)))
    }

    private mutating func send(_ arrival: Arrival, bytes: Int, number: Int) {
        numbers.append(number)
        queue.append(Load(arrival: arrival, sentMs: nowMs, arrivesMs: occupy(bytes: bytes)))
    }

    /// - Returns: when they have arrived.
    @discardableResult
    private mutating func occupy(bytes: Int) -> Double {
        sentBytes += bytes
        freeAtMs = max(freeAtMs, Double(nowMs)) + Double(bytes) * 1_000 / bytesPerSecond
        return freeAtMs + distanceMs / 2
    }

    private mutating func arrive() {
        while queueStart < queue.count, queue[queueStart].arrivesMs <= Double(nowMs) {
            let load = queue[queueStart]
            queueStart += 1
            switch load.arrival {
            case .price(let symbol, let ordinal):
                arrived[symbol] = ordinal
                arrivedCount += 1
            case .approval: approvalMs.append(nowMs - load.sentMs)
            case .probe(let number): answers.append((number, load.arrivesMs + distanceMs / 2))
            }
        }
        while let answer = answers.first, answer.atMs <= Double(nowMs) {
            answers.removeFirst()
            perform(session.answered(answer.probe, now: now))
        }
    }
}
