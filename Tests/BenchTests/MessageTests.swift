import CZlib
import Foundation
import Testing

@testable import BenchKit

@Suite struct SignalMakerTests {
    @Test func `the same seed makes the same signals`() {
        var first = SignalMaker(seed: 5)
        var second = SignalMaker(seed: 5)
        var other = SignalMaker(seed: 6)
        #expect(Self.proposal(&first) == Self.proposal(&second))
        #expect(Self.proposal(&first) == Self.proposal(&second))
        #expect(Self.proposal(&first) != Self.proposal(&other))
    }

    @Test func `every signal is JSON, has its own id, and a plan that fits its side`() throws {
        var maker = SignalMaker(seed: 1)
        var ids: Set<String> = []
        for _ in 0..<500 {
            let signal = try Self.object(Self.proposal(&maker))
            let id = try #require(signal["id"] as? String)
            #expect(UUID(uuidString: id) != nil && id == id.lowercased())
            ids.insert(id)
            let prices = try ["stop_loss", "entry_price", "target_price"].map {
                try #require(Decimal(string: signal[$0] as? String ?? ""))
            }
            let isLong = signal["side"] as? String == "BUY"
            #expect(isLong ? prices == prices.sorted() : prices == prices.sorted(by: >))
            #expect(Set(prices).count == 3 && prices.allSatisfy { $0 > 0 })
        }
        #expect(ids.count == 500)
    }

    @Test func `what the floor sends has every key that the desk sends`() throws {
        var maker = SignalMaker(seed: 2)
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/wire/signal-new.json")
        let desk = try Self.object(String(contentsOf: fixture, encoding: .utf8))
        let deskData = try #require(desk["data"] as? [String: Any])
        for _ in 0..<50 {
            let text = written { maker.writeBroadcast(to: $0, at: 1_769_164_200_120) }
            let message = try Self.object(text)
            let data = try #require(message["data"] as? [String: Any])
            #expect(Set(message.keys) == Set(desk.keys))
            #expect(Set(deskData.keys).subtracting(data.keys) == ["expires_at"])
            #expect(message["timestamp"] as? String == "2026-01-23T10:30:00.120Z")
        }
    }

    @Test func `the number of a signal is read from its id, in a message of the desk`() {
        var maker = SignalMaker(seed: 3)
        for number: UInt32 in 0..<300 {
            let text = written { maker.writeBroadcast(to: $0, at: 0) }
            text.reading { #expect(DeskMessage($0).number == number) }
        }
    }

    private static func proposal(_ maker: inout SignalMaker) -> String {
        written { maker.writeProposal(to: $0, at: 1_769_164_200_120) }
    }

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}

@Suite struct DeskMessageTests {
    @Test(arguments: [("7,", 7), ("   7,", 7), ("0}", 0), ("\"7\",", nil), ("      12345678 ,", 12_345_678)])
    func `a connection's own number may be padded`(_ value: String, _ number: Int?) {
        "{\"sequence_number\":\(value)\"type\":\"pong\"}".reading { #expect(DeskMessage($0).sequenceNumber == number) }
    }

    @Test func `what has its number elsewhere has none`() {
        "{\"type\":\"pong\",\"sequence_number\":1}".reading { #expect(DeskMessage($0).sequenceNumber == nil) }
    }

    @Test func `connected tells the epoch and the offset`() {
        #"{"sequence_number":0,"type":"connected","connection_id":"5bd1e995-0","epoch":"ab-1","offset":4711,"oldest_offset":1}"#
            .reading {
                let message = DeskMessage($0)
                #expect(message.kind == .connected)
                #expect(message.epoch == "ab-1")
                #expect(message.offset == 4711)
                #expect(message.number == nil)
            }
    }

    @Test func `resumed tells whether all was there`() {
        #"{"sequence_number":9,"type":"resumed","data":{"recovered":true,"replayed":37,"offset":48}}"#.reading {
            let message = DeskMessage($0)
            #expect(message.kind == .resumed && message.isRecovered && message.replayed == 37)
        }
        #"{"sequence_number":9,"type":"resumed","data":{"recovered":false,"reason":"trimmed","offset":48}}"#.reading {
            #expect(!DeskMessage($0).isRecovered)
        }
    }

