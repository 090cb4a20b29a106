import NIOCore
import SeededRandom
import SocketSupport
import Testing
import WebSockets

@Suite struct InboundMachineTests {
    typealias Action = InboundMachine.Action

    /// What a machine makes of frames; it stops at the first failure, as a connection does.
    private func actions(
        _ frames: [ClientFrame],
        messageBytesMax: Int = 1_000,
        fragmentsMax: Int = 10,
        agreement: DeflateAgreement? = nil
    ) -> [Action] {
        var machine = InboundMachine(
            messageBytesMax: messageBytesMax,
            fragmentsMax: fragmentsMax,
            agreement: agreement
        )
        var actions: [Action] = []
        for frame in frames { actions.append(machine.receive(frame)) }
        return actions
    }

    private func failure(_ actions: [Action]) -> WebSocketCloseCode? {
        for case .fail(let error) in actions { return error.closeCode }
        return nil
    }

    struct Violation: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: WebSocketCloseCode
        let frames: [ClientFrame]

        init(_ description: String, _ code: WebSocketCloseCode, _ frames: [ClientFrame]) {
            testDescription = description
            self.code = code
            self.frames = frames
        }
    }

    static let violations: [Violation] = [
        .init("unmasked text", .protocolError, [.init(opcode: 1, payload: [0x61], isMasked: false)]),
        .init("unmasked ping", .protocolError, [.init(opcode: 9, payload: [], isMasked: false)]),
        .init("RSV1 without extension", .protocolError, [.init(opcode: 1, payload: [], reservedBits: 4)]),
        .init("RSV2", .protocolError, [.init(opcode: 1, payload: [], reservedBits: 2)]),
        .init("RSV3", .protocolError, [.init(opcode: 2, payload: [], reservedBits: 1)]),
        .init("RSV1 on a ping", .protocolError, [.init(opcode: 9, payload: [], reservedBits: 4)]),
        .init("RSV1 on a close", .protocolError, [.init(opcode: 8, payload: [], reservedBits: 4)]),
        .init("opcode 3", .protocolError, [.init(opcode: 3, payload: [])]),
        .init("opcode 7", .protocolError, [.init(opcode: 7, payload: [])]),
        .init("opcode 11", .protocolError, [.init(opcode: 11, payload: [])]),
        .init("opcode 15", .protocolError, [.init(opcode: 15, payload: [])]),
        .init(
            "opcode 3 within a message",
            .protocolError,
            [.text("a", isFinal: false), .init(opcode: 3, payload: [])]
        ),
        .init("fragmented ping", .protocolError, [.init(opcode: 9, payload: [], isFinal: false)]),
        .init("fragmented close", .protocolError, [.init(opcode: 8, payload: [], isFinal: false)]),
        .init("ping of 126 bytes", .protocolError, [.ping(Array(repeating: 0, count: 126))]),
        .init("continuation of nothing", .protocolError, [.continuation([0x61])]),
        .init(
            "continuation after the end",
            .protocolError,
            [.text("a", isFinal: false), .continuation([0x62]), .continuation([0x63])]
        ),
        .init("text within text", .protocolError, [.text("a", isFinal: false), .text("b")]),
        .init("binary within text", .protocolError, [.text("a", isFinal: false), .binary([1])]),
        .init("close code 0", .protocolError, [.close(code: 0)]),
        .init("close code 999", .protocolError, [.close(code: 999)]),
        .init("close code 1004", .protocolError, [.close(code: 1004)]),
        .init("close code 1005", .protocolError, [.close(code: 1005)]),
        .init("close code 1006", .protocolError, [.close(code: 1006)]),
        .init("close code 1015", .protocolError, [.close(code: 1015)]),
        .init("close code 1016", .protocolError, [.close(code: 1016)]),
        .init("close code 2999", .protocolError, [.close(code: 2999)]),
        .init("close code 5000", .protocolError, [.close(code: 5000)]),
        .init("close reason not UTF-8", .invalidPayload, [.close([0x03, 0xE8, 0xFF])]),
        .init("close reason cut in a character", .invalidPayload, [.close([0x03, 0xE8, 0xE2, 0x82])]),
        .init("text not UTF-8", .invalidPayload, [.init(opcode: 1, payload: [0xC0, 0xAF])]),
        .init("text with a surrogate", .invalidPayload, [.init(opcode: 1, payload: [0xED, 0xA0, 0x80])]),
        .init("text cut in a character", .invalidPayload, [.init(opcode: 1, payload: [0xE2, 0x82])]),
        .init(
            "continuation not UTF-8",
            .invalidPayload,
            [.text("a", isFinal: false), .continuation([0x80])]
        ),
        .init("frame too big", .messageTooBig, [.binary(Array(repeating: 0, count: 1_001))]),
        .init(
            "message too big",
            .messageTooBig,
            [.binary(Array(repeating: 0, count: 600), isFinal: false), .continuation(Array(repeating: 0, count: 401))]
        ),
        .init(
            "too many fragments",
            .messageTooBig,
            [.binary([], isFinal: false)] + Array(repeating: .continuation([], isFinal: false), count: 10)
        ),
    ]

    @Test(arguments: violations)
    func `a violation fails the connection with its code`(_ violation: Violation) {
        #expect(failure(actions(violation.frames)) == violation.code)
    }

    @Test func `a close frame of one byte fails the connection with 1002`() {
        #expect(failure(actions([.close([0x03])])) == .protocolError)
    }

    @Test func `text that cannot become UTF-8 fails before the message ends`() {
        let frames: [ClientFrame] = [.text("κόσμε", isFinal: false), .continuation([0xF4, 0x90], isFinal: false)]
        #expect(failure(actions(frames)) == .invalidPayload)
    }

    @Test func `a character may be split between fragments`() {
        let frames: [ClientFrame] = [
            .init(opcode: 1, payload: [0x61, 0xF0, 0x9F], isFinal: false),
            .continuation([0x98], isFinal: false), .continuation([0x80]),
        ]
        #expect(actions(frames) == [.wait, .wait, .text(ByteBuffer(string: "a😀"))])
    }

    @Test func `control frames are answered within a message`() {
        let frames: [ClientFrame] = [
            .text("Hel", isFinal: false), .ping([1]), .continuation(Array("l".utf8), isFinal: false), .pong([2]),
            .continuation(Array("o".utf8)),
        ]
        #expect(
            actions(frames) == [
                .wait, .ping(ByteBuffer(bytes: [1])), .wait, .pong(ByteBuffer(bytes: [2])),
                .text(ByteBuffer(string: "Hello")),
            ]
        )
    }

    @Test func `empty messages are messages`() {
        #expect(
            actions([.text(""), .binary([]), .ping(), .text("", isFinal: false), .continuation([])]) == [
                .text(ByteBuffer()), .binary(ByteBuffer()), .ping(ByteBuffer()), .wait, .text(ByteBuffer()),
            ]
        )
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])
    func `a valid close code is accepted`(_ code: UInt16) {
        let payload = ClosePayload(code: .init(rawValue: code), reason: "bye ✓")
        #expect(actions([.close(code: code, reason: "bye ✓")]) == [.close(payload)])
    }

    @Test func `a close frame without a body is accepted`() {
        #expect(actions([.close()]) == [.close(ClosePayload(code: nil))])
    }

    @Test func `nothing is looked at after a close frame`() {
        #expect(actions([.close(), .text("late"), .init(opcode: 3, payload: [])]).dropFirst() == [.wait, .wait])
    }

    @Test func `nothing is looked at after a failure`() {
        let result = actions([.init(opcode: 3, payload: []), .text("late"), .ping()])
        #expect(result.dropFirst() == [.wait, .wait])
    }

    @Test func `a message of exactly the limit is accepted`() {
        let payload = [UInt8](repeating: 7, count: 1_000)
        #expect(actions([.binary(payload)]) == [.binary(ByteBuffer(bytes: payload))])
    }

    @Test func `a message may be split anywhere into two fragments`() {
        let text = "{\"symbol\":\"ÄAPL €😀\"}"
        let bytes = Array(text.utf8)
        for split in 0...bytes.count {
            let frames: [ClientFrame] = [
                .init(opcode: 1, payload: Array(bytes[..<split]), isFinal: false),
                .continuation(Array(bytes[split...])),
            ]
            #expect(actions(frames) == [.wait, .text(ByteBuffer(string: text))], "split at \(split)")
        }
    }

    @Test func `every masking key is undone at every length`() {
        var random = SeededGenerator(seed: 1)
        for length in 0..<70 {
            let payload = random.bytes(length)
            let frame = ClientFrame(opcode: 2, payload: payload, key: random.bytes(4))
            #expect(actions([frame]) == [.binary(ByteBuffer(bytes: payload))])
        }
    }

    @Test func `text that cannot become UTF-8 fails before its frame ends`() {
        let wire = ClientFrame(opcode: 1, payload: Array("κόσμε".utf8) + [0xF4, 0x90, 0x80, 0x80] + [0x61, 0x62]).wire
        for end in wire.indices {
            var machine = InboundMachine(messageBytesMax: 1_000, fragmentsMax: 10, agreement: nil)
            let failure = machine.actions(of: Array(wire[...end])).first?.failure
            // Six bytes of head, ten of a word that is right, one that might become something, and the one that cannot.
            #expect(failure?.closeCode == (end < 17 ? nil : .invalidPayload), "after \(end + 1) bytes")
        }
    }

    @Test func `a message too big is refused by the head that makes it so`() {
        var machine = InboundMachine(messageBytesMax: 1_000, fragmentsMax: 10, agreement: nil)
        let first = machine.receive(.binary(Array(repeating: 0, count: 900), isFinal: false))
        let fits = machine.receive(.continuation(Array(repeating: 0, count: 100), isFinal: false))
        let second = machine.actions(of: [0x00, 0x81])
        #expect([first, fits] == [.wait, .wait])
        #expect(failure(second) == .messageTooBig)
    }

    @Test func `the longest length there is overflows nothing`() {
        let agreement = DeflateAgreement()
        for first in [0x02, 0x42] as [UInt8] {
            var machine = InboundMachine(messageBytesMax: 1_000, fragmentsMax: 10, agreement: agreement)
            _ = machine.actions(of: [first, 0x81, 0, 0, 0, 0, 0])
            let action = machine.actions(of: [0x80, 0xFF, 0x7F] + Array(repeating: 0xFF, count: 7))
            #expect(failure(action) == .messageTooBig)
        }
    }

    @Test func `payload is held as far as it has arrived, and nothing between messages`() {
        var machine = InboundMachine(messageBytesMax: 1 << 20, fragmentsMax: 10, agreement: nil)
        var held: [Int] = []
        let wire = ClientFrame.binary(Array(repeating: 1, count: 1 << 20)).wire
        for piece in [wire[..<14], wire[14..<100], wire[100..<500_000], wire[500_000...]] {
            _ = machine.actions(of: Array(piece))
            held.append(machine.heldBytes)
        }
        _ = machine.actions(of: [0x89, 0x82, 0, 0, 0, 0, 7])
        held.append(machine.heldBytes)
        _ = machine.actions(of: [8])
        held.append(machine.heldBytes)
        #expect(held[0] == 0)
        #expect((86...256).contains(held[1]))
        #expect((499_986...1 << 19).contains(held[2]))
        #expect(held[3] == 0)
        #expect((1...16).contains(held[4]))
        #expect(held[5] == 0)
    }
}
