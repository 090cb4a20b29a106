import NIOCore
import SeededRandom
import SocketSupport
import Testing

@testable import WebSockets

@Suite struct PreparedMessageTests {
    private static let head = "{\"sequence_number\":"
    private static let numbers = [0, 1, 9, 10, 99, 100, 12_345, 9_999_999, 99_999_999]

    private func tail(_ random: inout SeededGenerator, words: Int) -> String {
        ",\"type\":\"signal:new\",\"data\":[" + random.text(words: words) + "]}"
    }

    /// The one frame a connection gets.
    private func frame(
        _ message: PreparedMessage,
        number: Int,
        windowBits: Int?,
        deflateBytesMin: Int = 0
    ) throws -> ServerFrame {
        let (frame, isCompressed) = message.frame(windowBits: windowBits, deflateBytesMin: deflateBytesMin)
        var bytes = frame.numbered(number)
        let received = try #require(ServerFrame.take(from: &bytes))
        #expect(bytes.isEmpty)
        #expect(received.opcode == 1)
        #expect(received.isCompressed == isCompressed)
        return received
    }

    @Test func `without an extension the message goes as it is`() throws {
        let message = PreparedMessage(head: "{\"n\":", tail: ",\"x\":1}")
        #expect(try frame(message, number: 42, windowBits: nil) == .text("{\"n\":      42,\"x\":1}"))
    }

    @Test func `a short message goes uncompressed`() throws {
        let tail = String(repeating: "abc", count: 50)
        let message = PreparedMessage(head: Self.head, tail: tail)
        let length = Self.head.utf8.count + 8 + tail.utf8.count
        let shorter = try frame(message, number: 7, windowBits: 15, deflateBytesMin: length + 1)
        let longEnough = try frame(message, number: 7, windowBits: 15, deflateBytesMin: length)
        #expect(shorter == .text(Self.head + "       7" + tail))
        #expect(longEnough.isCompressed)
    }

    @Test func `a message that compressing makes longer goes uncompressed`() throws {
        var random = SeededGenerator(seed: 3)
        let message = PreparedMessage(head: Array("h".utf8), tail: random.bytes(1_000))
        #expect(try !frame(message, number: 1, windowBits: 15).isCompressed)
    }

    @Test func `every number stands between head and tail`() throws {
        var random = SeededGenerator(seed: 4)
        let tail = tail(&random, words: 60)
        let message = PreparedMessage(head: Self.head, tail: tail)
        let client = ReferenceInflater()
        for number in Self.numbers {
            let frame = try frame(message, number: number, windowBits: 15)
            #expect(frame.isCompressed)
            #expect(client.message(frame.payload) == wholeMessage(Self.head, number, tail))
        }
    }

    @Test(arguments: [true, false])
    func `any run of messages inflates, with and without context takeover`(_ takesOver: Bool) throws {
        var random = SeededGenerator(seed: 5)
        var client = ReferenceInflater()
        for _ in 0..<100 {
            let tail = tail(&random, words: Int.random(in: 10...300, using: &random))
            let message = PreparedMessage(head: Self.head, tail: tail)
            let number = Int.random(in: 0...99_999_999, using: &random)
            let frame = try frame(message, number: number, windowBits: 15)
            let inflated = frame.isCompressed ? client.message(frame.payload) : frame.payload
            #expect(inflated == wholeMessage(Self.head, number, tail))
            if !takesOver { client = ReferenceInflater() }
        }
    }

    @Test(arguments: 8...15)
    func `a client with a smaller window can follow`(_ windowBits: Int) throws {
        var random = SeededGenerator(seed: UInt64(windowBits))
        let client = ReferenceInflater(windowBits: Int32(windowBits))
        for words in [1, 20, 30, 60, 200, 1_000, 5_000] {
            let tail = tail(&random, words: words)
            let message = PreparedMessage(head: Self.head, tail: tail)
            // Twice, for the second send finds it made.
            for number in [1, 2] {
                let frame = try frame(message, number: number, windowBits: windowBits)
                let inflated = frame.isCompressed ? client.message(frame.payload) : frame.payload
                #expect(inflated == wholeMessage(Self.head, number, tail), "\(words) words")
            }
        }
    }

    @Test func `head and tail may be empty`() throws {
        let client = ReferenceInflater()
        for (head, tail) in [("", ""), ("h", ""), ("", String(repeating: "t", count: 100))] {
            let frame = try frame(PreparedMessage(head: head, tail: tail), number: 5, windowBits: 15)
            let inflated = frame.isCompressed ? client.message(frame.payload) : frame.payload
            #expect(inflated == wholeMessage(head, 5, tail))
        }
    }

    @Test func `a number that is too long for its places goes in a frame of its own`() {
        let text = PreparedMessage(head: "{\"n\":", tail: "}").text(number: 100_000_000)
        #expect(String(buffer: text) == "{\"n\":100000000}")
    }

    @Test func `many threads get the same bytes`() async throws {
        let message = PreparedMessage(head: Self.head, tail: String(repeating: "{\"a\":1}", count: 1_000))
        let frames = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 {
                group.addTask { message.frame(windowBits: 15, deflateBytesMin: 0).frame.numbered(1) }
            }
            return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(frames.count == 1)
    }
}

/// What a client reads: the number right-aligned in eight places.
func wholeMessage(_ head: String, _ number: Int, _ tail: String) -> [UInt8] {
    let digits = String(number)
    return Array((head + String(repeating: " ", count: max(0, 8 - digits.count)) + digits + tail).utf8)
}

extension NumberedFrame {
    func numbered(_ number: Int) -> [UInt8] {
        var bytes = bytes
        bytes.withUnsafeMutableBytes { field.write(NumberField.places(for: number), into: $0.baseAddress!) }
        return bytes
    }
}
