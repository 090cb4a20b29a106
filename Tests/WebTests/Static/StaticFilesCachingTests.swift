import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite struct StaticFilesCachingTests {
    private let site: TemporarySite
    private let css = String(repeating: "body { color: black }\n", count: 200)

    init() throws {
        site = try TemporarySite()
        try site.write(css, to: "a.css")
    }

    @Test func `gzip is sent when it is asked for and inflates to the file's bytes`() async throws {
        try await site.application().test(.live) { client in
            let response = try await client.execute(uri: "/a.css", method: .get, headers: [.acceptEncoding: "gzip"])
            #expect(response.headers[.contentEncoding] == "gzip")
            #expect(response.headers[.contentType] == "text/css; charset=utf-8")
            #expect(response.headers[.contentLength] == String(response.body.readableBytes))
            #expect(response.body.readableBytes < css.utf8.count / 10)
            #expect(inflated(Array(buffer: response.body)) == Array(css.utf8))
        }
    }

    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("x-gzip", true), ("br, gzip;q=0.001", true), ("*", true), ("*;q=0.5", true),
        ("gzip ; q=1.000", true), ("deflate,gzip", true), ("gzip;q=0.5, identity;q=0.5", true),
        ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0", false), ("gzip;q=0, *", false), ("", false),
        ("identity", false), ("br", false), ("gzip;q=0.5, identity", false), ("gzip;q=2", false), ("gzip;q=x", false),
        ("gzip;q=", false), ("gzip;q=1.001", false), ("gzip;q=0.0001", false), (";;,,", false), ("gzipped", false),
    ])
    func `Accept-Encoding is understood with its qualities`(field: String, gzip: Bool) {
        #expect(AcceptEncoding(field).prefersGzip == gzip)
    }

    @Test func `a client that names no encoding gets plain bytes and a cache is told that there are two`() async throws
    {
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: "/a.css", method: .get)
            #expect(response.headers[.contentEncoding] == nil)
            #expect(String(buffer: response.body) == css)
            #expect(response.headers[.vary] == "Accept-Encoding")
        }
    }

    @Test func `what does not shrink or is a picture is never compressed and does not vary`() async throws {
        try site.write("ab", to: "tiny.js")
        try site.write([UInt8](repeating: 0, count: 5_000), to: "a.png")
        try await site.application().test(.router) { client in
            for path in ["/tiny.js", "/a.png"] {
                let response = try await client.execute(uri: path, method: .get, headers: [.acceptEncoding: "gzip"])
                #expect(response.headers[.contentEncoding] == nil)
                #expect(response.headers[.vary] == nil)
            }
        }
    }

    @Test func `an empty file is served as such`() async throws {
        try site.write("", to: "empty.css")
        try await site.application().test(.live) { client in
            let response = try await client.execute(uri: "/empty.css", method: .get, headers: [.acceptEncoding: "gzip"])
            #expect(response.status == .ok)
            #expect(response.headers[.contentLength] == "0")
        }
    }

    @Test(arguments: ["gzip", "identity"], [TestingSetup.router, .live])
    func `a known tag is answered 304 with the fields of the 200 and no length`(
        encoding: String,
        framework: TestingSetup
    ) async throws {
        try await site.application().test(framework) { client in
            let fields: HTTPFields = [.acceptEncoding: encoding]
            let full = try await client.execute(uri: "/a.css", method: .get, headers: fields)
            let tag = try #require(full.headers[.eTag])
            #expect(tag.count == 24 && !tag.hasPrefix("W/"))
            for method in [HTTPRequest.Method.get, .head] {
                let headers: HTTPFields = [.acceptEncoding: encoding, .ifNoneMatch: tag]
                let response = try await client.execute(uri: "/a.css", method: method, headers: headers)
                #expect(response.status == .notModified)
                #expect(response.body.readableBytes == 0)
                #expect(response.headers[.eTag] == tag)
                #expect(response.headers[.vary] == "Accept-Encoding")
                #expect(response.headers[.cacheControl] == "no-cache")
                #expect(response.headers[.contentSecurityPolicy] != nil)
                #expect(response.headers[.contentLength] == nil)
                #expect(response.headers[.contentType] == nil)
            }
        }
    }

    @Test func `the compressed and the plain form have tags of their own`() async throws {
        try await site.application().test(.router) { client in
            let plain = try await client.execute(uri: "/a.css", method: .get)
            let gzip = try await client.execute(uri: "/a.css", method: .get, headers: [.acceptEncoding: "gzip"])
            let tag = try #require(plain.headers[.eTag])
            #expect(gzip.headers[.eTag] != tag)
            let headers: HTTPFields = [.acceptEncoding: "gzip", .ifNoneMatch: tag]
            let full = try await client.execute(uri: "/a.css", method: .get, headers: headers)
            #expect(full.status == .ok)
        }
    }

    @Test func `If-None-Match is read as a list, weakly, or as a star`() {
        let tag = EntityTag(of: [1, 2, 3])
        let text = tag.field
        for field in [
            text, "W/\(text)", "\"other\", \(text)", "\"a,b\",W/\"c\" , \(text)", "*", " , \(text),", "\"\",\(text)",
        ] {
            #expect(tag.isNamed(in: field), "\(field)")
        }
        for field in ["", "\"other\"", "W/\"other\"", "other", String(text.dropLast()), "\"", "w/\(text)", ","] {
            #expect(!tag.isNamed(in: field), "\(field)")
        }
    }

    @Test func `tags listed over several fields are one list`() async throws {
        try await site.application().test(.live) { client in
            let full = try await client.execute(uri: "/a.css", method: .get)
            let tag = try #require(full.headers[.eTag])
            var headers = HTTPFields()
            headers.append(HTTPField(name: .ifNoneMatch, value: "\"other\""))
            headers.append(HTTPField(name: .ifNoneMatch, value: tag))
            let response = try await client.execute(uri: "/a.css", method: .get, headers: headers)
            #expect(response.status == .notModified)
        }
    }
}
