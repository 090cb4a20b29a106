import Domain
import Engine
import Metrics
import Storage
import Wire

/// How the desk is at the moment somebody asks (OBS-02, OBS-08, OBS-10).
struct DeskGauges: Sendable {
    private let connections: [Transport: Meter]
    private let outboxBytes: Meter
    private let signalsPending: Meter
    private let requestsQueued: Meter
    private let stopped: Meter
    private let paperTrades: Meter
    private let paperTradesPassedOver: Meter
    private let logOffset: Meter
    private let logOldestOffset: Meter
    private let policyFault: Meter

    init(startedAt: Timestamp, version: String, _ factory: any MetricsFactory) {
        connections = Dictionary(
            uniqueKeysWithValues: Transport.allCases.map { transport in
                (transport, Meter(.connections, factory, [("transport", transport.rawValue)]))
            }
        )
        outboxBytes = Meter(.outboxBytes, factory)
        signalsPending = Meter(.signalsPending, factory)
        stopped = Meter(.deskStopped, factory)
        requestsQueued = Meter(.requestsQueued, factory)
        paperTrades = Meter(.paperTrades, factory)
        paperTradesPassedOver = Meter(.paperTradesPassedOver, factory)
        logOffset = Meter(.logOffset, factory)
        logOldestOffset = Meter(.logOldestOffset, factory)
        policyFault = Meter(.policyFault, factory)
        Meter(.processStart, factory).set(Double(startedAt.milliseconds) / 1_000)
        Meter(.build, factory, [("version", version)]).set(1)
    }

    func read(_ desk: Desk, _ hub: LiveHub, _ paper: PaperTrader) async throws {
        for (transport, meter) in connections { meter.set(hub.ledger.count(over: transport)) }
        outboxBytes.set(try await hub.countSent())
        signalsPending.set(await desk.pendingCount)
        stopped.set(await desk.lastStop?.isInForce == true ? 1 : 0)
        requestsQueued.set(await desk.queuedCount)
        policyFault.set(desk.policies.status.fault == nil ? 0 : 1)
        paperTrades.set(paper.standing.following)
        paperTradesPassedOver.set(paper.standing.passedOver)
        logOffset.set(hub.extent.newest.value)
        logOldestOffset.set(hub.extent.oldest.value)
    }
}
