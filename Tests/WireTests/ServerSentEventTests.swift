import Domain
import Testing

@testable import Wire

struct ServerSentEventTests {
    private static let epoch = Epoch("epoch-1")

    private func text(_ event: ServerSentEvent, _ number: Int) -> String {
        String(decoding: event.head + Array("\(number)".utf8) + event.tail, as: UTF8.self) + "\(ServerSentEvent.end)"
    }

    @Test(arguments: GoldenMessages.all.keys.sorted())
    func `every message is one event, whose data is the very frame of a socket`(_ name: String) throws {
        let message = try #require(GoldenMessages.all[name])
        let lines = text(ServerSentEvent(message, epoch: Self.epoch), 7).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        #expect(lines.suffix(2) == ["", ""], "the blank line dispatches it")
        let fields = lines.dropLast(2)
        #expect(fields.last.map(String.init) == "data: " + String(decoding: message.frame(7), as: UTF8.self))
        #expect(fields.dropLast().map(String.init) == (message.position.map { ["id: epoch-1:\($0)"] } ?? []))
        #expect(!fields.contains { $0.contains("\r") })
    }

    @Test func `what a message says of the log is its id, and nothing else is`() {
        let now = Example.now
        let told = [
            EncodedMessage.resumed(at: now, replayed: 3, offset: Offset(8)),
            .notResumed(at: now, reason: .trimmed, offset: Offset(8)),
        ]
        for message in told { #expect(message.position == Offset(8) && message.offset == nil) }
        for message in [
            EncodedMessage.pong(at: now), .error(at: now, .rateLimited, "m"),
            .subscriptionConfirmed(at: now, channels: [.prices], symbols: nil),
            EncodedMessage(price: GoldenMessages.price),
        ] {
            #expect(message.position == nil)
            #expect(text(ServerSentEvent(message, epoch: Self.epoch), 1).hasPrefix(#"data: {"sequence_number":1,"#))
        }
    }

    @Test func `line breaks of every kind stay within the data of their event`() throws {
        let breaks = "a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g\u{0B}h\u{0C}i\n\ndata: x\n\nid: 99"
        let notice = Notice(id: breaks, message: breaks, kind: .info)
        let recorded = RecordedEvent(
            offset: Offset(4),
            recordedAt: Example.now,
            event: .observed(.notice(notice))
        )
        let bytes = Array(text(ServerSentEvent(EncodedMessage(recorded: recorded), epoch: Self.epoch), 1).utf8)
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 3 && !bytes.contains(UInt8(ascii: "\r")))
        let data = try #require(bytes.split(separator: UInt8(ascii: "\n")).last)
        let message = try parsed(Array(data.dropFirst("data: ".utf8.count)))
        #expect(message["data"]?["message"] == .string(breaks))
    }

    @Test func `the time to wait ends no event, and a heartbeat is none`() {
        #expect(ServerSentEvent.retry(afterMs: 1_000) == "retry: 1000\n")
        #expect("\(ServerSentEvent.heartbeat)".hasPrefix(":"))
    }
}
