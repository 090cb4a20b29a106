/// What a client may do wrong with its frames, each with the code of RFC 6455 §7.4.1.
enum Violation {
    static let unmasked = WebSocketError(.protocolError, "a client's frame must be masked")
    static let reservedBit = WebSocketError(.protocolError, "a reserved bit is set that nobody agreed on")
    static let opcode = WebSocketError(.protocolError, "unknown opcode")
    static let control = WebSocketError(.protocolError, "a control frame must be whole and have at most 125 bytes")
    static let length = WebSocketError(.protocolError, "a length must be written in the fewest bytes, below 2^63")
    static let nothingToContinue = WebSocketError(.protocolError, "there is no message to continue")
    static let unfinishedMessage = WebSocketError(.protocolError, "a message began before the last one ended")
    static let notUTF8 = WebSocketError(.invalidPayload, "the text is not UTF-8")
    static let tooBig = WebSocketError(.messageTooBig, "the message is too big")
    static let tooManyFragments = WebSocketError(.messageTooBig, "the message has too many fragments")
}
