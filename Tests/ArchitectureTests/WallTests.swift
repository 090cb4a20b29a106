import Testing

/// The rules that the compiler does not know (docs/Architecture.md).
@Suite struct WallTests {
    @Test func `there is something to look at`() {
        #expect(Package.files.count > 20)
        #expect(Set(Walls.mayImport.keys).union(["CZlib"]).isSuperset(of: Package.modules))
        #expect(Package.files.contains { !$0.imports.isEmpty })
    }

    @Test func `every module imports only what its wall lets in`() {
        #expect(Package.files.flatMap(\.forbiddenImports) == [])
    }

    @Test func `no file is longer than five hundred lines`() {
        #expect(Package.files.filter(\.isTooLong).map(\.name) == [])
    }

    @Test(arguments: ["Domain", "Wire"])
    func `money is never a binary float (C15)`(_ module: String) {
        let found = Package.files.filter { $0.module == module }.flatMap { file in
            file.linesWithBinaryFloats.map { "\(file.name):\($0)" }
        }
        #expect(found == [])
    }

    @Test func `only the executable prints`() {
        let found = Package.files.filter { $0.module != "Countersign" }.flatMap { file in
            file.linesThatPrint.map { "\(file.name):\($0)" }
        }
        #expect(found == [])
    }

    @Test func `no module shares its name with a type`() {
        let modules = Set(Package.modules)
        let found = Package.files.flatMap { file in
            file.topLevelTypes.filter { modules.contains($0) }.map { "\(file.name): \($0)" }
        }
        #expect(found == [])
    }
}

/// The rules are able to fail.
@Suite struct SourceFileTests {
    @Test(arguments: [
        "import GRDB", "  import GRDB", "package import GRDB", "internal import struct GRDB.Row",
        "@preconcurrency import GRDB",
        "@_spi(Testing) public import GRDB", "import GRDB.Inner", "import Domain\nimport GRDB // comment",
        "/* comment */ import GRDB",
    ])
    func `a forbidden import is found however it is written`(_ text: String) {
        #expect(Self.file(text, in: "Engine").forbiddenImports == ["Sample.swift: Engine may not import GRDB"])
        #expect(Self.file(text, in: "StorageSQLite").forbiddenImports == [])
    }

    @Test(arguments: [
        "// import GRDB", "/* import GRDB */", "/*\nimport GRDB\n*/", #"let text = "import GRDB""#,
        "let text = \"\"\"\n    import GRDB\n    \"\"\"", "important GRDB", "import Foundation",
    ])
    func `what only looks like an import is none`(_ text: String) {
        #expect(Self.file(text, in: "Domain").forbiddenImports == [])
    }

    @Test func `a module without a wall is refused`() {
        #expect(!Self.file("let one = 1", in: "Utils").forbiddenImports.isEmpty)
    }

    @Test func `a long file is found`() {
        #expect(Self.file(String(repeating: "let one = 1\n", count: 501)).isTooLong)
        #expect(!Self.file(String(repeating: "let one = 1\n", count: 500)).isTooLong)
    }

    @Test func `a binary float is found in code and not in words about it`() {
        let text = """
            // a Double here
            let note = "Double \\" Float"
            let price: Double = 1.5
            let doubled = isDouble
            func total() -> [Float] { [] }
            """
        #expect(Self.file(text).linesWithBinaryFloats == [3, 5])
    }

    @Test func `printing is found`() {
        let text = """
            print("x")
            if bad { debugPrint(1) }
            printer.print(1)
            let blueprint = blueprint(1)
            // print(1)
            """
        #expect(Self.file(text).linesThatPrint == [1, 2])
    }

    @Test func `types are found at the top only`() {
        let text = """
            package struct Domain: Sendable {
                struct Wire {}
            }
            @available(*, unavailable) final class Web {}
            extension Engine {}
            private indirect enum Storage {}
            """
        #expect(Self.file(text).topLevelTypes == ["Domain", "Web", "Storage"])
    }

    private static func file(_ text: String, in module: String = "Domain") -> SourceFile {
        SourceFile(module: module, name: "Sample.swift", text: text)
    }
}