    @Test(arguments: ["signal:newer", "signal:expired", "pong", "connected2"])
    func `other messages are others`(_ type: String) {
        "{\"sequence_number\":1,\"type\":\"\(type)\",\"data\":{\"id\":\"5bd1e995\"}}".reading {
            #expect(DeskMessage($0).kind == .other && DeskMessage($0).number == nil)
        }
    }
}

@Suite struct InflaterTests {
    private static let texts = [
        "a signal of a kind", "a signal of a kind, again", String(repeating: "long ", count: 5000),
    ]

    @Test func `messages that refer to earlier ones are read in their order`() throws {
        let inflater = Inflater(startsAfresh: false)
        for (text, message) in zip(Self.texts, Self.deflated(Self.texts)) {
            let read = try message.withUnsafeBytes { try inflater.text(of: $0).text }
            #expect(read == text)
        }
    }

    @Test func `a message whose forerunner was not read is a fault`() throws {
        let messages = Self.deflated([String(Self.texts[1].reversed()), String(Self.texts[1].reversed())])
        let inflater = Inflater(startsAfresh: false)
        #expect(throws: FrameFault.self) { try messages[1].withUnsafeBytes { _ = try inflater.text(of: $0) } }
    }

    @Test func `the floor's messages need no memory`() throws {
        let deflater = Deflater()
        let inflater = Inflater(startsAfresh: true)
        for text in Self.texts + [""] {
            let message = text.reading { Array(deflater.message($0)) }
            let read = try message.withUnsafeBytes { try inflater.text(of: $0).text }
            #expect(read == text)
        }
    }

    /// With one memory for all, as a server with context takeover does it.
    private static func deflated(_ texts: [String]) -> [[UInt8]] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        return texts.map { text in
            var input = Array(text.utf8)
            var output = [UInt8](repeating: 0, count: input.count + 100)
            let room = output.count
            input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress
                    stream.avail_in = UInt32(input.count)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(room)
                    deflate(&stream, Z_SYNC_FLUSH)
                }
            }
            return Array(output.prefix(room - Int(stream.avail_out) - 4))
        }
    }
}

@Suite struct HTTPHeadTests {
    private static let answer = "HTTP/1.1 201 Created\r\ncontent-LENGTH:  12 \r\nX-Content-Length: 5\r\n\r\nbody"

    @Test func `status and length are read, whatever the case`() {
        Self.answer.reading {
            let head = HTTPHead(startOf: $0)
            #expect(head?.status == 201)
            #expect(head?.contentLength == 12)
            #expect(head?.value(of: "Transfer-Encoding") == nil)
            #expect(head?.bytes.count == Self.answer.utf8.count - 4)
        }
    }

    @Test func `a head that is not whole is none`() {
        let whole = Self.answer.utf8.count - 4
        for count in 0..<whole {
            let part = String(decoding: Self.answer.utf8.prefix(count), as: UTF8.self)
            part.reading { #expect(HTTPHead(startOf: $0) == nil) }
        }
    }

    @Test(arguments: ["HTTP/1.1 2x1 No\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1\r\n\r\n"])
    func `what has no status has none`(_ text: String) {
        text.reading { #expect(HTTPHead(startOf: $0)?.status == nil) }
    }

    @Test func `a length that is no number is none`() {
        "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n".reading {
            #expect(HTTPHead(startOf: $0)?.contentLength == nil)
        }
    }

    @Test func `the accept value is that of the RFC's example`() {
        #expect(Handshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }
}

extension String {
    func reading<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Array(utf8).withUnsafeBytes { try body($0) }
    }
}

func written(_ write: (Bytes) -> Void) -> String {
    let bytes = Bytes()
    write(bytes)
    return bytes.bytes.text
}
