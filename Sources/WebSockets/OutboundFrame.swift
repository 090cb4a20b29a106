package import NIOCore
package import NIOWebSocket

extension ByteBuffer {
    /// Writes the head of a server's frame: whole, unmasked (RFC 6455 §5.2).
    package mutating func writeFrameHead(_ opcode: WebSocketOpcode, isCompressed: Bool = false, payloadBytes: Int) {
        var head: [UInt8] = []
        head.appendFrameHead(opcode, isCompressed: isCompressed, payloadBytes: payloadBytes)
        writeBytes(head)
    }
}

extension [UInt8] {
    /// Appends the head of a server's frame: whole, unmasked (RFC 6455 §5.2).
    mutating func appendFrameHead(_ opcode: WebSocketOpcode, isCompressed: Bool = false, payloadBytes: Int) {
        append(0x80 | (isCompressed ? 0x40 : 0) | UInt8(webSocketOpcode: opcode))
        switch payloadBytes {
        case ...125:
            append(UInt8(payloadBytes))
        case ...Int(UInt16.max):
            append(126)
            appendBigEndian(payloadBytes, bytes: 2)
        default:
            append(127)
            appendBigEndian(payloadBytes, bytes: 8)
        }
    }

    private mutating func appendBigEndian(_ value: Int, bytes: Int) {
        for index in (0..<bytes).reversed() { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
