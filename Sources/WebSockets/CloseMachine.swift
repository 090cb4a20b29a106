/// The end of a connection: who says goodbye, who answers, when TCP is closed (RFC 6455 §7.1).
///
/// Pure: it neither writes nor reads time; `timedOut()` is the caller's timer, armed by the actions that say so.
package struct CloseMachine {
    private enum State {
        case open
        /// Our close frame is out; the peer's is awaited.
        case closing(WebSocketClose)
        /// All has been said; TCP is being closed.
        case ending(WebSocketClose)
        case ended
    }

    private var state = State.open

    package init() {}

    /// Whether messages may be sent and are delivered.
    package var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    /// Whether frames of the peer still matter: until its close frame or a failure.
    package var isListening: Bool {
        switch state {
        case .open, .closing: true
        case .ending, .ended: false
        }
    }

    package enum CloseAction: Hashable {
        /// Send the close frame and arm the timer.
        case send(ClosePayload)
        case none
    }

    /// The application, or the server's shutdown, closes the connection.
    package mutating func close(code: WebSocketCloseCode, reason: String) -> CloseAction {
        guard case .open = state else { return .none }
        state = .closing(.init(code: code, reason: reason, origin: .local, isClean: false))
        return .send(ClosePayload(code: code, reason: reason))
    }

    package enum PeerCloseAction: Hashable {
        /// Answer with the peer's own code (RFC 6455 §5.5.1), then close TCP, which is the server's part (§7.1.1).
        case answerThenDisconnect(ClosePayload)
        case disconnect
        case none
    }

    package mutating func peerClosed(_ payload: ClosePayload) -> PeerCloseAction {
        switch state {
        case .open:
            let code = payload.code ?? .noStatus
            state = .ending(.init(code: code, reason: payload.reason, origin: .peer, isClean: true))
            return .answerThenDisconnect(ClosePayload(code: payload.code))
        case .closing(let close):
            state = .ending(.init(code: close.code, reason: close.reason, origin: .local, isClean: true))
            return .disconnect
        case .ending, .ended: return .none
        }
    }

    package enum FailAction: Hashable {
        /// Send the close frame, close our half of TCP and arm the timer: closing both halves with bytes of the peer's
        /// still unread would reset the connection, and the peer might never see the frame.
        case sendThenEndOutput(ClosePayload)
        case disconnect
        case none
    }

    /// The peer broke the protocol (RFC 6455 §7.1.7).
    package mutating func fail(_ error: WebSocketError) -> FailAction {
        let close = WebSocketClose(code: error.closeCode, reason: error.message, origin: .local, isClean: false)
        switch state {
        case .open:
            state = .ending(close)
            return .sendThenEndOutput(ClosePayload(code: error.closeCode, reason: error.message))
        case .closing(let begun):
            state = .ending(begun)
            return .disconnect
        case .ending, .ended: return .none
        }
    }

    /// The connection is cut off without a word, for there is no use in sending one.
    package mutating func abandon(_ error: WebSocketError) {
        guard isListening else { return }
        state = .ending(.init(code: error.closeCode, reason: error.message, origin: .local, isClean: false))
    }

    /// TCP is gone. Returns the end to report, once.
    package mutating func disconnected() -> WebSocketClose? {
        defer { state = .ended }
        switch state {
        case .open: return WebSocketClose(code: .abnormal, reason: "", origin: .transport, isClean: false)
        case .closing(let close), .ending(let close): return close
        case .ended: return nil
        }
    }
}
