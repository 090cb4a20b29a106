import NIOCore
import Testing
import WebSockets

@Suite struct CloseMachineTests {
    private let violation = WebSocketError(.protocolError, "test")

    @Test func `the peer closes: its code goes back and TCP is closed`() {
        var machine = CloseMachine()
        let action = machine.peerClosed(ClosePayload(code: .goingAway, reason: "bye"))
        #expect(action == .answerThenDisconnect(ClosePayload(code: .goingAway)))
        #expect(!machine.isOpen)
        let close = machine.disconnected()
        #expect(close == WebSocketClose(code: .goingAway, reason: "bye", origin: .peer, isClean: true))
    }

    @Test func `the peer closes without a code: the answer has none and 1005 is reported`() {
        var machine = CloseMachine()
        let action = machine.peerClosed(ClosePayload(code: nil))
        #expect(action == .answerThenDisconnect(ClosePayload(code: nil)))
        let close = machine.disconnected()
        #expect(close?.code == .noStatus)
    }

    @Test func `we close: TCP is closed when the peer has answered`() {
        var machine = CloseMachine()
        let sent = machine.close(code: .normal, reason: "done")
        #expect(sent == .send(ClosePayload(code: .normal, reason: "done")))
        #expect(machine.isListening)
        let answered = machine.peerClosed(ClosePayload(code: .normal))
        #expect(answered == .disconnect)
        let close = machine.disconnected()
        #expect(close == WebSocketClose(code: .normal, reason: "done", origin: .local, isClean: true))
    }

    @Test func `both close at once: nothing is answered twice`() {
        var machine = CloseMachine()
        _ = machine.close(code: .goingAway, reason: "")
        let crossed = machine.peerClosed(ClosePayload(code: .normal))
        let again = machine.close(code: .normal, reason: "")
        let more = machine.peerClosed(ClosePayload(code: .normal))
        #expect(crossed == .disconnect)
        #expect(again == .none)
        #expect(more == .none)
    }

    @Test func `the peer never answers: the end is reported as unclean`() {
        var machine = CloseMachine()
        _ = machine.close(code: .init(rawValue: 4003), reason: "")
        let close = machine.disconnected()
        #expect(close == WebSocketClose(code: .init(rawValue: 4003), reason: "", origin: .local, isClean: false))
    }

    @Test func `a violation is told once, and the connection is no longer listened to`() {
        var machine = CloseMachine()
        let first = machine.fail(violation)
        let second = machine.fail(violation)
        let late = machine.peerClosed(ClosePayload(code: .normal))
        #expect(first == .sendThenEndOutput(ClosePayload(code: .protocolError, reason: "test")))
        #expect(second == .none)
        #expect(late == .none)
        #expect(!machine.isListening)
    }

    @Test func `a violation while we close ends TCP without a second close frame`() {
        var machine = CloseMachine()
        _ = machine.close(code: .normal, reason: "")
        let action = machine.fail(violation)
        #expect(action == .disconnect)
        let close = machine.disconnected()
        #expect(close?.code == .normal)
    }

    @Test func `a lost connection is reported as 1006, once`() {
        var machine = CloseMachine()
        let close = machine.disconnected()
        let again = machine.disconnected()
        #expect(close == WebSocketClose(code: .abnormal, reason: "", origin: .transport, isClean: false))
        #expect(again == nil)
    }

    @Test func `a long reason is cut at a character`() throws {
        var buffer = ByteBuffer()
        ClosePayload(code: .normal, reason: String(repeating: "€", count: 60)).write(into: &buffer)
        #expect(buffer.readableBytes == 2 + 123)
        let read = try ClosePayload(parsing: buffer)
        #expect(read.reason == String(repeating: "€", count: 41))
    }

    /// Every order in which five things can happen to both ends.
    @Test func `however the ends race, one close frame is sent and one end reported`() {
        let stepsMax = 5
        for race in 0..<pow(5, stepsMax) {
            var machine = CloseMachine()
            var rest = race
            var framesSent = 0
            var ends: [WebSocketClose] = []
            for _ in 0..<stepsMax {
                switch rest % 5 {
                case 0: if machine.close(code: .normal, reason: "") != .none { framesSent += 1 }
                case 1:
                    if case .answerThenDisconnect = machine.peerClosed(ClosePayload(code: .goingAway)) {
                        framesSent += 1
                    }
                case 2: if case .sendThenEndOutput = machine.fail(violation) { framesSent += 1 }
                case 3: machine.abandon(violation)
                default: if let end = machine.disconnected() { ends.append(end) }
                }
                rest /= 5
            }
            if let end = machine.disconnected() { ends.append(end) }
            #expect(framesSent <= 1 && ends.count == 1, "race \(race)")
            #expect(ends.first?.isClean != true || framesSent == 1, "race \(race)")
            #expect(!machine.isListening)
        }
    }

    private func pow(_ base: Int, _ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * base } }
}
