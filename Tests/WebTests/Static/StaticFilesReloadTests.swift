import NIOCore
import Testing

@testable import Web

@Suite struct StaticFilesReloadTests {
    private let site: TemporarySite

    init() throws { site = try TemporarySite() }

    private func text(_ path: String, in files: StaticFiles) async -> String? {
        await files.file(forRequestPath: path).map { String(buffer: $0.plain.body) }
    }

    @Test func `a saved file shows once the check interval has passed, not before`() async throws {
        try site.write("old", to: "a.js")
        let files = try site.files()
        try site.write("newer", to: "a.js")
        site.pass(.milliseconds(999))
        #expect(await text("/a.js", in: files) == "old")
        site.pass(.milliseconds(1))
        #expect(await text("/a.js", in: files) == "newer")
    }

    @Test func `a new file appears and a removed one goes`() async throws {
        try site.write("old", to: "gone.js")
        let files = try site.files()
        try site.remove("gone.js")
        try site.write("new", to: "new/a.js")
        site.pass(.seconds(1))
        #expect(await text("/gone.js", in: files) == nil)
        #expect(await text("/new/a.js", in: files) == "new")
    }

    @Test func `a changed file gets another entity tag and an unchanged one keeps its own`() async throws {
        try site.write("old", to: "a.js")
        let files = try site.files()
        let old = await files.file(forRequestPath: "/a.js")?.plain.tag
        let page = await files.file(forRequestPath: "/")?.plain.tag
        try site.write("new text", to: "a.js")
        site.pass(.seconds(1))
        #expect(await files.file(forRequestPath: "/a.js")?.plain.tag != old)
        #expect(await files.file(forRequestPath: "/")?.plain.tag == page)
    }

    @Test func `without a check interval the start decides`() async throws {
        try site.write("old", to: "a.js")
        let files = try site.files(checkIntervalMs: nil)
        try site.write("newer", to: "a.js")
        site.pass(.seconds(3_600))
        #expect(await text("/a.js", in: files) == "old")
    }

    @Test func `a directory that vanishes leaves what was read`() async throws {
        let files = try site.files()
        try site.remove("")
        site.pass(.seconds(1))
        #expect(await text("/", in: files)?.contains("Desk") == true)
    }
}
