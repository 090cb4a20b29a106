package import NIOCore

/// A client's masking key (RFC 6455 §5.3), turned to the byte of the payload that comes next.
package struct PayloadMask: Hashable, Sendable {
    /// The key twice, its first byte lowest.
    private let word: UInt64

    package init(littleEndianKey key: UInt32) {
        word = UInt64(key) << 32 | UInt64(key)
    }

    private init(word: UInt64) {
        self.word = word
    }

    package func advanced(by count: Int) -> PayloadMask {
        let bits = UInt64(count & 3) * 8
        return PayloadMask(word: word >> bits | word << ((64 - bits) & 63))
    }

    /// Unmasks eight bytes at a time; `target` is at least as long as `source`.
    func unmask(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        let native = word.littleEndian
        var index = 0
        while source.count - index >= 8 {
            let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ native
            target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < source.count {
            target[index] = source[index] ^ UInt8(truncatingIfNeeded: word >> UInt64((index & 7) * 8))
            index += 1
        }
    }
}

/// Bytes of a payload as they came, with the mask to read them by.
package struct MaskedBytes: Hashable {
    private static let chunkBytes = 4096

    let bytes: ByteBuffer
    let mask: PayloadMask

    package var count: Int { bytes.readableBytes }

    /// Appends them, unmasked.
    package func append(to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            bytes.withUnsafeReadableBytes { mask.unmask($0, into: target) }
            return count
        }
    }

    /// Calls `body` with the unmasked bytes, some at a time, from memory on the stack.
    func forEachChunk(_ body: (UnsafeRawBufferPointer) throws(WebSocketError) -> Void) throws(WebSocketError) {
        // The standard library's closures do not pass a typed error on.
        var failure: WebSocketError?
        bytes.withUnsafeReadableBytes { source in
            withUnsafeTemporaryAllocation(byteCount: min(Self.chunkBytes, source.count), alignment: 8) { target in
                // A whole number of keys fits into a chunk, so the mask need not be turned.
                for start in stride(from: 0, to: source.count, by: Self.chunkBytes) {
                    let end = min(start + Self.chunkBytes, source.count)
                    mask.unmask(UnsafeRawBufferPointer(rebasing: source[start..<end]), into: target)
                    do throws(WebSocketError) {
                        try body(UnsafeRawBufferPointer(rebasing: target[..<(end - start)]))
                    } catch {
                        failure = error
                        return
                    }
                }
            }
        }
        if let failure { throw failure }
    }
}
