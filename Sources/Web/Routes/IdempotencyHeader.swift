import Crypto
import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// The `Idempotency-Key` of a request (GAP-09): who sends the same request twice under one key gets one effect.
struct IdempotencyHeader: Sendable {
    static let charactersMax = 128

    let key: String

    /// `nil` without the header; a problem when it is not 1–128 visible ASCII characters.
    init?(_ request: Request) throws {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...Self.charactersMax).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Problem(
                .invalidRequest,
                "Idempotency-Key must be 1 to \(Self.charactersMax) visible ASCII characters."
            )
        }
        self.key = key
    }

    /// The key of one decision among others in a request.
    init(of decision: DecisionID) { key = decision.text }

    /// What is kept of one decision among others in a request.
    func receipt(scope: String, item: [UInt8]) -> Append.NewReceipt {
        var hash = SHA256()
        hash.update(data: Array("item\n".utf8))
        hash.update(data: item)
        return Append.NewReceipt(key: IdempotencyKey(scope: scope, key: key), fingerprint: Self.hex(hash.finalize()))
    }

    /// What is kept of the request; its method, path, source and body tell it from another one under the same key.
    func receipt(scope: String, _ request: Request, body: ByteBuffer) -> Append.NewReceipt {
        Append.NewReceipt(
            key: IdempotencyKey(scope: scope, key: key),
            fingerprint: Self.fingerprint(request, body: body)
        )
    }

    static func fingerprint(_ request: Request, body: ByteBuffer) -> String {
        var hash = SHA256()
        hash.update(data: Array("\(request.method.rawValue) \(request.uri.path)\n".utf8))
        if let source = request.query("source") { hash.update(data: Array("source=\(source)\n".utf8)) }
        hash.update(data: Array(body.readableBytesView))
        return hex(hash.finalize())
    }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.lazy.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
}
