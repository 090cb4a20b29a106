import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SeededRandom
import Testing

@testable import Web

@Suite struct StaticFilesEscapeTests {
    private let site: TemporarySite

    init() throws {
        site = try TemporarySite()
        try site.write("in", to: "sub/in.txt")
        try site.write("hidden", to: ".env")
        try site.write("hidden", to: ".git/config")
        try site.write("hidden", to: "sub/.hidden.txt")
        try site.link("out.txt", to: "../secret.txt")
        try site.link("out", to: "..")
        // Longer than the root's path, and beginning like it.
        try site.write(TemporarySite.secret, to: "../Public-beside/a-long-name.txt")
        try site.link("beside.txt", to: "../Public-beside/a-long-name.txt")
        try site.link("absolute.txt", to: site.folder + "/secret.txt")
        try site.link("loop", to: ".")
        try site.link("broken.txt", to: "nowhere")
        try site.link("env.txt", to: ".env")
        try site.link("fine.txt", to: "sub/in.txt")
    }

    @Test(arguments: [
        "/../secret.txt", "/%2e%2e/secret.txt", "/.%2e/secret.txt", "/%2E%2E%2Fsecret.txt", "/..%2fsecret.txt",
        "/sub/../../secret.txt", "/sub/%2e%2e/%2e%2e/secret.txt", "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..\\secret.txt", "/..%5csecret.txt", "/%5c..%5csecret.txt", "/..%255csecret.txt",
        "//secret.txt", "//../secret.txt", "/./../secret.txt", "/....//secret.txt", "/..;/secret.txt",
        "/%c0%ae%c0%ae/secret.txt", "/%c0%ae%c0%ae%c0%afsecret.txt", "/%e0%80%ae%e0%80%ae/secret.txt",
        "/..%00/secret.txt", "/sub/in.txt%00.png", "/sub/in.txt%0a", "/%u002e%u002e/secret.txt",
        "/out.txt", "/out/secret.txt", "/absolute.txt", "/beside.txt", "/../Public-beside/a-long-name.txt",
        "/loop/index.html", "/broken.txt", "/env.txt",
        "/.env", "/%2eenv", "/.git/config", "/sub/.hidden.txt", "/sub/%2ehidden.txt", "/.", "/..", "/sub/.", "/sub/..",
        "/sub", "/sub/", "/sub//in.txt", "/sub/./in.txt", "/sub%2fin.txt", "/SUB/in.txt", "/%", "/%4", "/%zz",
        "/index.html/",
    ])
    func `no spelling leads out of the root or to what is hidden`(path: String) async throws {
        // The test's own client refuses to send a bare backslash.
        for framework in path.contains("\\") ? [.router] : [TestingSetup.router, .live] {
            try await site.application().test(framework) { client in
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status == .notFound, "\(path)")
                #expect(!String(buffer: response.body).contains(TemporarySite.secret))
            }
        }
    }

    @Test func `an absolute path of the machine is not found`() async throws {
        try await site.application().test(.live) { client in
            for path in ["/etc/passwd", site.folder + "/secret.txt", "/" + site.folder + "/secret.txt"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status == .notFound)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a pipe is passed over, not waited for`() async throws {
        #expect(mkfifo(site.root + "/pipe.js", 0o600) == 0)
        #expect(try await site.files().file(forRequestPath: "/pipe.js") == nil)
    }

    @Test func `a link inside the root is followed`() async throws {
        let files = try site.files()
        let file = try #require(await files.file(forRequestPath: "/fine.txt"))
        #expect(String(buffer: file.plain.body) == "in")
    }

    @Test func `a link that is turned outwards later is not followed`() async throws {
        let files = try site.files()
        try site.remove("fine.txt")
        try site.link("fine.txt", to: "../Public-beside/a-long-name.txt")
        site.pass(.seconds(1))
        #expect(await files.file(forRequestPath: "/fine.txt") == nil)
    }

    @Test func `a percent-encoded name finds its file`() async throws {
        try site.write("x", to: "sub/größe 100%.txt")
        let files = try site.files()
        #expect(await files.file(forRequestPath: "/sub/gr%C3%B6%C3%9Fe%20100%25.txt") != nil)
    }

    @Test(arguments: 0..<16)
    func `random paths never leave the root`(seed: UInt64) async throws {
        let files = try site.files()
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "/", "..", ".", "%2e", "%2E%2e", "%2f", "\\", "%5c", "%00", "%25", "secret.txt", "sub", "in.txt",
            "index.html",
            "out", "loop", "signals", ".env", "%c0%ae", ";", "//", "Public", site.folder, "é", " ",
        ]
        let known = ["in", "<!doctype html><title>Desk</title>"]
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...8, using: &random)
            let path = "/" + (0..<count).map { _ in pieces.randomElement(using: &random)! }.joined()
            guard let file = await files.file(forRequestPath: path) else { continue }
            #expect(known.contains(String(buffer: file.plain.body)), "\(path)")
        }
    }
}
