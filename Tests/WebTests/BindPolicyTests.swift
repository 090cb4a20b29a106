import Testing

@testable import Web

/// An open desk is reached from its own machine alone (C12).
@Suite struct BindPolicyTests {
    @Test(arguments: ["127.0.0.1", "127.9.9.9", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST"])
    func `loopback is allowed`(_ host: String) throws {
        try BindPolicy.check(host: host, hasUsers: false)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "example.org", "localhost.example.org", "127.0.0.1.example.org", "",
        "::ffff:127.0.0.1", "fe80::1", "127.1", "[::1]", " 127.0.0.1",
    ])
    func `anything else is refused with what to do, unless people log in`(_ host: String) throws {
        let refused = #expect(throws: BindPolicy.Refused.self) { try BindPolicy.check(host: host, hasUsers: false) }
        #expect(refused?.description.contains("127.0.0.1") == true)
        try BindPolicy.check(host: host, hasUsers: true)
    }
}
