import Testing

@testable import BenchKit

@Suite struct FrameReaderTests {
    /// What a server may send: every kind, every form of length, fragments with a ping between them.
    private static let stream: [UInt8] =
        frame(0x81, Array("plain".utf8))
        + frame(0xC1, [1, 2, 3])
        + frame(0x01, Array("frag".utf8)) + frame(0x89, Array("p".utf8)) + frame(0x00, [])
        + frame(0x80, Array("ments".utf8))
        + frame(0x82, [UInt8](repeating: 7, count: 126))
        + frame(0x41, [9]) + frame(0x80, [8])
        + frame(0xC1, [])
        + frame(0x8A, [])
        + frame(0x88, [0x0F, 0xA3])

    private static let messages: [Read] = [
        Read(.text, Array("plain".utf8)),
        Read(.text, [1, 2, 3], isCompressed: true),
        Read(.ping, Array("p".utf8)),
        Read(.text, Array("fragments".utf8)),
        Read(.binary, [UInt8](repeating: 7, count: 126)),
        Read(.text, [9, 8], isCompressed: true),
        Read(.text, [], isCompressed: true),
        Read(.pong, []),
        Read(.close, [0x0F, 0xA3]),
    ]

    @Test func `all messages are read from one piece`() throws {
        #expect(try Self.read([Self.stream]) == Self.messages)
    }

    @Test func `all messages are read wherever the bytes are cut in two`() throws {
        for cut in Self.stream.indices {
            let pieces = [Array(Self.stream[..<cut]), Array(Self.stream[cut...])]
            #expect(try Self.read(pieces) == Self.messages, "cut at \(cut)")
        }
    }

    @Test func `all messages are read when the bytes come one by one`() throws {
        #expect(try Self.read(Self.stream.map { [$0] }) == Self.messages)
    }

    @Test func `a long message is read wherever its head is cut`() throws {
        let message = Read(.text, [UInt8](repeating: 0x78, count: 65_536))
        let bytes = frame(0x81, message.bytes)
        for cut in 0...12 {
            #expect(try Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) == [message], "cut at \(cut)")
        }
    }

    @Test(arguments: [
        (frame(0xA1, []), "reserved bits are set"),
        ([0x81, 0x80, 0, 0, 0, 0], "a server's frame is masked"),
        (frame(0x83, []), "unknown opcode 3"),
        (frame(0x09, []), "a control frame in fragments, longer than 125 bytes or compressed"),
        (frame(0xC9, []), "a control frame in fragments, longer than 125 bytes or compressed"),
        (
            frame(0x89, [UInt8](repeating: 0, count: 126)),
            "a control frame in fragments, longer than 125 bytes or compressed"
        ),
        (frame(0x80, []), "a continuation of nothing"),
        (frame(0x01, []) + frame(0x81, []), "a new message inside of another"),
        (frame(0x01, []) + frame(0xC0, []), "RSV1 on a continuation"),
        ([0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], "a length with its highest bit set"),
    ])
    func `what a server may not send is found`(_ bytes: [UInt8], _ fault: String) {
        #expect(throws: FrameFault(fault)) { try Self.read([bytes]) }
    }

    @Test func `compression without an agreement is found`() {
        #expect(throws: FrameFault("compressed without an agreement")) {
            try Self.read([frame(0xC1, [1])], allowsCompression: false)
        }
    }

    @Test func `a frame that does not fit the buffer is refused`() {
        #expect(throws: FrameFault.self) {
            try Self.read(frame(0x81, [UInt8](repeating: 0, count: 100)).map { [$0] }, bufferBytes: 64)
        }
    }

    struct Read: Equatable {
        let kind: FrameReader.Kind
        let bytes: [UInt8]
        let isCompressed: Bool

        init(_ kind: FrameReader.Kind, _ bytes: [UInt8], isCompressed: Bool = false) {
            self.kind = kind
            self.bytes = bytes
            self.isCompressed = isCompressed
        }
    }

    /// Reads as the load does: what waits goes to the front of a buffer, and what comes is put behind it.
    private static func read(
        _ pieces: [[UInt8]],
        allowsCompression: Bool = true,
        bufferBytes: Int = 1 << 18
    ) throws -> [Read] {
        var reader = FrameReader()
        reader.allowsCompression = allowsCompression
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var read: [Read] = []
        for piece in pieces {
            let have = try reader.unload(into: buffer)
            UnsafeMutableRawBufferPointer(rebasing: buffer[have...]).copyBytes(from: piece)
            var rest = UnsafeRawBufferPointer(rebasing: buffer[..<(have + piece.count)])
            while let message = try reader.next(in: &rest) {
                read.append(Read(message.kind, Array(message.bytes), isCompressed: message.isCompressed))
            }
            reader.wait(for: rest)
        }
        return read
    }
}

/// A server's frame, made without the code under test.
func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let count = payload.count
    let length: [UInt8] =
        switch count {
        case ..<126: [UInt8(count)]
        case ..<65_536: [126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: [127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        }
    return [first] + length + payload
}
