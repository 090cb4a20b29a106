/// A status code of a close frame (RFC 6455 §7.4, IANA "WebSocket Close Code Number Registry").
package struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let normal = Self(rawValue: 1000)
    package static let goingAway = Self(rawValue: 1001)
    package static let protocolError = Self(rawValue: 1002)
    package static let unsupportedData = Self(rawValue: 1003)
    /// The peer's close frame held no code. Never sent.
    package static let noStatus = Self(rawValue: 1005)
    /// The connection was lost without a close frame. Never sent.
    package static let abnormal = Self(rawValue: 1006)
    package static let invalidPayload = Self(rawValue: 1007)
    package static let policyViolation = Self(rawValue: 1008)
    package static let messageTooBig = Self(rawValue: 1009)
    package static let internalError = Self(rawValue: 1011)
    package static let tryAgainLater = Self(rawValue: 1013)

    /// Whether an endpoint may put this code into a close frame (RFC 6455 §7.4.1 and §7.4.2).
    package var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

extension WebSocketCloseCode: CustomStringConvertible {
    package var description: String { String(rawValue) }
}

/// How a connection ended. Reported once, when its TCP connection is gone.
package struct WebSocketClose: Hashable, Sendable {
    /// Who ended it.
    package enum Origin: Hashable, Sendable {
        /// The peer's close frame came first.
        case peer
        /// We closed it, or failed it for breaking the protocol.
        case local
        /// The TCP connection was lost.
        case transport
    }

    /// The code of the first close frame; 1005 when that frame had none, 1006 when there was no frame.
    package let code: WebSocketCloseCode
    package let reason: String
    package let origin: Origin
    /// Whether close frames went both ways (RFC 6455 §7.1.4).
    package let isClean: Bool

    package init(code: WebSocketCloseCode, reason: String, origin: Origin, isClean: Bool) {
        self.code = code
        self.reason = reason
        self.origin = origin
        self.isClean = isClean
    }
}
