import NIOCore
import SeededRandom
import WebSockets

/// What must hold for every byte stream whatever, in one call, for the fuzzer and for the ordinary tests.
package enum FrameProperties {
    /// Checks one input: two bytes that say under which limits and agreement, one that says how the stream is cut, then
    /// the stream. Returns what does not hold, or `nil`.
    package static func fault(in input: [UInt8]) -> String? {
        guard input.count >= 3 else { return nil }
        let setting = InboundSetting(first: input[0], second: input[1])
        let stream = Array(input[3...])
        var watched = WatchedMachine(setting)
        let whole = watched.actions(of: stream)
        let pieces = pieces(of: stream, seed: input[2])
        var cutUp = WatchedMachine(setting)
        let cut = pieces.flatMap { cutUp.actions(of: $0) }
        guard whole == cut else { return "\(pieces.map(\.count)) change \(whole) into \(cut)" }
        if let fault = watched.fault ?? cutUp.fault { return fault }
        return ReferenceReceiver(setting).disagreement(with: whole, on: stream)
    }

    /// All bytes one by one, or some at a time.
    private static func pieces(of stream: [UInt8], seed: UInt8) -> [[UInt8]] {
        guard seed > 0 else { return stream.map { [$0] } }
        var random = SeededGenerator(seed: UInt64(seed))
        var pieces: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 0...40, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}

/// The limits and the agreement of one input.
struct InboundSetting {
    let messageBytesMax: Int
    let fragmentsMax = 20
    let agreement: DeflateAgreement?

    init(first: UInt8, second: UInt8) {
        messageBytesMax = first & 0x80 == 0 ? 4_096 : Int(first & 0x7F)
        guard second & 0x80 == 0 else {
            agreement = nil
            return
        }
        var agreement = DeflateAgreement()
        agreement.clientNoContextTakeover = second & 0x40 != 0
        // A reference beyond a narrow window that is kept is seen or not, by how the stream was cut.
        if agreement.clientNoContextTakeover { agreement.clientMaxWindowBits = 8 + Int(second & 7) }
        self.agreement = agreement
    }

    var wireBytesMax: Int { InboundMachine.wireBytesMax(messageBytesMax: messageBytesMax) }
}

/// The machine under test, with an eye on its memory.
private struct WatchedMachine: ~Copyable {
    private var machine: InboundMachine
    private let heldBytesMax: Int
    private(set) var fault: String?

    init(_ setting: InboundSetting) {
        machine = InboundMachine(
            messageBytesMax: setting.messageBytesMax,
            fragmentsMax: setting.fragmentsMax,
            agreement: setting.agreement
        )
        // A buffer grows to powers of two; one byte beyond the limit tells that there is more. Then a control frame's.
        var capacity = 1
        while capacity < setting.messageBytesMax + 1 { capacity *= 2 }
        heldBytesMax = capacity + 128
    }

    mutating func actions(of bytes: [UInt8]) -> [InboundMachine.Action] {
        var buffer = ByteBuffer(bytes: bytes)
        var actions: [InboundMachine.Action] = []
        while true {
            let action = machine.next(&buffer)
            if machine.heldBytes > heldBytesMax { fault = "\(machine.heldBytes) bytes are held" }
            if case .fail = action, machine.heldBytes > 0 || machine.holdsInflater {
                fault = "memory is held after the failure"
            }
            guard action != .wait else { break }
            actions.append(action)
        }
        if buffer.readableBytes > 0 { fault = "\(buffer.readableBytes) bytes are left" }
        return actions
    }
}
