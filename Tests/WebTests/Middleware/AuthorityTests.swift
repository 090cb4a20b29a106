import Testing

@testable import Web

@Suite struct AuthorityTests {
    @Test(arguments: [
        ("localhost", "localhost"), ("LOCALHOST:8000", "localhost:8000"), ("localhost.:8000", "localhost:8000"),
        ("Desk.Example.", "desk.example"), ("desk.example:", "desk.example"), ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("[::1]:8000", "[::1]:8000"), ("[0:0:0:0:0:0:0:1]", "[::1]"), ("[FE80::A]", "[fe80::a]"),
        ("a_b.c-d", "a_b.c-d"),
    ])
    func `spellings of one host are one authority`(text: String, canonical: String) {
        #expect(Authority(text)?.description == canonical)
        #expect(Authority(text) == Authority(canonical))
    }

    @Test(arguments: [
        "", ".", ":8000", "a..b", ".a", "a:b", "a:1:2", "a:65536", "a:-1", "a:+1", "a:99999999999999999999", "::1",
        "[::1",
        "[::1]x", "[]", "[::1%lo]", "[127.0.0.1]", "user@a", "a/b", "a b", " a", "a\u{0}", "localhost\u{FF0E}",
        "lоcalhost",
        "http://a", "a,b", "[::1]:x", "[::1\u{0}]",
    ])
    func `what is not a host and port is none`(text: String) {
        #expect(Authority(text) == nil)
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.255.255.254:1", true), ("[::1]", true),
        ("[::ffff:127.0.0.1]:8000", true), ("localhost.", true),
        ("0.0.0.0", false), ("[::]", false), ("128.0.0.1", false), ("localhost.evil.example", false),
        ("evil-localhost", false), ("127.0.0.1.evil.example", false), ("127.1", false), ("2130706433", false),
        ("0x7f000001", false), ("0177.0.0.1", false), ("192.168.0.1", false), ("[::2]", false),
        ("[::ffff:10.0.0.1]", false),
    ])
    func `loopback is told from what looks like it`(text: String, isLoopback: Bool) throws {
        let authority = try #require(Authority(text))
        #expect(authority.isLoopback == isLoopback)
    }
}
