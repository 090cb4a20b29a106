package import Domain
package import Wire

/// A critical message that waits for a user.
package struct QueuedMessage: Hashable, Sendable {
    package let offset: Offset
    /// When what it tells of happened.
    package let happenedAt: Timestamp

    package init(offset: Offset, happenedAt: Timestamp) {
        self.offset = offset
        self.happenedAt = happenedAt
    }
}

/// Who has acknowledged which critical message, over all of a user's tabs (DLV-01, DLV-03).
///
/// A value without input or output. It knows the users who acknowledge, for as long as they may come back, and the newest
/// critical messages; what it no longer knows is in the log.
package struct ReadReceipts: Sendable {
    package struct Limits: Hashable, Sendable {
        package var messagesMax = 1_000
        package var readersMax = 1_000
        /// More than this wait for a user, and a snapshot takes their place (DLV-01).
        package var queuedMax = 100
        /// Who has been away for longer is not waited for.
        package var absentMsMax: Int64 = 24 * 3_600_000
        /// Who stays connected is saved again so often: no older is the time since when they count as away if the process dies.
        package var seenIntervalMs: Int64 = 60_000
        /// So many events further on than what is saved of a reader, they are saved again, although they have acknowledged
        /// nothing: a start recalls only the end of the log. Well below what it recalls.
        package var savedBehindEventsMax: Int64 = 256
        /// When people come or go, the receipts of so many signals are told anew: those decided last of which they have not
        /// seen the decision.
        package var movedSignalsMax = 32
        package init() {}
    }

    /// What is known of a user who acknowledges.
    struct Known: Sendable {
        var reader: Reader
        var tabs = 0
        /// What is saved of them.
        var saved: Reader?

        var isConnected: Bool { tabs > 0 }
        /// `nil` while a tab of theirs is connected.
        var offlineSince: Timestamp? { isConnected ? nil : reader.lastSeenAt }
    }

    package struct Seen: Hashable, Sendable {
        package let at: Timestamp
        /// `nil` when it was acknowledged without having been sent to that tab: the user has read it elsewhere.
        package let attempt: Int?
        package let latencyMs: Int64
    }

    struct Message: Sendable {
        let offset: Offset
        let happenedAt: Timestamp
        let signal: SignalID?
        let audience: Audience
        var seen: [UserName: Seen] = [:]
    }

    let limits: Limits
    private(set) var known: [UserName: Known] = [:]
    /// Who is no longer known and may still be saved.
    private(set) var forgotten: Set<UserName> = []
    /// In the order of their offsets.
    private var messages: [Message] = []
    /// Critical messages up to here may be missing in ``messages``.
    private(set) var horizon: Offset
    /// The last offset that was published; behind ``horizon`` no critical message is missing up to here.
    private(set) var head: Offset
    /// Who came or went since ``takeMoved()``, and how they were before.
    var moved: [UserName: Whereabouts] = [:]

    /// - Parameters:
    ///   - head: the last offset there is.
    ///   - horizon: critical messages up to here are not known; those from here to `head` are published next. `head` when there
    ///     are none.
    ///   - readers: as they were saved. Of too many those that were seen last.
    package init(head: Offset, horizon: Offset? = nil, readers: [Reader] = [], limits: Limits = Limits()) {
        self.limits = limits
        self.head = head
        self.horizon = horizon ?? head
        for saved in readers.sorted(by: { $0.lastSeenAt > $1.lastSeenAt }) {
            guard known.count < limits.readersMax else {
                forgotten.insert(saved.user)
                continue
            }
            var reader = saved
            reader.acknowledged = min(saved.acknowledged, head)
            known[saved.user] = Known(reader: reader, saved: reader == saved ? saved : nil)
        }
    }

    // MARK: What happens

    /// Logged broadcasts come in the order of their offsets, and none is left out.
    package mutating func published(_ broadcast: Broadcast) {
        if let offset = broadcast.offset { head = max(head, offset) }
        guard broadcast.deliveryClass == .critical, let offset = broadcast.offset, let at = broadcast.happenedAt,
            offset > (messages.last?.offset ?? horizon)
        else { return }
        messages.append(Message(offset: offset, happenedAt: at, signal: broadcast.signal, audience: broadcast.audience))
        // In bulk, so that the cost of each stays constant.
        guard messages.count > limits.messagesMax + limits.messagesMax / 10 else { return }
        let old = messages.count - limits.messagesMax
        horizon = messages[old - 1].offset
        messages.removeFirst(old)
    }

    /// What was logged up to here could not be read: whoever has not acknowledged it finds it in a snapshot.
    package mutating func skipped(upTo offset: Offset) {
        head = max(head, offset)
        horizon = max(horizon, offset)
    }

    /// A tab that acknowledges was opened; a user who comes for the first time begins at `head`.
    ///
    /// - Returns: whether the user comes for the first time.
    package mutating func joined(_ user: UserName, head: Offset, at now: Timestamp) -> Bool {
        noteMove(of: user)
        let isFirst = known[user] == nil
        if isFirst {
            makeRoom()
            forgotten.remove(user)
            known[user] = Known(reader: Reader(user: user, knownSince: now, acknowledged: head, lastSeenAt: now))
        }
        known[user]?.tabs += 1
        known[user]?.reader.lastSeenAt = now
        return isFirst
    }

    package mutating func left(_ user: UserName, at now: Timestamp) {
        guard known[user]?.isConnected ?? false else { return }
        noteMove(of: user)
        known[user]?.tabs -= 1
        known[user]?.reader.lastSeenAt = now
    }

    /// - Returns: the signals whose receipts have changed.
    package mutating func acknowledged(
        _ user: UserName,
        upTo offset: Offset,
        _ deliveries: [Acknowledgements.Delivery],
        at now: Timestamp
    ) -> [SignalID] {
        guard let reader = known[user], offset > reader.reader.acknowledged else { return [] }
        known[user]?.reader.acknowledged = offset
        var changed: [SignalID] = []
        for index in messages(behind: reader.reader.acknowledged).indices where messages[index].offset <= offset {
            let message = messages[index]
            guard message.seen[user] == nil, isRecipient(reader, of: message) else { continue }
            messages[index].seen[user] = Seen(
                at: now,
                attempt: deliveries.first { $0.offset == message.offset }?.attempt,
                latencyMs: max(0, now.milliseconds - message.happenedAt.milliseconds)
            )
            if let signal = message.signal, !changed.contains(signal) { changed.append(signal) }
        }
        return changed
    }

    // MARK: What is known

    package func reader(_ user: UserName) -> Reader? { known[user]?.reader }

    package func isConnected(_ user: UserName) -> Bool { known[user]?.isConnected ?? false }

    /// What waits for this user, oldest first; nothing when it is more than may be queued: then a snapshot takes its place.
    package func queued(for user: UserName) -> [QueuedMessage] {
        guard let reader = known[user], reader.reader.acknowledged >= horizon else { return [] }
        let waiting = messages(behind: reader.reader.acknowledged).filter { isRecipient(reader, of: $0) }
        guard waiting.count <= limits.queuedMax else { return [] }
        return waiting.map { QueuedMessage(offset: $0.offset, happenedAt: $0.happenedAt) }
    }

    /// Who has seen the newest critical message about this signal; `nil` when there is none, or none so new.
    package func receipts(of signal: SignalID) -> SignalReceipts? {
        guard let message = messages.last(where: { $0.signal == signal }) else { return nil }
        var receipts = SignalReceipts(signal: signal, offset: message.offset, sentAt: message.happenedAt)
        for (user, reader) in known.sorted(by: { $0.key < $1.key }) where isRecipient(reader, of: message) {
            if let seen = message.seen[user] {
                receipts.seen.append(SignalReceipts.SeenBy(user: user, seen: seen))
            } else if reader.reader.acknowledged >= message.offset {
                receipts.seen.append(SignalReceipts.SeenBy(user: user, seen: nil))
            } else {
                receipts.waiting.append(SignalReceipts.WaitingFor(user: user, offlineSince: reader.offlineSince))
            }
        }
        return receipts
    }

    func messages(behind offset: Offset) -> ArraySlice<Message> {
        var (low, high) = (messages.startIndex, messages.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if messages[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return messages[low...]
    }

    /// A message is for those who were there, or might have come back, when it was sent.
    func isRecipient(_ known: Known, of message: Message) -> Bool {
        let reader = known.reader
        guard message.audience.includes(reader.user), reader.knownSince <= message.happenedAt else { return false }
        if known.isConnected || message.seen[reader.user] != nil { return true }
        return message.happenedAt.milliseconds - reader.lastSeenAt.milliseconds <= limits.absentMsMax
    }

    /// Whoever has been away longest is forgotten; never who is connected.
    private mutating func makeRoom() {
        guard known.count >= limits.readersMax else { return }
        let absent = known.values.filter { !$0.isConnected }.map(\.reader)
        guard let longest = absent.min(by: { ($0.lastSeenAt, $0.user) < ($1.lastSeenAt, $1.user) }) else { return }
        known[longest.user] = nil
        moved[longest.user] = nil
        forgotten.insert(longest.user)
    }

    // MARK: What is saved

    /// The store now has these.
    package mutating func saved(_ unsaved: Unsaved) {
        for reader in unsaved.readers { known[reader.user]?.saved = reader }
        forgotten.subtract(unsaved.forgotten)
    }
}

/// Who has seen what was decided about a signal.
package struct SignalReceipts: Hashable, Sendable {
    package struct SeenBy: Hashable, Sendable {
        package let user: UserName
        /// `nil` when it is known that the user has seen it, but no longer when.
        package let seen: ReadReceipts.Seen?
    }

    package struct WaitingFor: Hashable, Sendable {
        package let user: UserName
        /// `nil` while a tab of the user's is connected.
        package let offlineSince: Timestamp?
    }

    package let signal: SignalID
    /// Of the message.
    package let offset: Offset
    package let sentAt: Timestamp
    package internal(set) var seen: [SeenBy] = []
    package internal(set) var waiting: [WaitingFor] = []

    package var recipients: Int { seen.count + waiting.count }
}

extension Receipts {
    /// As they are told.
    package init(_ receipts: SignalReceipts) {
        self.init(
            signal: receipts.signal,
            offset: receipts.offset,
            sentAt: receipts.sentAt,
            seen: receipts.seen.map { by in
                Seen(user: by.user, at: by.seen?.at, attempt: by.seen?.attempt, latencyMs: by.seen?.latencyMs)
            },
            waiting: receipts.waiting.map { Waiting(user: $0.user, offlineSince: $0.offlineSince) }
        )
    }
}
