internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Wire

/// Reads a request's body: JSON of a known kind, at most so many bytes.
///
/// Insisting on a JSON media type is a guard as well: a foreign page's form cannot send one, and its script cannot
/// without asking first (a CORS preflight, which the desk refuses).
struct BoundedBody: Hashable, Sendable {
    enum Format: String, Hashable, Sendable, CaseIterable {
        /// `application/json`, `application/*+json`.
        case json = "application/json"
        /// `application/x-ndjson`: one JSON value per line.
        case lines = "application/x-ndjson"
    }

    let bytesMax: Int
    let formats: Set<Format>

    init(bytesMax: Int, formats: Set<Format> = [.json]) {
        self.bytesMax = bytesMax
        self.formats = formats
    }

    /// The body and what it claims to be. An empty body needs no media type and counts as JSON.
    ///
    /// - Throws: a 413 problem as soon as more than `bytesMax` bytes are announced or seen; a 415 problem for another
    ///   media type, for a charset other than UTF-8 and for a compressed body.
    func read(_ request: Request) async throws -> (bytes: ByteBuffer, format: Format) {
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > bytesMax {
            throw Problem.bodyTooLarge(bytesMax: bytesMax)
        }
        let format = try format(of: request)
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: bytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(bytesMax: bytesMax)
        }
        guard let format else {
            guard bytes.readableBytes == 0 else { throw Problem.unsupportedMediaType(accepted: formats) }
            return (bytes, .json)
        }
        return (bytes, format)
    }

    /// nil where the request does not say.
    private func format(of request: Request) throws -> Format? {
        let coding = request.headers[.contentEncoding]?.lowercased()
        guard coding == nil || coding == "identity" else { throw Problem.unsupportedMediaType(accepted: formats) }
        guard let field = request.headers[.contentType] else { return nil }
        guard let format = Self.format(contentType: field), formats.contains(format) else {
            throw Problem.unsupportedMediaType(accepted: formats)
        }
        return format
    }

    private static func format(contentType: String) -> Format? {
        if contentType == Format.json.rawValue { return .json }
        let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            guard ["utf-8", "\"utf-8\""].contains(parameter.dropFirst("charset=".count)) else { return nil }
        }
        if let format = Format(rawValue: parts[0]) { return format }
        let suffix = "+json"
        let isJSON = parts[0].hasPrefix("application/") && parts[0].hasSuffix(suffix)
        return isJSON && parts[0].count > "application/".count + suffix.count ? .json : nil
    }
}
