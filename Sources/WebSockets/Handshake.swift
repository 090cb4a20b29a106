internal import NIOHTTP1

/// A client's opening handshake (RFC 6455 §4.2.1), read from a request's head.
struct Handshake {
    static let version = "13"

    let head: HTTPRequestHead
    let offers: [ExtensionOffer]

    /// What a request's head asks for.
    enum Verdict {
        /// Plain HTTP.
        case http
        case webSocket(Handshake)
        /// It asks for a WebSocket in a way that must be refused.
        case refused(Refusal)
    }

    /// Why a handshake cannot be accepted, whatever the application thinks of it.
    enum Refusal: Equatable {
        /// 400 (RFC 6455 §4.2.1).
        case malformed(String)
        /// 426 (RFC 6455 §4.2.2, §4.4).
        case version
    }

    static func verdict(on head: HTTPRequestHead) -> Verdict {
        guard isAttempt(head) else { return .http }
        if let refusal = refusal(of: head) { return .refused(refusal) }
        let values = head.headers["Sec-WebSocket-Extensions"]
        // "MUST immediately _Fail the WebSocket Connection_" (RFC 6455 §9.1).
        guard let offers = ExtensionOffer.parse(headerValues: values) else {
            return .refused(.malformed("Sec-WebSocket-Extensions does not conform to RFC 6455"))
        }
        return .webSocket(Handshake(head: head, offers: offers))
    }

    /// Whoever sends any of these means WebSocket, and is better told what is wrong than given a page.
    private static func isAttempt(_ head: HTTPRequestHead) -> Bool {
        list(head, "Upgrade").contains("websocket") || head.headers.contains(name: "Sec-WebSocket-Key")
            || head.headers.contains(name: "Sec-WebSocket-Version")
    }

    private static func refusal(of head: HTTPRequestHead) -> Refusal? {
        guard head.method == .GET else { return .malformed("the handshake must be a GET") }
        guard head.version == .http1_1 else { return .malformed("the handshake needs HTTP/1.1") }
        guard head.headers["Host"].count == 1 else { return .malformed("the handshake needs one Host") }
        guard list(head, "Upgrade").contains("websocket") else { return .malformed("Upgrade must name websocket") }
        guard list(head, "Connection").contains("upgrade") else { return .malformed("Connection must name Upgrade") }
        let versions = head.headers["Sec-WebSocket-Version"]
        guard !versions.isEmpty else { return .malformed("Sec-WebSocket-Version is missing") }
        guard versions == [version] else { return .version }
        let keys = head.headers["Sec-WebSocket-Key"]
        guard keys.count == 1, isKey(keys[0]) else {
            return .malformed("Sec-WebSocket-Key must be 16 bytes in base64, once")
        }
        return nil
    }

    /// 16 bytes are 22 characters of base64 and two of padding; the 22nd carries four bits (RFC 4648 §4).
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes.suffix(2) == [UInt8(ascii: "="), UInt8(ascii: "=")] else { return false }
        return bytes.prefix(22).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }

    private static func list(_ head: HTTPRequestHead, _ name: String) -> [String] {
        head.headers[canonicalForm: name].map { $0.lowercased() }
    }
}
