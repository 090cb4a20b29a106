/// What a file is, told from its name's extension alone: nothing is sniffed, here or in the browser.
struct ContentType: Hashable, Sendable {
    /// The value of the `Content-Type` field, with a charset where the type is text.
    let field: String
    /// Whether gzip is worth trying; fonts and pictures are compressed already.
    let compresses: Bool

    private init(_ field: String, compresses: Bool) {
        self.field = field
        self.compresses = compresses
    }

    /// - Parameter fileExtension: without the dot, in any case. An unknown one is opaque bytes, which a browser
    ///   downloads rather than shows.
    init(fileExtension: String) {
        self = Self.known[fileExtension.lowercased()] ?? Self("application/octet-stream", compresses: false)
    }

    private static let known: [String: ContentType] = [
        "css": Self("text/css; charset=utf-8", compresses: true),
        "html": Self("text/html; charset=utf-8", compresses: true),
        "ico": Self("image/x-icon", compresses: false),
        // RFC 9239: JavaScript is text/javascript, modules included.
        "js": Self("text/javascript; charset=utf-8", compresses: true),
        "json": Self("application/json; charset=utf-8", compresses: true),
        "map": Self("application/json; charset=utf-8", compresses: true),
        "mjs": Self("text/javascript; charset=utf-8", compresses: true),
        "png": Self("image/png", compresses: false),
        "svg": Self("image/svg+xml; charset=utf-8", compresses: true),
        "txt": Self("text/plain; charset=utf-8", compresses: true),
        "webmanifest": Self("application/manifest+json; charset=utf-8", compresses: true),
        "woff2": Self("font/woff2", compresses: false),
    ]
}
