import FrameFuzz
import NIOCore
import SeededRandom
import SocketSupport
import Testing
import WebSockets

@Suite struct PreparedMessageTests {
    private static let head = "{\"sequence_number\":"
    private static let numbers = [0, 1, 9, 10, 99, 100, 12_345, 999_999_999, 1_000_000_000, Int.max]

    private func tail(_ random: inout SeededGenerator, words: Int) -> String {
        ",\"type\":\"signal:new\",\"data\":[" + random.text(words: words) + "]}"
    }

    /// The one frame a connection gets.
    private func frame(
        _ message: PreparedMessage,
        number: Int,
        agreement: DeflateAgreement?,
        deflateBytesMin: Int = 0
    ) throws -> ServerFrame {
        var buffer = ByteBuffer()
        let rest = message.writeFrame(
            number: number,
            agreement: agreement,
            deflateBytesMin: deflateBytesMin,
            into: &buffer
        )
        var bytes = Array(buffer.readableBytesView) + Array(rest.readableBytesView)
        let frame = try #require(ServerFrame.take(from: &bytes))
        #expect(bytes.isEmpty)
        #expect(frame.opcode == 1)
        return frame
    }

    @Test func `without an extension the message goes as it is`() throws {
        let message = PreparedMessage(head: "{\"n\":", tail: ",\"x\":1}")
        #expect(try frame(message, number: 42, agreement: nil) == .text("{\"n\":42,\"x\":1}"))
        #expect(message.payloadBytes(number: 42) == 14)
    }

    @Test func `a short message goes uncompressed`() throws {
        let tail = String(repeating: "abc", count: 50)
        let message = PreparedMessage(head: Self.head, tail: tail)
        let length = message.payloadBytes(number: 7)
        let shorter = try frame(message, number: 7, agreement: .init(), deflateBytesMin: length + 1)
        let longEnough = try frame(message, number: 7, agreement: .init(), deflateBytesMin: length)
        #expect(shorter == .text(Self.head + "7" + tail))
        #expect(longEnough.isCompressed)
    }

    @Test func `a message that compressing makes longer goes uncompressed`() throws {
        var random = SeededGenerator(seed: 3)
        let tail = ByteBuffer(bytes: random.bytes(1_000))
        let message = PreparedMessage(head: ByteBuffer(string: "h"), tail: tail)
        #expect(try !frame(message, number: 1, agreement: .init()).isCompressed)
    }

    @Test func `every number stands between head and tail`() throws {
        var random = SeededGenerator(seed: 4)
        let tail = tail(&random, words: 60)
        let message = PreparedMessage(head: Self.head, tail: tail)
        let client = ReferenceInflater()
        for number in Self.numbers {
            let frame = try frame(message, number: number, agreement: .init())
            #expect(frame.isCompressed)
            #expect(client.message(frame.payload) == Array((Self.head + String(number) + tail).utf8))
        }
    }

    @Test(arguments: [true, false])
    func `any run of messages inflates, with and without context takeover`(_ takesOver: Bool) throws {
        var random = SeededGenerator(seed: 5)
        var client = ReferenceInflater()
        for _ in 0..<100 {
            let tail = tail(&random, words: Int.random(in: 10...300, using: &random))
            let message = PreparedMessage(head: Self.head, tail: tail)
            let number = Int.random(in: 0...1_000_000_000, using: &random)
            let frame = try frame(message, number: number, agreement: .init())
            let inflated = frame.isCompressed ? client.message(frame.payload) : frame.payload
            #expect(inflated == Array((Self.head + String(number) + tail).utf8))
            if !takesOver { client = ReferenceInflater() }
        }
    }

    @Test(arguments: 8...15)
    func `a client with a smaller window can follow`(_ windowBits: Int) throws {
        var random = SeededGenerator(seed: UInt64(windowBits))
        var agreement = DeflateAgreement()
        agreement.serverMaxWindowBits = windowBits
        let client = ReferenceInflater(windowBits: Int32(windowBits))
        for words in [1, 20, 30, 60, 200, 1_000, 5_000] {
            let tail = tail(&random, words: words)
            let message = PreparedMessage(head: Self.head, tail: tail)
            // Twice, for the second send finds it made.
            for number in [1, 2] {
                let frame = try frame(message, number: number, agreement: agreement)
                let inflated = frame.isCompressed ? client.message(frame.payload) : frame.payload
                #expect(inflated == Array((Self.head + String(number) + tail).utf8), "\(words) words")
            }
        }
    }

    @Test func `head and tail may be empty`() throws {
        let client = ReferenceInflater()
        for (head, tail) in [("", ""), ("h", ""), ("", String(repeating: "t", count: 100))] {
            let frame = try frame(PreparedMessage(head: head, tail: tail), number: 5, agreement: .init())
            let inflated = frame.isCompressed ? client.message(frame.payload) : frame.payload
            #expect(inflated == Array((head + "5" + tail).utf8))
        }
    }

    @Test func `many threads get the same bytes`() async throws {
        let message = PreparedMessage(head: Self.head, tail: String(repeating: "{\"a\":1}", count: 1_000))
        let frames = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 {
                group.addTask {
                    var buffer = ByteBuffer()
                    let rest = message.writeFrame(number: 1, agreement: .init(), deflateBytesMin: 0, into: &buffer)
                    return Array(buffer.readableBytesView) + Array(rest.readableBytesView)
                }
            }
            return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(frames.count == 1)
    }
}
