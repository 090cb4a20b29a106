import DequeModule
import Domain
import Logging
import Realtime
import Storage

/// How the desk writes: one batch after the other, each decided on everything the log held before it.
extension Desk {
    /// Writes until `wakes` is finished, then what is still queued.
    func write() async {
        for await _ in wakes.stream { await drain() }
        close()
        await drain()
    }

    private func drain() async {
        if queue.isEmpty, isBehindLog { _ = try? await catchUp() }
        while !queue.isEmpty {
            // Whoever is about to ask gets to: the larger the batch, the fewer syncs.
            await Task.yield()
            let batch = Array(queue.prefix(limits.batchRequestsMax))
            queue.removeFirst(batch.count)
            await commit(batch)
        }
    }

    private func commit(_ batch: [QueuedRequest]) async {
        do throws(StoreError) {
            if isBehindLog { try await catchUp() }
        } catch {
            for queued in batch { queued.answer(.failure(.store(error))) }
            return
        }
        let plans = decide(batch)
        let appends = plans.compactMap(\.append)
        do throws(StoreError) {
            await settle(plans, appends.isEmpty ? [] : try await store.append(appends))
        } catch {
            await settle(plans, afterFailure: error)
        }
    }

    // MARK: Deciding

    private struct Plan {
        let queued: QueuedRequest
        let verdict: Result<Append, Refusal>

        /// What is to be stored; `nil` when nothing follows from the request.
        var append: Append? {
            guard let append = try? verdict.get(), !append.events.isEmpty || append.receipt != nil else { return nil }
            return append
        }
    }

    private func decide(_ batch: [QueuedRequest]) -> [Plan] {
        let reading = time.read(clock)
        var desk = StagedDesk(
            base: projection,
            deadlines: deadlines,
            time: reading,
            prices: prices,
            driftLimits: limits.drift
        )
        let now = reading.stamp
        let policy = policies.inForce
        return batch.map { queued in
            for signal in queued.recalled { desk.recall(signal) }
            let verdict = Result { () throws(Refusal) in
                try append(for: queued.request, in: &desk, under: policy, at: now)
            }
            if case .success = verdict { desk.keep() } else { desk.drop() }
            return Plan(queued: queued, verdict: verdict)
        }
    }

    private func append(
        for request: DeskRequest,
        in desk: inout StagedDesk,
        under policy: Policy?,
        at now: Timestamp
    ) throws(Refusal) -> Append {
        var events: [Event] = []
        var expectedVersions: [SignalID: Int] = [:]
        for command in request.commands {
            let following = try Decider.decide(command, in: desk, under: policy, at: now)
            for case let signal? in following.map(\.signal) where expectedVersions[signal.id] == nil {
                expectedVersions[signal.id] = signal.version - 1
            }
            desk.stage(following)
            events += following
        }
        return Append(events: events, recordedAt: now, expectedVersions: expectedVersions, receipt: request.receipt)
    }

    // MARK: Settling

    /// Shows everyone what was stored, then answers: whoever has an answer has it after the tabs.
    private func settle(_ plans: [Plan], _ outcomes: [AppendOutcome]) async {
        await follow(outcomes)
        var conflicting: [QueuedRequest] = []
        var remaining = outcomes.makeIterator()
        for plan in plans {
            switch (plan.verdict, plan.append) {
            case (.failure(let refusal), _): plan.queued.answer(.failure(.refused(refusal)))
            case (.success, nil): plan.queued.answer(.success(DeskOutcome(events: [], isRepeated: false)))
            case (.success, .some):
                guard let outcome = remaining.next() else { preconditionFailure("the store answers every append") }
                if let again = await answer(plan.queued, outcome) { conflicting.append(again) }
            }
        }
        for queued in conflicting.reversed() { queue.prepend(queued) }
    }

    private func follow(_ outcomes: [AppendOutcome]) async {
        let stored = outcomes.flatMap(\.newEvents)
        if let first = stored.first, first.offset == projection.offset.next { advance(by: stored) }
        // Behind when somebody else wrote between our events, made us conflict, or stored what a key stands for.
        if outcomes.contains(where: { $0.isAhead(of: projection.offset) }) { isBehindLog = true }
        if isBehindLog { _ = try? await catchUp() }
    }

