import CLinux

/// Traders who decide over REST as fast as they are answered: each caller has a connection of its own and one decision under
/// way, every decision is on another signal. One thread, raw sockets, one epoll set.
package final class DecisionLoad {
    private static let signalsPerPost = 100
    private static let silenceSecondsMax = 30.0

    private let port: UInt16
    private let callers: Int
    private var signals: SignalMaker
    /// That wait for a decision.
    private var waiting: [String] = []

    package init(port: UInt16, callers: Int, signals: SignalMaker) {
        self.port = port
        self.callers = callers
        self.signals = signals
    }

    /// Gives the desk so many signals to decide on.
    package func prepare(_ count: Int) throws {
        var left = count
        let report = try run(path: "/api/v1/events", seconds: .infinity) { number, poster in
            guard left > 0 else { return false }
            let batch = min(left, Self.signalsPerPost)
            left -= batch
            try poster.post(number) { write(batch, to: $0) }
            return true
        }
        guard report.accounts.isClean else { throw Load.Failure(description: "no signals: \(report.accounts.summary)") }
    }

    /// Decides for so long, or until every signal is decided.
    package func run(seconds: Double) throws -> PhaseReport {
        let ids = waiting
        waiting = []
        return try run(path: "/", seconds: seconds) { number, poster in
            guard Int(number) < ids.count else { return false }
            let decision = MadeDecision(number: Int(number), signal: ids[Int(number)])
            try poster.post(number, to: decision.path) { $0.append(decision.body) }
            return true
        }
    }

    private func write(_ count: Int, to json: Bytes) {
        json.append("[")
        for place in 0..<count {
            json.append(place == 0 ? "{\"type\":\"signal:new\",\"data\":" : ",{\"type\":\"signal:new\",\"data\":")
            waiting.append(signals.writeProposal(to: json, at: SignalText.nowMs))
            json.append("}")
        }
        json.append("]")
    }

    /// - Parameter next: posts the request of this number; false when there is no more to ask.
    private func run(
        path: String,
        seconds: Double,
        next: (UInt32, Poster) throws -> Bool
    ) throws -> PhaseReport {
        let poller = try Poller()
        var posters: [Poster] = []
        let interest = Poller.readable | Poller.writable | Poller.ended | Poller.onChange
        for place in 0..<callers {
            posters.append(try Poster(port: port, path: path))
            try poller.add(posters[place].descriptor, interest, key: UInt64(place))
        }
        var phase = PhaseLog(firstNumber: 0)
        var isOver = false
        var heardNs = Moment.nowNs
        while true {
            for poster in posters where !isOver && !poster.isBusy {
                guard Moment.secondsSince(phase.startNs) < seconds, try next(UInt32(phase.posted), poster) else {
                    isOver = true
                    break
                }
                phase.post(dueNs: Moment.nowNs)
            }
            if isOver, !posters.contains(where: \.isBusy) { return phase.report(tabs: 0) }
            guard Moment.secondsSince(heardNs) < Self.silenceSecondsMax else {
                throw Load.Failure(description: "\(phase.posted - phase.answered) requests were not answered")
            }
            for event in try poller.wait(100_000_000) {
                heardNs = Moment.nowNs
                try take(event.events, of: posters[Int(event.data.u64)], into: &phase)
            }
        }
    }

    private func take(_ events: UInt32, of poster: Poster, into phase: inout PhaseLog) throws {
        if events & Poller.writable != 0 { try poster.flush() }
        guard events & (Poller.readable | Poller.ended) != 0 else { return }
        switch try poster.receive() {
        case .nothing: break
        case .closed: throw Load.Failure(description: "the server closed a connection that is still needed")
        case .answer(let answer):
            phase.answer(answer.number, isAccepted: answer.isAccepted, tookNs: answer.tookNs)
            if !answer.isAccepted { phase.note(answer.text) }
        }
    }
}

/// One decision as a trader makes it. Every third is a rejection, and nobody decides more often than is allowed in a minute.
struct MadeDecision {
    static let decisionsPerTrader = 20

    let path: String
    let body: String

    init(number: Int, signal: String) {
        let isRejection = number % 3 == 2
        let trader = "trader-\(number / Self.decisionsPerTrader)"
        path = "/api/v1/signals/\(signal)/\(isRejection ? "reject" : "approve")?as=\(trader)"
        body =
            isRejection
            ? "{\"reason\":\"Against the trend\"}" : "{\"status\":\"BUY\",\"note\":\"Test held on low volume.\"}"
    }
}
