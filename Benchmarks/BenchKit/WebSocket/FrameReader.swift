/// What a server sent that RFC 6455 does not allow, or what this client does not take.
package struct FrameFault: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// Reads a server's frames where the kernel put them, and hands out whole messages. One for each connection.
///
/// Bytes are copied only when they have to wait: the start of a frame whose end has not come, and the fragments of a message.
struct FrameReader {
    enum Kind: UInt8 { case text = 1, binary = 2, close = 8, ping = 9, pong = 10 }

    struct Message {
        let kind: Kind
        /// RSV1: deflated (RFC 7692).
        let isCompressed: Bool
        /// Valid until the next call.
        let bytes: UnsafeRawBufferPointer
    }

    /// Whether the handshake agreed on permessage-deflate.
    var allowsCompression = false
    private var waiting: Bytes?
    private var fragments: Bytes?
    private var fragmented: (kind: Kind, isCompressed: Bool)?

    private struct Header {
        let isFinal: Bool
        let isCompressed: Bool
        let opcode: UInt8
        let size: Int
        let length: Int
    }

    /// The next whole message of `input`, which is shortened by what was read; `nil` when its rest has to `wait`.
    mutating func next(in input: inout UnsafeRawBufferPointer) throws(FrameFault) -> Message? {
        while let header = try header(of: input), input.count - header.size >= header.length {
            let end = header.size + header.length
            let payload = UnsafeRawBufferPointer(rebasing: input[header.size..<end])
            input = input.dropping(end)
            if let message = try message(header, payload) { return message }
        }
        return nil
    }

    /// Keeps what `next` left, the start of a frame.
    mutating func wait(for rest: UnsafeRawBufferPointer) {
        guard !rest.isEmpty else { return }
        let waiting = waiting ?? Bytes(capacity: rest.count)
        waiting.append(rest)
        self.waiting = waiting
    }

    /// Puts what waits to the front of `buffer`, for more to be received behind it. Returns its count.
    mutating func unload(into buffer: UnsafeMutableRawBufferPointer) throws(FrameFault) -> Int {
        guard let waiting else { return 0 }
        guard waiting.count < buffer.count else { throw FrameFault("a frame of more than \(buffer.count) bytes") }
        buffer.copyMemory(from: waiting.bytes)
        self.waiting = nil
        return waiting.count
    }

    private func header(of input: UnsafeRawBufferPointer) throws(FrameFault) -> Header? {
        guard input.count >= 2 else { return nil }
        let first = input[0]
        let second = input[1]
        guard first & 0x30 == 0 else { throw FrameFault("reserved bits are set") }
        guard second & 0x80 == 0 else { throw FrameFault("a server's frame is masked") }
        var size = 2
        var length = Int(second)
        if length == 126 {
            guard input.count >= 4 else { return nil }
            length = Int(input[2]) << 8 | Int(input[3])
            size = 4
        } else if length == 127 {
            guard input.count >= 10 else { return nil }
            length = input[2..<10].reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0 else { throw FrameFault("a length with its highest bit set") }
            size = 10
        }
        return Header(
            isFinal: first & 0x80 != 0,
            isCompressed: first & 0x40 != 0,
            opcode: first & 0x0F,
            size: size,
            length: length
        )
    }

    /// The message that this frame completes.
    private mutating func message(
        _ header: Header,
        _ payload: UnsafeRawBufferPointer
    ) throws(FrameFault) -> Message? {
        guard header.opcode != 0 else { return try continuation(header, payload) }
        guard let kind = Kind(rawValue: header.opcode) else { throw FrameFault("unknown opcode \(header.opcode)") }
        if header.opcode >= 8 {
            guard header.isFinal, header.length <= 125, !header.isCompressed else {
                throw FrameFault("a control frame in fragments, longer than 125 bytes or compressed")
            }
            return Message(kind: kind, isCompressed: false, bytes: payload)
        }
        guard fragmented == nil else { throw FrameFault("a new message inside of another") }
        guard allowsCompression || !header.isCompressed else { throw FrameFault("compressed without an agreement") }
        if header.isFinal { return Message(kind: kind, isCompressed: header.isCompressed, bytes: payload) }
        fragmented = (kind, header.isCompressed)
        let fragments = fragments ?? Bytes()
        fragments.removeAll()
        fragments.append(payload)
        self.fragments = fragments
        return nil
    }

    private mutating func continuation(
        _ header: Header,
        _ payload: UnsafeRawBufferPointer
    ) throws(FrameFault) -> Message? {
        guard let fragmented, let fragments else { throw FrameFault("a continuation of nothing") }
        guard !header.isCompressed else { throw FrameFault("RSV1 on a continuation") }
        fragments.append(payload)
        guard header.isFinal else { return nil }
        self.fragmented = nil
        return Message(kind: fragmented.kind, isCompressed: fragmented.isCompressed, bytes: fragments.bytes)
    }
}
