/// Why the server closes a WebSocket. A code is forever; its range tells the client whether to try again.
package enum CloseCode: UInt16, CaseIterable, Sendable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case binaryMessage = 1003
    case invalidUTF8 = 1007
    case messageTooBig = 1009
    case heartbeatMissed = 4000
    case tooSlow = 4001
    case tooManyMessages = 4002
    case deskFull = 4003
    case badRequest = 4500

    /// 4500–4999 mean don't; everything else means try again.
    package var isRetryable: Bool { !(4500...4999).contains(rawValue) }

    /// At most 123 bytes, as a close frame allows.
    package var reason: String {
        switch self {
        case .normal: "Closed."
        case .goingAway: "The server is going away."
        case .protocolError: "Protocol error."
        case .binaryMessage: "Messages are JSON in text frames."
        case .invalidUTF8: "The text is not valid UTF-8."
        case .messageTooBig: "The message is too big."
        case .heartbeatMissed: "No answer to the heartbeat."
        case .tooSlow: "Too slow for too long. Reconnect and resume."
        case .tooManyMessages: "Too many messages."
        case .deskFull: "The desk is full."
        case .badRequest: "The request is wrong. Do not reconnect unchanged."
        }
    }
}
