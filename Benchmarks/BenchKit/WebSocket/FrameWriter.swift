/// Frames for both ends.
enum FrameWriter {
    /// A server's text frame: whole, not masked.
    static func append(_ payload: UnsafeRawBufferPointer, isCompressed: Bool, to frames: Bytes) {
        frames.append(byte: isCompressed ? 0xC1 : 0x81)
        appendLength(payload.count, mask: 0, to: frames)
        frames.append(payload)
    }

    /// A client's control frame, masked as RFC 6455 wants it.
    static func control(_ kind: FrameReader.Kind, _ payload: UnsafeRawBufferPointer) -> Bytes {
        let frame = Bytes(capacity: 6 + payload.count)
        frame.append(byte: 0x80 | kind.rawValue)
        appendLength(payload.count, mask: 0x80, to: frame)
        let key = withUnsafeBytes(of: UInt32.random(in: .min ... .max)) { Array($0) }
        for byte in key { frame.append(byte: byte) }
        for (index, byte) in payload.enumerated() { frame.append(byte: byte ^ key[index % 4]) }
        return frame
    }

    private static func appendLength(_ count: Int, mask: UInt8, to frame: Bytes) {
        if count < 126 {
            frame.append(byte: mask | UInt8(count))
            return
        }
        let bytes = count <= 0xFFFF ? 2 : 8
        frame.append(byte: mask | (bytes == 2 ? 126 : 127))
        for index in (0..<bytes).reversed() { frame.append(byte: UInt8(truncatingIfNeeded: count >> (8 * index))) }
    }
}
