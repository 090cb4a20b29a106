internal import HTTPTypes

/// Which sites' pages may act on the desk through a visitor's browser. A pure value; it decides for REST and for the
/// WebSocket upgrade.
///
/// Two attacks are meant. *Cross-site requests*: a foreign page posts to the desk, or opens its socket, with the
/// visitor's cookie or from behind the visitor's firewall; the browser says so in `Origin` and `Sec-Fetch-Site`, which a
/// page cannot forge. *DNS rebinding*: a foreign name is made to resolve to 127.0.0.1, so that the foreign page counts as
/// same-origin; then `Host` still carries the foreign name, which a desk that is bound to loopback refuses.
///
/// A program that is not a browser sends no `Origin` and may do as its token allows.
package struct OriginPolicy: Hashable, Sendable {
    package enum Hosts: Hashable, Sendable {
        /// Bound beyond loopback: the desk does not know its own names.
        case any
        /// Bound to loopback: loopback's names and addresses at any port, and these, such as the name that a reverse
        /// proxy passes on. One without a port stands for every port.
        case loopback(and: Set<Authority>)
    }

    /// What is asked for.
    package enum Purpose: Hashable, Sendable {
        case rest(method: String)
        case upgrade
    }

    package enum Verdict: Hashable, Sendable {
        case allowed
        /// `Host` is not one of ours.
        case hostForbidden
        /// The page that sent it is another site's.
        case originForbidden
    }

    /// The fields that a request came with, as they stood in it.
    package struct Claim: Hashable, Sendable {
        package var origin: String?
        package var host: String?
        package var fetchSite: String?

        package init(origin: String?, host: String?, fetchSite: String?) {
            self.origin = origin
            self.host = host
            self.fetchSite = fetchSite
        }
    }

    package var hosts: Hosts
    /// Other sites that may act here.
    package var origins: Set<Origin>

    package init(hosts: Hosts, origins: Set<Origin> = []) {
        self.hosts = hosts
        self.origins = origins
    }

    package func verdict(on claim: Claim, for purpose: Purpose) -> Verdict {
        guard isOurs(host: claim.host) else { return .hostForbidden }
        guard Self.needsOrigin(purpose) else { return .allowed }
        return isWelcome(claim, for: purpose) ? .allowed : .originForbidden
    }

    /// Reading over REST needs none: the browser keeps the answer from a foreign page (no CORS, and
    /// `Cross-Origin-Resource-Policy`). A socket has no such guard, so the upgrade is checked although it is a GET.
    private static func needsOrigin(_ purpose: Purpose) -> Bool {
        switch purpose {
        case .upgrade: true
        case .rest("GET"), .rest("HEAD"), .rest("OPTIONS"): false
        case .rest: true
        }
    }

    private func isOurs(host: String?) -> Bool {
        guard case .loopback(let others) = hosts else { return true }
        // Every browser sends Host; what sends none (HTTP/1.0) cannot have been rebound.
        guard let host else { return true }
        if Self.isPlainLoopback(host) { return true }
        guard let authority = Authority(host) else { return false }
        return authority.isLoopback
            || others.contains { $0.host == authority.host && ($0.port == nil || $0.port == authority.port) }
    }

    /// Loopback as nearly everybody writes it: needs no taking apart.
    private static func isPlainLoopback(_ host: String) -> Bool {
        for name in ["127.0.0.1", "localhost"] where host.hasPrefix(name) {
            let rest = host.utf8.dropFirst(name.utf8.count)
            guard let colon = rest.first else { return true }
            guard colon == UInt8(ascii: ":"), rest.count <= 6 else { return false }
            var port = 0
            for byte in rest.dropFirst() {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return false }
                port = port * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return port <= 65_535
        }
        return false
    }

    private func isWelcome(_ claim: Claim, for purpose: Purpose) -> Bool {
        let isOwnPage = claim.fetchSite == nil || claim.fetchSite == "same-origin" || claim.fetchSite == "none"
        // Some requests of a page carry no Origin, but then still Sec-Fetch-Site.
        guard let text = claim.origin else { return isOwnPage }
        // "null" (a sandboxed frame, a file, a redirect across sites) is no origin and never welcome.
        guard let origin = Origin(text) else { return false }
        if origins.contains(origin) { return true }
        // Behind a proxy that ends TLS the scheme is not known here, so it is the origin's that gives the default port.
        guard let host = claim.host.flatMap(Authority.init),
            origin == Origin(scheme: origin.scheme, authority: host)
        else { return false }
        // That leaves http://desk acting on https://desk, which only this field tells apart. Not asked of a socket: whether
        // ws is the same site as http is not something that browsers have always agreed on.
        return isOwnPage || purpose == .upgrade
    }
}

extension OriginPolicy.Claim {
    /// - Parameter head: HTTP/1.1's `Host` is its authority.
    init(_ head: HTTPRequest) {
        self.init(
            origin: head.headerFields[.origin],
            host: head.authority,
            fetchSite: head.headerFields[.secFetchSite]
        )
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = Self("Sec-Fetch-Site")!
}
