import Glibc

/// Makes signals as sources send them: varied, and the same from the same seed. Each has a number, told by its id.
///
/// An id looks random, as ids do, so that it compresses as badly as a real one.
package struct SignalMaker {
    /// Of the message that is made next; they count from 0.
    package private(set) var nextNumber: UInt32 = 0
    private var random: SplitMix

    /// Odd, so that multiplying by it modulo 2³² can be undone.
    private static let spread: UInt32 = 0x9E37_79B1
    private static let veil: UInt32 = 0x5BD1_E995
    private static let gather: UInt32 = {
        var inverse: UInt32 = 1
        for _ in 0..<5 { inverse = inverse &* (2 &- spread &* inverse) }
        return inverse
    }()

    package init(seed: UInt64) { random = SplitMix(state: seed) }

    /// The next signal, as a source sends it to the desk. Returns its id.
    @discardableResult
    mutating func writeProposal(to json: Bytes, at millisecondsOfEpoch: Int) -> String {
        let signal = next(millisecondsOfEpoch)
        json.append("{")
        signal.writeIdentity(to: json)
        signal.writePlan(to: json)
        json.append("}")
        return signal.id
    }

    /// The next signal as the desk would send it to a tab: what the floor is given to broadcast.
    mutating func writeBroadcast(to json: Bytes, at millisecondsOfEpoch: Int) {
        let number = nextNumber
        let signal = next(millisecondsOfEpoch)
        json.append("{\"sequence_number\":\(number + 1),\"type\":\"signal:new\",\"timestamp\":\"\(signal.time)\",")
        json.append("\"offset\":\(number + 1),\"data\":{")
        signal.writeIdentity(to: json)
        json.append(",\"status\":\"PENDING_REVIEW\",\"awaiting_approval\":true,\"version\":1,")
        json.append("\"received_at\":\"\(signal.time)\",\"updated_at\":\"\(signal.time)\",")
        json.append("\"confidence_grade\":\"\(signal.grade)\",\"r_multiple\":\"\(signal.reward)\"")
        signal.writePlan(to: json)
        signal.writeSilence(to: json)
        json.append(",\"terms\":\"")
        // Like any hash it cannot be guessed, so it compresses as badly.
        for _ in 0..<4 { json.append(String(random.next(), radix: 16)) }
        json.append("\",\"released_at\":null,\"recipients\":null,\"undone\":null,\"extended\":null,")
        json.append("\"report\":null,\"proposed_by\":null,\"paper_result\":null,\"decision\":null,\"sign_offs\":[]}}")
    }

    /// The number of the signal with this id; `nil` when it is no id.
    static func number(ofID id: UnsafeRawBufferPointer) -> UInt32? {
        guard id.count >= 8 else { return nil }
        var value: UInt32 = 0
        for byte in id.prefix(8) {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
        }
        return (value ^ veil) &* gather
    }

    private mutating func next(_ millisecondsOfEpoch: Int) -> MadeSignal {
        defer { nextNumber += 1 }
        let id = SignalText.id(head: (nextNumber &* Self.spread) ^ Self.veil, random.next(), random.next())
        return MadeSignal(id: id, time: SignalText.time(millisecondsOfEpoch), using: &random)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Cheaper than `Int.random`, and as good for texts.
    mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % limit }

    mutating func one(of choices: [String]) -> String { choices[below(choices.count)] }
}
