internal import NIOCore
internal import NIOWebSocket

extension ByteBuffer {
    /// Appends the payload of a client's frame, unmasked (RFC 6455 §5.3), eight bytes at a time.
    mutating func writeUnmasked(_ payload: ByteBuffer, key: WebSocketMaskingKey) {
        let count = payload.readableBytes
        guard count > 0 else { return }
        var mask: UInt64 = 0
        withUnsafeMutableBytes(of: &mask) { bytes in
            for index in 0..<8 { bytes[index] = key[index & 3] }
        }
        writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            payload.withUnsafeReadableBytes { source in
                Self.xor(source, with: mask, into: target)
            }
            return count
        }
    }

    private static func xor(
        _ source: UnsafeRawBufferPointer,
        with mask: UInt64,
        into target: UnsafeMutableRawBufferPointer
    ) {
        var index = 0
        while source.count - index >= 8 {
            let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ mask
            target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        withUnsafeBytes(of: mask) { key in
            while index < source.count {
                target[index] = source[index] ^ key[index & 3]
                index += 1
            }
        }
    }
}
