/// A site, as a browser names it in `Origin` (RFC 6454): scheme, host and port.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https

        var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    package let scheme: Scheme
    package let host: String
    /// The scheme's own where none was written.
    package let port: Int

    /// Reads `scheme://host[:port]`; nil for anything else, `null` and anything with a path included.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()),
            text[colon...].hasPrefix("://"), let authority = Authority(String(text[colon...].dropFirst(3)))
        else { return nil }
        self.init(scheme: scheme, authority: authority)
    }

    init(scheme: Scheme, authority: Authority) {
        self.scheme = scheme
        host = authority.host
        port = authority.port ?? scheme.defaultPort
    }

    package var description: String {
        port == scheme.defaultPort ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
    }
}
