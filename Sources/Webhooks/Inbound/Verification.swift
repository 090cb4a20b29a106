import Crypto
package import Domain
import Foundation
package import Wire

/// How a source proves that a request is its own.
package enum Verification: Sendable {
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature` (https://www.standardwebhooks.com).
    case standardWebhooks(Secret)
    /// One field `t=SECONDS,v1=HEX`, as Stripe sends it; the signed text is `SECONDS.BODY`.
    case timestamped(Secret, field: String)
    /// A secret in the body, for senders that cannot sign. The body is JSON.
    case passphrase(Secret, at: JSONPointer)

    /// How far the clocks of sender and desk may be apart, and how long a request is good for.
    package static let toleranceMs: Int64 = 300_000

    /// A request as it came.
    package struct Request: Sendable {
        package let field: @Sendable (String) -> String?
        package let body: [UInt8]
        package let arrivedAt: Timestamp

        package init(field: @escaping @Sendable (String) -> String?, body: [UInt8], arrivedAt: Timestamp) {
            self.field = field
            self.body = body
            self.arrivedAt = arrivedAt
        }
    }

    /// Why a request is not believed: for the log. Whoever sent it is only told that it is not.
    package struct Doubt: Error, Hashable, Sendable {
        package let reason: String
    }

    /// What an unbelieved passphrase request may still be told: that its body is no JSON.
    package enum Fault: Error, Sendable {
        case doubt(Doubt)
        case unreadable(InvalidRequest)

        static func unproved(_ reason: String) -> Fault { .doubt(Doubt(reason: reason)) }
    }

    /// What makes a request the same when it comes again, unless the source says otherwise.
    package func verify(_ request: Request) throws(Fault) -> String {
        switch self {
        case .standardWebhooks(let secret): return try Self.standard(request, secret)
        case .timestamped(let secret, let field): return try Self.timestamped(request, secret, field)
        case .passphrase(let secret, let pointer): return try Self.passphrase(request, secret, pointer)
        }
    }

    /// The hexadecimal SHA-256 of what is the same when a request comes again.
    static func digest(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: Array(bytes))
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func standard(_ request: Request, _ secret: Secret) throws(Fault) -> String {
        guard let id = request.field(StandardWebhook.idField),
            let timestamp = request.field(StandardWebhook.timestampField),
            let signatures = request.field(StandardWebhook.signatureField)
        else { throw .unproved("a field of the signature is missing") }
        guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !id.contains(".")
        else { throw .unproved("webhook-id is not 1 to 128 visible ASCII characters without a dot") }
        try checkFresh(timestamp, at: request.arrivedAt)
        guard StandardWebhook.isSigned(id: id, timestamp: timestamp, body: request.body, by: signatures, with: secret)
        else { throw .unproved("no signature fits") }
        return id
    }

    private static func timestamped(_ request: Request, _ secret: Secret, _ field: String) throws(Fault) -> String {
        guard let text = request.field(field) else { throw .unproved("\(field) is missing") }
        var timestamps: [Substring] = []
        var codes: [Data] = []
        for part in text.split(separator: ",").prefix(StandardWebhook.signaturesMax) {
            let part = part.drop(while: { $0 == " " })
            if part.hasPrefix("t=") { timestamps.append(part.dropFirst(2)) }
            if part.hasPrefix("v1="), let code = Data(hexadecimal: part.dropFirst(3)) { codes.append(code) }
        }
        guard timestamps.count == 1, let timestamp = timestamps.first else { throw .unproved("\(field) has no one t=") }
        try checkFresh(String(timestamp), at: request.arrivedAt)
        let signed = Array("\(timestamp).".utf8) + request.body
        let fits = secret.keys.contains { key in
            codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key) }
        }
        guard fits else { throw .unproved("no signature fits") }
        return digest(signed)
    }

    private static func passphrase(_ request: Request, _ secret: Secret, _ pointer: JSONPointer) throws(Fault) -> String
    {
        let document: JSONValue
        do throws(JSONFault) {
            document = try JSONParser.parse(request.body)
        } catch {
            throw .unreadable(InvalidRequest(error))
        }
        guard case .string(let said) = pointer.value(in: document) else { throw .unproved("there is no passphrase") }
        // Of codes under a key that nobody knows, so that comparing tells nothing of where they differ.
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: Data(said.utf8), using: key)
        let fits = secret.keys.contains { passphrase in
            passphrase.withUnsafeBytes {
                HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data($0), using: key)
            }
        }
        guard fits else { throw .unproved("the passphrase is another") }
        return digest(request.body)
    }

    /// - Parameter timestamp: seconds since 1970.
    private static func checkFresh(_ timestamp: String, at now: Timestamp) throws(Fault) {
        guard (1...12).contains(timestamp.utf8.count),
            timestamp.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let seconds = Int64(timestamp)
        else { throw .unproved("the timestamp is not seconds since 1970") }
        guard abs(now.milliseconds - seconds * 1000) <= toleranceMs else { throw .unproved("the timestamp is stale") }
    }
}

extension Data {
    fileprivate init?(hexadecimal text: Substring) {
        guard text.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = text
        while !rest.isEmpty {
            let pair = rest.prefix(2)
            guard pair.allSatisfy(\.isHexDigit), let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self.init(bytes)
    }
}
