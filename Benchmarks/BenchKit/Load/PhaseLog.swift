/// What happened since a phase began: which messages were posted and when, how many tabs have each.
struct PhaseLog {
    let firstNumber: UInt32
    let startNs = Moment.nowNs
    private let ownCPUSeconds = Moment.ownCPUSeconds
    /// By message: when it was due.
    private(set) var dueNs: [UInt64] = []
    private(set) var isAccepted: [Bool] = []
    private(set) var accepted = 0
    private(set) var answered = 0
    private(set) var deliveries = 0
    private(set) var lastDeliveryNs: UInt64
    var wireBytes = 0
    var accounts = Accounts()
    private var tabsReached: [Int32] = []
    private var latenciesNs: [UInt64] = []
    private var lastTabNs: [UInt64] = []
    private var answersNs: [UInt64] = []

    private static let faultsToldMax = 5

    init(firstNumber: UInt32) {
        self.firstNumber = firstNumber
        lastDeliveryNs = startNs
        latenciesNs.reserveCapacity(1 << 16)
    }

    var posted: Int { dueNs.count }

    mutating func post(dueNs: UInt64) {
        self.dueNs.append(dueNs)
        isAccepted.append(false)
        tabsReached.append(0)
    }

    mutating func answer(_ number: UInt32, isAccepted: Bool, tookNs: UInt64) {
        answered += 1
        answersNs.append(tookNs)
        lastDeliveryNs = Moment.nowNs
        if isAccepted {
            accepted += 1
            self.isAccepted[Int(number - firstNumber)] = true
        } else {
            accounts.refusedPosts += 1
        }
    }

    /// A tab has its `count`-th message of the phase. Messages are taken to come in the order in which they were posted.
    @inline(__always)
    mutating func deliver(count: Int, tabs: Int) {
        deliveries += 1
        guard count <= tabsReached.count else { return }
        tabsReached[count - 1] += 1
        if tabsReached[count - 1] == tabs {
            lastDeliveryNs = Moment.nowNs
            lastTabNs.append(lastDeliveryNs - dueNs[count - 1])
        }
    }

    /// A tab that reads every message has this one.
    mutating func deliver(number: UInt32?) {
        guard let number, number >= firstNumber, Int(number - firstNumber) < dueNs.count else { return }
        latenciesNs.append(Moment.nowNs - dueNs[Int(number - firstNumber)])
    }

    mutating func note(_ fault: String) {
        if accounts.faults.count < Self.faultsToldMax { accounts.faults.append(fault) }
    }

    func report(tabs: Int) -> PhaseReport {
        let seconds = max(1e-9, Double(lastDeliveryNs - startNs) / 1e9)
        return PhaseReport(
            tabs: tabs,
            messages: accepted,
            deliveries: deliveries,
            seconds: seconds,
            wireBytes: wireBytes,
            latency: Percentiles(latenciesNs),
            lastTab: Percentiles(lastTabNs),
            answer: Percentiles(answersNs),
            accounts: accounts,
            loadBusy: (Moment.ownCPUSeconds - ownCPUSeconds) / Moment.secondsSince(startNs)
        )
    }
}

/// The figures of one phase.
package struct PhaseReport: Sendable {
    package let tabs: Int
    /// Accepted by the server.
    package let messages: Int
    package let deliveries: Int
    /// Until the last tab had the last message.
    package let seconds: Double
    package let wireBytes: Int
    /// From when a message was due until a sampled tab had it.
    package let latency: Percentiles
    /// From when a message was due until the last tab had it.
    package let lastTab: Percentiles
    /// From sending a post to its answer.
    package let answer: Percentiles
    package let accounts: Accounts
    /// How busy the load's own core was: near 1 it, and not the server, was the limit.
    package let loadBusy: Double

    package var deliveriesPerSecond: Double { Double(deliveries) / seconds }
    package var messagesPerSecond: Double { Double(messages) / seconds }
    package var bytesPerDelivery: Double { deliveries == 0 ? 0 : Double(wireBytes) / Double(deliveries) }
}
