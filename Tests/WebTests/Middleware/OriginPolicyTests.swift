import Testing

@testable import Web

@Suite struct OriginPolicyTests {
    private let local = OriginPolicy(hosts: .loopback(and: []))
    private let everyPurpose: [OriginPolicy.Purpose] = [
        .upgrade, .rest(method: "POST"), .rest(method: "GET"), .rest(method: "DELETE"),
    ]

    private func verdict(
        _ policy: OriginPolicy,
        origin: String?,
        host: String? = "localhost:8000",
        site: String? = nil,
        for purpose: OriginPolicy.Purpose = .rest(method: "POST")
    ) -> OriginPolicy.Verdict {
        policy.verdict(on: .init(origin: origin, host: host, fetchSite: site), for: purpose)
    }

    @Test func `a program that is no browser may read, write and connect`() {
        for purpose in everyPurpose { #expect(verdict(local, origin: nil, for: purpose) == .allowed) }
    }

    @Test(arguments: [
        ("http://localhost:8000", "localhost:8000"), ("http://LOCALHOST:8000", "localhost.:8000"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"), ("http://[::1]:8000", "[0:0::1]:8000"),
        ("http://localhost", "localhost:80"), ("http://localhost:80", "localhost"),
        ("https://localhost", "localhost:443"), ("https://localhost", "localhost"),
        ("https://localhost:443", "localhost"),
    ])
    func `the desk's own page may act, however it is spelled`(origin: String, host: String) {
        #expect(verdict(local, origin: origin, host: host) == .allowed)
        #expect(verdict(local, origin: origin, host: host, site: "same-origin") == .allowed)
        #expect(verdict(local, origin: origin, host: host, for: .upgrade) == .allowed)
    }

    @Test(arguments: [
        "https://evil.example", "http://localhost:8001", "http://localhost", "https://localhost",
        "http://127.0.0.1:8000",
        "http://localhost.evil.example:8000", "http://localhost:8000.evil.example", "null", "", "file://",
        "chrome-extension://abc", "http://localhost:8000/", "http://user@localhost:8000", "localhost:8000",
        "http://localhost:8000, http://localhost:8000", "http://localhost:8000 http://evil.example",
        "ws://localhost:8000",
    ])
    func `another site's page may neither write nor connect`(origin: String) {
        #expect(verdict(local, origin: origin) == .originForbidden)
        #expect(verdict(local, origin: origin, for: .rest(method: "DELETE")) == .originForbidden)
        #expect(verdict(local, origin: origin, for: .rest(method: "post")) == .originForbidden)
        #expect(verdict(local, origin: origin, for: .upgrade) == .originForbidden)
    }

    @Test func `reading over REST asks for no origin, for the browser keeps the answer`() {
        for method in ["GET", "HEAD", "OPTIONS"] {
            #expect(verdict(local, origin: "https://evil.example", for: .rest(method: method)) == .allowed)
        }
    }

    @Test(arguments: ["cross-site", "same-site", "nonsense"])
    func `a write that the browser calls another site's is refused even without an origin`(site: String) {
        #expect(verdict(local, origin: nil, site: site) == .originForbidden)
        #expect(verdict(local, origin: nil, site: site, for: .upgrade) == .originForbidden)
        #expect(verdict(local, origin: "http://localhost:8000", site: site) == .originForbidden)
    }

    @Test func `a page's own socket connects whatever the browser calls ws beside http`() {
        let origin = "http://localhost:8000"
        #expect(verdict(local, origin: origin, site: "cross-site", for: .upgrade) == .allowed)
    }

    @Test func `an allowed site may act and its neighbours may not`() throws {
        let origin = try #require(Origin("https://tools.example"))
        let policy = OriginPolicy(hosts: .any, origins: [origin])
        for purpose in everyPurpose {
            #expect(verdict(policy, origin: "https://Tools.example:443", site: "cross-site", for: purpose) == .allowed)
        }
        for other in ["http://tools.example", "https://tools.example:8443", "https://a.tools.example", "null"] {
            #expect(verdict(policy, origin: other) == .originForbidden)
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:8000", "localhost.evil.example:8000", "0.0.0.0:8000", "192.168.1.4:8000",
        "127.0.0.1.evil.example", "127.1:8000", "", "localhost:8000 evil", "user@localhost", "localhost:99999",
        "localhostevil.example:80", "127.0.0.1x:80", "localhost:80x", "localhost:80:1", "127.0.0.1:٣", "localhost/:80",
    ])
    func `a rebound name reaches nothing of a desk that is bound to loopback`(host: String) {
        for purpose in everyPurpose {
            #expect(verdict(local, origin: "http://\(host)", host: host, for: purpose) == .hostForbidden)
            #expect(verdict(local, origin: nil, host: host, for: purpose) == .hostForbidden)
        }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.1:80", "localhost:65535", "localhost:", "127.0.0.100:8000", "LocalHost.:1"])
    func `loopback is answered however it is written`(host: String) {
        for purpose in everyPurpose { #expect(verdict(local, origin: nil, host: host, for: purpose) == .allowed) }
    }

    @Test func `a configured host is answered beside loopback's, with its port or with any`() throws {
        let any = try #require(Authority("desk.example"))
        let one = try #require(Authority("other.example:8443"))
        let policy = OriginPolicy(hosts: .loopback(and: [any, one]))
        for host in ["desk.example", "DESK.example.:9000", "other.example:8443", "localhost:8000"] {
            #expect(verdict(policy, origin: nil, host: host) == .allowed, "\(host)")
        }
        for host in ["other.example", "a.desk.example", "evil.example"] {
            #expect(verdict(policy, origin: nil, host: host) == .hostForbidden, "\(host)")
        }
    }

    @Test func `a desk bound beyond loopback answers under any name, to its own page alone`() {
        let policy = OriginPolicy(hosts: .any)
        #expect(verdict(policy, origin: "https://desk.example", host: "desk.example") == .allowed)
        #expect(verdict(policy, origin: "https://evil.example", host: "desk.example") == .originForbidden)
    }

    @Test func `without a host there is no same origin`() {
        #expect(verdict(local, origin: nil, host: nil) == .allowed)
        #expect(verdict(local, origin: "http://localhost", host: nil) == .originForbidden)
    }
}
