/// A frame as a client sends it, with everything settable that a client can get wrong.
package struct ClientFrame: Sendable {
    package var opcode: UInt8
    package var payload: [UInt8]
    package var isFinal: Bool
    /// 4 for RSV1, 2 for RSV2, 1 for RSV3.
    package var reservedBits: UInt8
    package var isMasked: Bool
    package var key: [UInt8]

    package init(
        opcode: UInt8,
        payload: [UInt8],
        isFinal: Bool = true,
        reservedBits: UInt8 = 0,
        isMasked: Bool = true,
        key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    ) {
        self.opcode = opcode
        self.payload = payload
        self.isFinal = isFinal
        self.reservedBits = reservedBits
        self.isMasked = isMasked
        self.key = key
    }

    package static func text(_ text: String, isFinal: Bool = true) -> Self {
        Self(opcode: 1, payload: Array(text.utf8), isFinal: isFinal)
    }

    package static func binary(_ payload: [UInt8], isFinal: Bool = true) -> Self {
        Self(opcode: 2, payload: payload, isFinal: isFinal)
    }

    package static func continuation(_ payload: [UInt8], isFinal: Bool = true) -> Self {
        Self(opcode: 0, payload: payload, isFinal: isFinal)
    }

    package static func ping(_ payload: [UInt8] = []) -> Self { Self(opcode: 9, payload: payload) }

    package static func pong(_ payload: [UInt8] = []) -> Self { Self(opcode: 10, payload: payload) }

    package static func close(_ payload: [UInt8] = []) -> Self { Self(opcode: 8, payload: payload) }

    package static func close(code: UInt16, reason: String = "") -> Self {
        close([UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    package static func compressed(_ payload: [UInt8], opcode: UInt8 = 1, isFinal: Bool = true) -> Self {
        Self(opcode: opcode, payload: payload, isFinal: isFinal, reservedBits: 4)
    }

    /// The frame as it travels.
    package var wire: [UInt8] {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | reservedBits << 4 | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ...125: bytes.append(mask | UInt8(payload.count))
        case ...65_535: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        return isMasked ? bytes + key + maskedPayload : bytes + payload
    }

    private var maskedPayload: [UInt8] {
        payload.enumerated().map { $1 ^ key[$0 & 3] }
    }
}
