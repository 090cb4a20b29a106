package import NIOCore
package import NIOWebSocket

extension ByteBuffer {
    /// Writes the head of a server's frame: whole, unmasked (RFC 6455 §5.2).
    package mutating func writeFrameHead(_ opcode: WebSocketOpcode, isCompressed: Bool = false, payloadBytes: Int) {
        writeInteger(0x80 | (isCompressed ? 0x40 : 0) | UInt8(webSocketOpcode: opcode))
        switch payloadBytes {
        case ...125:
            writeInteger(UInt8(payloadBytes))
        case ...Int(UInt16.max):
            writeInteger(UInt8(126))
            writeInteger(UInt16(payloadBytes))
        default:
            writeInteger(UInt8(127))
            writeInteger(UInt64(payloadBytes))
        }
    }
}
