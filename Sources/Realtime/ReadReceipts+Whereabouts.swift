package import Domain

/// Who is waited for and comes or goes: what others see of that on a signal (DLV-03).
extension ReadReceipts {
    /// Since when somebody is away; `nil` while they are there.
    struct Whereabouts: Hashable, Sendable {
        let offlineSince: Timestamp?
    }

    /// To be called before somebody comes or goes.
    mutating func noteMove(of user: UserName) {
        guard moved[user] == nil, let known = known[user] else { return }
        moved[user] = Whereabouts(offlineSince: known.offlineSince)
    }

    package var hasMoved: Bool { !moved.isEmpty }

    /// The signals whose receipts say something else now that people have come or gone, newest decision first. Who came back
    /// before anybody asked, as with a page that is loaded anew, changes nothing.
    package mutating func takeMoved() -> [SignalID] {
        let elsewhere = moved.compactMap { user, before in
            known[user].flatMap { $0.offlineSince == before.offlineSince ? nil : $0 }
        }
        moved = [:]
        guard let behind = elsewhere.map(\.reader.acknowledged).min() else { return [] }
        return newest(limits.movedSignalsMax, behind: behind) { _, message in
            elsewhere.contains { isWaitedFor($0, by: message) }
        }
    }

    /// Those of these signals that have receipts, newest decision first.
    package func newest(_ countMax: Int, of signals: Set<SignalID>) -> [SignalID] {
        newest(min(countMax, signals.count), behind: .start) { signal, _ in signals.contains(signal) }
    }

    /// Of a signal the newest message counts: the earlier ones have no receipts any more.
    private func newest(
        _ countMax: Int,
        behind offset: Offset,
        where isWanted: (SignalID, Message) -> Bool
    ) -> [SignalID] {
        var found: [SignalID] = []
        var passed: Set<SignalID> = []
        for message in messages(behind: offset).reversed() {
            guard found.count < countMax else { break }
            guard let signal = message.signal, passed.insert(signal).inserted else { continue }
            if isWanted(signal, message) { found.append(signal) }
        }
        return found
    }

    private func isWaitedFor(_ known: Known, by message: Message) -> Bool {
        let user = known.reader.user
        return message.seen[user] == nil && known.reader.acknowledged < message.offset
            && isRecipient(known, of: message)
    }
}
