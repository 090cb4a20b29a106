/// A frame as a server sends it, read back strictly.
struct ServerFrame: Equatable {
    var opcode: UInt8
    var isCompressed = false
    var payload: [UInt8]

    static func text(_ text: String) -> Self { Self(opcode: 1, payload: Array(text.utf8)) }

    static func binary(_ payload: [UInt8]) -> Self { Self(opcode: 2, payload: payload) }

    static func pong(_ payload: [UInt8]) -> Self { Self(opcode: 10, payload: payload) }

    static func close(code: UInt16, reason: String = "") -> Self {
        Self(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    var closeCode: UInt16? {
        opcode == 8 && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
    }

    /// Takes one whole frame off the front, or `nil` if there is none yet.
    static func take(from bytes: inout [UInt8]) -> ServerFrame? {
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

    static func all(in bytes: [UInt8]) -> [ServerFrame] {
        var rest = bytes
        var frames: [ServerFrame] = []
        while let frame = take(from: &rest) { frames.append(frame) }
        return frames
    }
}
