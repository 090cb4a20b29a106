/// A frame as a server sends it, read back strictly.
package struct ServerFrame: Equatable {
    package var opcode: UInt8
    package var isCompressed: Bool
    package var payload: [UInt8]

    package init(opcode: UInt8, isCompressed: Bool = false, payload: [UInt8]) {
        self.opcode = opcode
        self.isCompressed = isCompressed
        self.payload = payload
    }

    package static func text(_ text: String) -> Self { Self(opcode: 1, payload: Array(text.utf8)) }

    package static func binary(_ payload: [UInt8]) -> Self { Self(opcode: 2, payload: payload) }

    package static func pong(_ payload: [UInt8]) -> Self { Self(opcode: 10, payload: payload) }

    package static func close(code: UInt16, reason: String = "") -> Self {
        Self(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    package var closeCode: UInt16? {
        opcode == 8 && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
    }

    /// Takes one whole frame off the front, or `nil` if there is none yet.
    package static func take(from bytes: inout [UInt8]) -> ServerFrame? {
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[1])
        var head = 2
        if length == 126 {
            guard bytes.count >= 4 else { return nil }
            length = Int(bytes[2]) << 8 | Int(bytes[3])
            head = 4
        } else if length == 127 {
            guard bytes.count >= 10 else { return nil }
            length = bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }
            head = 10
        }
        guard bytes.count >= head + length else { return nil }
        // Whole, no RSV2 or RSV3, unmasked: everything else would show as a wrong opcode.
        let frame = ServerFrame(
            opcode: bytes[0] & 0xBF ^ 0x80,
            isCompressed: bytes[0] & 0x40 != 0,
            payload: Array(bytes[head..<head + length])
        )
        bytes.removeFirst(head + length)
        return frame
    }

    package static func all(in bytes: [UInt8]) -> [ServerFrame] {
        var rest = bytes
        var frames: [ServerFrame] = []
        while let frame = take(from: &rest) { frames.append(frame) }
        return frames
    }
}
