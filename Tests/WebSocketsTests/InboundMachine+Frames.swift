import NIOCore
import SocketSupport
import WebSockets

extension InboundMachine {
    /// Everything that follows from some bytes, but for the last `wait`.
    mutating func actions(of bytes: [UInt8]) -> [Action] {
        var buffer = ByteBuffer(bytes: bytes)
        var actions: [Action] = []
        while true {
            let action = next(&buffer)
            guard action != .wait else { return actions }
            actions.append(action)
        }
    }

    /// What follows from one frame.
    mutating func receive(_ frame: ClientFrame) -> Action {
        actions(of: frame.wire).first ?? .wait
    }
}

extension InboundMachine.Action {
    var failure: WebSocketError? {
        if case .fail(let error) = self { error } else { nil }
    }
}