    /// Answers the request, or returns it when it has to be decided again.
    private func answer(_ queued: QueuedRequest, _ outcome: AppendOutcome) async -> QueuedRequest? {
        switch outcome {
        case .appended(let events):
            queued.answer(.success(DeskOutcome(events: events, isRepeated: false)))
        case .keyUsed(let receipt):
            queued.answer(
                Result { () throws(DeskError) in
                    guard let mine = queued.request.receipt else { throw .keyReused }
                    return try receipt.outcome(for: mine)
                }
            )
        case .conflict(let id, let storedVersion):
            logger.info("version conflict", metadata: ["signal_id": "\(id)", "stored_version": "\(storedVersion)"])
            do throws(StoreError) { return try await reconsidered(queued, id) } catch {
                queued.answer(.failure(.store(error)))
            }
        }
        return nil
    }

    /// The request, to be decided again on what the log says of the signal now (design: optimistic concurrency).
    private func reconsidered(_ queued: QueuedRequest, _ id: SignalID) async throws(StoreError) -> QueuedRequest {
        guard queued.conflicts < limits.conflictsMax else {
            throw StoreError(.unavailable, "the store keeps changing under the desk")
        }
        var queued = queued
        queued.conflicts += 1
        queued.recalled.removeAll { $0.id == id }
        if projection.signal(id) == nil, let signal = try await store.events(of: id).last?.event.signal {
            queued.recalled.append(signal)
        }
        return queued
    }

    /// A store that failed has usually stored nothing, but only the log knows: a request whose events it holds was
    /// carried out, all others failed. Refusals are kept only when all was stored, as they may rest on what was not.
    private func settle(_ plans: [Plan], afterFailure error: StoreError) async {
        logger.error("store failed", metadata: ["error": "\(error)", "requests": "\(plans.count)"])
        isBehindLog = true
        var search = LogSearch((try? await catchUp()) ?? [])
        let found = plans.map { plan in plan.append.flatMap { search.events(of: $0) } }
        let isAllStored = zip(plans, found).allSatisfy { $0.append == nil || $1 != nil }
        for (plan, events) in zip(plans, found) {
            if let events {
                plan.queued.answer(.success(DeskOutcome(events: events, isRepeated: false)))
            } else if case .failure(let refusal) = plan.verdict, isAllStored {
                plan.queued.answer(.failure(.refused(refusal)))
            } else {
                plan.queued.answer(.failure(.store(error)))
            }
        }
    }

    // MARK: Following the log

    /// Applies and publishes events that follow the projection's last one without a hole.
    private func advance(by events: [RecordedEvent]) {
        for event in events {
            projection.apply(event)
            if case .signalPostponed(let signal) = event.event { deadlines.postpone(signal) }
            if let signal = event.event.signal { watch(signal) }
            if let stop = event.event.deskStop { follow(stop) }
        }
        backplane.publish(.events(events))
    }

    /// Time limits and undo windows stand still with the desk.
    private func follow(_ stop: DeskStop) {
        if stop.isInForce { time.stop() } else { time.resume() }
        guard let last = stop.signOffs.last else {
            return logger.warning("desk stopped", metadata: ["by": "\(stop.stoppedBy)"])
        }
        logger.warning(stop.isInForce ? "resuming signed off" : "desk resumed", metadata: ["by": "\(last.by)"])
    }

    /// Applies and publishes what the log holds beyond the projection, and returns it.
    @discardableResult
    private func catchUp() async throws(StoreError) -> [RecordedEvent] {
        var read: [RecordedEvent] = []
        do throws(StoreError) {
            _ = time.read(clock)
            try await readLog { page in
                advance(by: page)
                read += page
            }
        } catch {
            logger.error("log cannot be read", metadata: ["error": "\(error)", "offset": "\(projection.offset)"])
            throw error
        }
        isBehindLog = false
        return read
    }
}

extension AppendOutcome {
    fileprivate var newEvents: [RecordedEvent] {
        if case .appended(let events) = self { events } else { [] }
    }

    /// True when the log is known to hold something behind `offset`.
    fileprivate func isAhead(of offset: Offset) -> Bool {
        switch self {
        case .appended(let events): events.contains { $0.offset > offset }
        case .keyUsed(let receipt): receipt.events.contains { $0.offset > offset }
        case .conflict: true
        }
    }
}
