package import Domain

/// What a message of the stream class is about: of each, only the newest counts.
package enum StreamSubject: Hashable, Sendable {
    case price(Symbol)
    case receipts(SignalID)
    case stopAcknowledgements
}

/// What a tab was not sent, each subject once, in the order in which they were first passed over: so that on a slow line
/// none is passed over for ever because others change more often.
struct PassedOver: Hashable, Sendable {
    /// Beyond so many a subject is not remembered: its next message counts.
    static let subjectsMax = PriceBook.symbolsMax

    private var order: [StreamSubject] = []
    /// What lies before it has been taken.
    private var start = 0
    private var members: Set<StreamSubject> = []

    var isEmpty: Bool { members.isEmpty }

    mutating func insert(_ subject: StreamSubject) {
        guard members.count < Self.subjectsMax, members.insert(subject).inserted else { return }
        order.append(subject)
    }

    mutating func removeFirst() -> StreamSubject? {
        guard start < order.count else { return nil }
        let subject = order[start]
        start += 1
        members.remove(subject)
        if start * 2 >= order.count {
            order.removeFirst(start)
            start = 0
        }
        return subject
    }
}
