/// What the two ends agreed on for permessage-deflate (RFC 7692 §7.1).
package struct DeflateAgreement: Hashable, Sendable {
    package static let extensionName = "permessage-deflate"

    /// The client asked that no message of ours refers to an earlier one.
    package var serverNoContextTakeover = false
    /// No message of the client's refers to an earlier one: its window need not be kept.
    package var clientNoContextTakeover = false
    /// 8…15, the window the client keeps for our messages; absent means 15.
    package var serverMaxWindowBits: Int?
    /// 8…15, the window we keep for the client's messages; absent means 15.
    package var clientMaxWindowBits: Int?

    package init() {}

    /// The first of the client's offers that can be met, or `nil`: then the connection has no extension (RFC 7692 §5).
    package init?(answering offers: [ExtensionOffer], policy: DeflatePolicy) {
        for offer in offers {
            if let agreement = Self(answering: offer, policy: policy) {
                self = agreement
                return
            }
        }
        return nil
    }

    /// Declines an offer with a parameter that is unknown, doubled or has a bad value (RFC 7692 §7.1).
    private init?(answering offer: ExtensionOffer, policy: DeflatePolicy) {
        guard offer.name.lowercased() == Self.extensionName else { return nil }
        var seen: Set<String> = []
        var clientUnderstandsWindowBits = false
        for parameter in offer.parameters {
            let name = parameter.name.lowercased()
            guard seen.insert(name).inserted else { return nil }
            switch (name, parameter.value) {
            case ("server_no_context_takeover", nil):
                serverNoContextTakeover = true
            case ("client_no_context_takeover", nil):
                clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                // 8 can be granted too: see `Deflater.init(windowBits:)`.
                guard let bits = Self.windowBits(value) else { return nil }
                serverMaxWindowBits = bits
            case ("client_max_window_bits", nil):
                clientUnderstandsWindowBits = true
            case ("client_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                clientUnderstandsWindowBits = true
                clientMaxWindowBits = bits
            default: return nil
            }
        }
        // Ours to demand whether or not it was offered (RFC 7692 §7.1.1.2) …
        if !policy.allowsClientContextTakeover { clientNoContextTakeover = true }
        // … but this one only of a client that understands it (RFC 7692 §7.1.2.2).
        if clientUnderstandsWindowBits, policy.clientWindowBitsMax < clientMaxWindowBits ?? 15 {
            clientMaxWindowBits = policy.clientWindowBitsMax
        }
    }

    /// The value of our `Sec-WebSocket-Extensions` header.
    package var headerValue: String {
        var value = Self.extensionName
        if serverNoContextTakeover { value += "; server_no_context_takeover" }
        if clientNoContextTakeover { value += "; client_no_context_takeover" }
        if let serverMaxWindowBits { value += "; server_max_window_bits=\(serverMaxWindowBits)" }
        if let clientMaxWindowBits { value += "; client_max_window_bits=\(clientMaxWindowBits)" }
        return value
    }

    /// "A decimal integer value without leading zeroes between 8 to 15, inclusive" (RFC 7692 §7.1.2.1).
    private static func windowBits(_ text: String) -> Int? {
        switch text {
        case "8": 8
        case "9": 9
        case "10": 10
        case "11": 11
        case "12": 12
        case "13": 13
        case "14": 14
        case "15": 15
        default: nil
        }
    }
}

/// How a server wants its connections compressed.
package struct DeflatePolicy: Hashable, Sendable {
    /// Messages shorter than this go uncompressed.
    package var deflateBytesMin: Int
    /// 8…15.
    package var clientWindowBitsMax: Int
    /// Whether a client's messages may refer to earlier ones, at about 42 kB of memory for each client that sends any.
    package var allowsClientContextTakeover: Bool

    package init(deflateBytesMin: Int = 128, clientWindowBitsMax: Int = 15, allowsClientContextTakeover: Bool = false) {
        precondition((8...15).contains(clientWindowBitsMax))
        self.deflateBytesMin = deflateBytesMin
        self.clientWindowBitsMax = clientWindowBitsMax
        self.allowsClientContextTakeover = allowsClientContextTakeover
    }
}
