extension Load {
    /// How signals are posted.
    package enum Pace: Sendable {
        /// So many a second, whatever the server does. A message's time counts from when it was due.
        case open(perSecond: Double, messages: Int)
        /// At most so many that not every tab has yet, for so long.
        case closed(window: Int, seconds: Double)
    }

    private static let idleWaitNs: UInt64 = 100_000_000
    /// What comes twice has nothing to wait for, so it is given this long to show.
    private static let surplusSeconds = 0.05

    /// Posts, and waits until every tab has what was accepted, or nothing comes any more.
    package func run(_ pace: Pace) throws -> PhaseReport {
        beginPhase()
        var heard = 0
        var heardNs = Moment.nowNs
        while true {
            let (isOver, waitNs) = try post(pace)
            let isQuiet = !posters.contains { $0?.isBusy == true }
            if isOver, isQuiet, phase.deliveries >= phase.accepted * options.tabs { break }
            let nowNs = Moment.nowNs
            if phase.deliveries + phase.answered != heard {
                heard = phase.deliveries + phase.answered
                heardNs = nowNs
            } else if Double(nowNs - heardNs) / 1e9 > options.silenceSecondsMax, isOver || phase.posted > phase.answered
            {
                break
            } else if openTabs == 0, options.tabs > 0 {
                break
            }
            try pump(waitNs: waitNs)
        }
        try rest(seconds: Self.surplusSeconds)
        return report()
    }

    /// What every tab got of the phase so far.
    package func report() -> PhaseReport {
        var phase = phase
        let accepted = phase.accepted
        for index in 0..<options.tabs where tabs[index].state == .open {
            if tabs[index].sample >= 0 {
                let ledger = sampled[Int(tabs[index].sample)].ledger
                phase.accounts.missing += ledger.missing(of: phase.isAccepted)
                phase.accounts.doubled += ledger.doubled
                phase.accounts.unknown += ledger.unknown
                phase.accounts.sequenceFaults += ledger.sequenceFaults
            } else {
                phase.accounts.missing += max(0, accepted - Int(tabs[index].delivered))
                phase.accounts.doubled += max(0, Int(tabs[index].delivered) - accepted)
            }
        }
        return phase.report(tabs: options.tabs)
    }

    func handle(_ events: UInt32, poster index: Int) throws {
        guard let poster = posters[index] else { return }
        if events & Poller.writable != 0 { try poster.flush() }
        guard events & (Poller.readable | Poller.ended) != 0 else { return }
        switch try poster.receive() {
        case .nothing: break
        case .closed: posters[index] = nil
        case .answer(let answer):
            phase.answer(answer.number, isAccepted: answer.isAccepted, tookNs: answer.tookNs)
            if !answer.isAccepted { phase.note(answer.text) }
        }
    }

    private func beginPhase() {
        phase = PhaseLog(firstNumber: signals.nextNumber)
        for index in 0..<options.tabs { tabs[index].delivered = 0 }
        for tab in sampled { tab.ledger.begin(at: phase.firstNumber) }
    }

    /// Posts what is due and may be posted; then, whether that was all, and how long there is nothing to do.
    private func post(_ pace: Pace) throws -> (isOver: Bool, waitNs: UInt64) {
        switch pace {
        case .open(let perSecond, let messages):
            let gapNs = 1e9 / perSecond
            func dueNs(_ message: Int) -> UInt64 { phase.startNs + UInt64(Double(message) * gapNs) }
            while phase.posted < messages, dueNs(phase.posted) <= Moment.nowNs {
                guard try postNext(dueNs: dueNs(phase.posted)) else { break }
            }
            guard phase.posted < messages else { return (true, Self.idleWaitNs) }
            let nowNs = Moment.nowNs
            let nextNs = dueNs(phase.posted)
            // Overdue: every poster is busy, and an answer will wake us.
            return (false, nextNs > nowNs ? min(nextNs - nowNs, Self.idleWaitNs) : Self.idleWaitNs)
        case .closed(let window, let seconds):
            let elapsed = Moment.secondsSince(phase.startNs)
            guard elapsed < seconds else { return (true, Self.idleWaitNs) }
            while phase.posted - phase.accounts.refusedPosts - delivered < window {
                guard try postNext(dueNs: Moment.nowNs) else { break }
            }
            return (false, min(UInt64((seconds - elapsed) * 1e9), Self.idleWaitNs))
        }
    }

    /// Messages that the tabs have, on the average; without tabs, those that were answered.
    private var delivered: Int { options.tabs == 0 ? phase.accepted : phase.deliveries / options.tabs }

    /// - Returns: false when every poster is busy.
    private func postNext(dueNs: UInt64) throws -> Bool {
        guard let poster = try idlePoster() else { return false }
        phase.post(dueNs: dueNs)
        try poster.post(signals.nextNumber) { writeSignal(to: $0) }
        return true
    }

    /// One that waits, or a new one where there is none yet; `nil` when all are busy.
    private func idlePoster() throws -> Poster? {
        if let idle = posters.first(where: { $0?.isBusy == false }) { return idle }
        guard let place = posters.firstIndex(where: { $0 == nil }) else { return nil }
        let poster = try Poster(port: options.port, path: options.server.postPath)
        let interest = Poller.readable | Poller.writable | Poller.ended | Poller.onChange
        try poller.add(poster.descriptor, interest, key: Self.posterBit | UInt64(place))
        posters[place] = poster
        return poster
    }
}
