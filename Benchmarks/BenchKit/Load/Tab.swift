/// One connection. Small: there are ten thousand, and each is touched for every message.
struct Tab {
    enum State { case idle, connecting, shaking, open, lost }

    var descriptor: Int32 = -1
    var state = State.idle
    /// Broadcasts since the phase began.
    var delivered: Int32 = 0
    /// Among those that read every message; -1 for one that only counts.
    var sample: Int32 = -1
    var reader = FrameReader()
    /// The start of the handshake's answer.
    var answer: Bytes?
    /// What the kernel did not take; mostly none.
    var unsent: Bytes?
}

/// A tab that reads every message.
final class SampledTab {
    var ledger = DeliveryLedger()
    var epoch: String?
    /// In the log: of the last message that had one.
    var offset = 0
    /// After `resumed`, everything that was missed has come.
    var replayed: Int?
    private let inflater: Inflater

    init(startsAfresh: Bool) { inflater = Inflater(startsAfresh: startsAfresh) }

    /// Reads a message and enters it in the ledger.
    /// - Parameter isNumbered: whether the server numbers each connection's messages.
    func take(_ message: FrameReader.Message, isNumbered: Bool) throws(FrameFault) -> DeskMessage {
        let text = message.isCompressed ? try inflater.text(of: message.bytes) : message.bytes
        let read = DeskMessage(text)
        if isNumbered { ledger.note(sequenceNumber: read.sequenceNumber) }
        if let offset = read.offset { self.offset = offset }
        switch read.kind {
        case .signal: ledger.note(message: read.number)
        case .connected: epoch = read.epoch
        case .resumed:
            guard read.isRecovered else { throw FrameFault("resuming was refused: \(text.text)") }
            replayed = read.replayed
        case .other: break
        }
        return read
    }
}
