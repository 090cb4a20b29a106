import Crypto
import Foundation

/// Signatures of the Standard Webhooks specification (https://www.standardwebhooks.com), in both directions.
///
/// The signed text is `id.timestamp.body`; a signature is `v1,` and the base64 of its HMAC-SHA256.
enum StandardWebhook {
    static let idField = "webhook-id"
    static let timestampField = "webhook-timestamp"
    static let signatureField = "webhook-signature"
    /// More signatures than that are no rotation of secrets.
    static let signaturesMax = 16

    /// One signature for each key of the secret, apart by spaces.
    static func signature(id: String, timestamp: Int64, body: [UInt8], with secret: Secret) -> String {
        let signed = signedText(id: id, timestamp: String(timestamp), body)
        return secret.keys.map { key in
            "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
        }.joined(separator: " ")
    }

    /// Whether one of the signatures is by one of the secret's keys. Compares in constant time.
    static func isSigned(id: String, timestamp: String, body: [UInt8], by field: String, with secret: Secret) -> Bool {
        let signed = signedText(id: id, timestamp: timestamp, body)
        let codes = field.split(separator: " ").prefix(signaturesMax).compactMap { word -> Data? in
            guard word.hasPrefix("v1,") else { return nil }
            return Data(base64Encoded: String(word.dropFirst(3)))
        }
        return secret.keys.contains { key in
            codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key) }
        }
    }

    private static func signedText(id: String, timestamp: String, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}
