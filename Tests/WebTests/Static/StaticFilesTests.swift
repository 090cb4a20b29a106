import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite struct StaticFilesTests {
    private let site: TemporarySite

    init() throws { site = try TemporarySite() }

    @Test(arguments: [
        ("app.html", "text/html; charset=utf-8"), ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"), ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"), ("a.png", "image/png"), ("a.ico", "image/x-icon"),
        ("a.json", "application/json; charset=utf-8"), ("a.woff2", "font/woff2"),
        ("a.txt", "text/plain; charset=utf-8"), ("a.map", "application/json; charset=utf-8"),
        ("a.webmanifest", "application/manifest+json; charset=utf-8"), ("A.JS", "text/javascript; charset=utf-8"),
        ("a.exe", "application/octet-stream"), ("LICENSE", "application/octet-stream"),
    ])
    func `a file comes with its type and is revalidated each time`(name: String, type: String) async throws {
        try site.write("content of \(name)", to: "deep/\(name)")
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: "/deep/\(name)?v=1", method: .get)
            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == "content of \(name)")
            #expect(response.headers[.contentType] == type)
            #expect(response.headers[.cacheControl] == "no-cache")
            #expect(response.headers[.xContentTypeOptions] == "nosniff")
            #expect(response.headers[.contentLength] == String(response.body.readableBytes))
        }
    }

    @Test(arguments: ["/", "/signals", "/signals/", "/signals/550e8400-e29b-41d4-a716-446655440000", "/signals/a%20b"])
    func `the page's own addresses answer with the page`(path: String) async throws {
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: path + "?as=alice", method: .get)
            #expect(response.status == .ok)
            #expect(String(buffer: response.body).contains("<title>Desk</title>"))
        }
    }

    @Test(arguments: ["/signals/a/b", "/signals/a%2Fb", "/signals/%00", "/signalsx", "/deep", "/deep/", "/absent.js"])
    func `an address that is neither a page nor a file is a 404 problem`(path: String) async throws {
        try site.write("x", to: "deep/a.js")
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: path, method: .get, headers: [.accept: "text/html"])
            #expect(response.status == .notFound)
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func `HEAD says what GET would say, without the bytes`() async throws {
        try site.write(String(repeating: "body { } ", count: 100), to: "a.css")
        try await site.application().test(.live) { client in
            let get = try await client.execute(uri: "/a.css", method: .get)
            let head = try await client.execute(uri: "/a.css", method: .head)
            #expect(head.status == .ok)
            #expect(head.body.readableBytes == 0)
            for name in [HTTPField.Name.contentLength, .eTag, .contentType, .vary, .cacheControl] {
                #expect(head.headers[name] == get.headers[name], "\(name)")
            }
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete, .options])
    func `other methods on a file are refused with the allowed ones`(method: HTTPRequest.Method) async throws {
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: "/index.html", method: method)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET, HEAD")
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func `a route wins over a file of the same path`() async throws {
        try site.write("a file", to: "api/v1/ping")
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/ping", method: .get)
            #expect(String(buffer: response.body) == "pong")
        }
    }

    @Test func `a range request gets the whole file`() async throws {
        try site.write("0123456789", to: "a.txt")
        try await site.application().test(.router) { client in
            let response = try await client.execute(uri: "/a.txt", method: .get, headers: [.range: "bytes=0-3"])
            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == "0123456789")
        }
    }

    @Test func `files beyond the limits are left out and the others served`() async throws {
        var limits = StaticFiles.Limits()
        limits.fileBytesMax = 1_000
        limits.totalBytesMax = 2_500
        limits.depthMax = 2
        try site.write([UInt8](repeating: 1, count: 1_001), to: "big.png")
        for name in ["a.png", "b.png", "c.png"] { try site.write([UInt8](repeating: 1, count: 1_000), to: name) }
        try site.write("x", to: "one/two/three.js")
        let files = try site.files(limits: limits)
        #expect(await files.file(forRequestPath: "/big.png") == nil)
        #expect(await files.file(forRequestPath: "/a.png") != nil)
        #expect(await files.file(forRequestPath: "/b.png") != nil)
        #expect(await files.file(forRequestPath: "/c.png") == nil)
        #expect(await files.file(forRequestPath: "/one/two/three.js") == nil)
        #expect(await files.file(forRequestPath: "/") != nil)
    }

    @Test func `without a directory or an index page there is no start`() throws {
        try site.remove("index.html")
        #expect(throws: StaticFilesError.self) { try site.files() }
        try FileManager.default.removeItem(atPath: site.root)
        let error = #expect(throws: StaticFilesError.self) { try site.files() }
        #expect(error?.code == .notADirectory)
    }
}
