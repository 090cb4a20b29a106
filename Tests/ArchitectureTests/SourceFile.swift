import Foundation

/// One file of a module, as text, and what is wrong with it. Pure: the tests hand it bad samples too.
struct SourceFile {
    let module: String
    let name: String
    let text: String

    /// Its lines without comments and without what stands in string literals.
    private var code: [String] {
        var isInComment = false
        var isInText = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            Self.code(of: line, &isInComment, &isInText)
        }
    }

    /// What is imported that the module's wall keeps out.
    var forbiddenImports: [String] {
        guard let allowed = Walls.mayImport[module] else { return ["\(name): the module \(module) has no wall"] }
        return imports.filter { !allowed.contains($0) && !Walls.everywhere.contains($0) }
            .map { "\(name): \(module) may not import \($0)" }
    }

    var imports: [String] {
        code.compactMap { line in
            let pattern = #/^\s*(@\w+(\([^)]*\))?\s+)*((public|package|internal|fileprivate|private)\s+)?import\s+/#
            guard let match = line.prefixMatch(of: pattern) else { return nil }
            var words = line[match.range.upperBound...].split(whereSeparator: { " .;".contains($0) }).map(String.init)
            let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
            if let first = words.first, kinds.contains(first) { words.removeFirst() }
            return words.first
        }
    }

    var isTooLong: Bool { text.split(separator: "\n", omittingEmptySubsequences: true).count > Walls.linesMax }

    /// Numbers of lines on which a binary float is named; money is decimal (C15).
    var linesWithBinaryFloats: [Int] { lines(with: #/\b(Double|Float|Float16|Float32|Float64|Float80|CGFloat)\b/#) }

    var linesThatPrint: [Int] { lines(with: #/(^|[^.\w])(print|debugPrint|dump|NSLog)\(/#) }

    /// The names of the types declared outside of any other.
    var topLevelTypes: [String] {
        code.compactMap { line in
            let pattern =
                #/^(@\w+(\([^)]*\))?\s+)*((public|package|internal|fileprivate|private|final|indirect|open)\s+)*(struct|class|enum|protocol|actor|typealias)\s+(\w+)/#
            return line.prefixMatch(of: pattern).map { String($0.output.6) }
        }
    }

    private func lines(with pattern: some RegexComponent) -> [Int] {
        code.enumerated().filter { $0.element.firstMatch(of: pattern) != nil }.map { $0.offset + 1 }
    }

    private static func code(of line: Substring, _ isInComment: inout Bool, _ isInText: inout Bool) -> String {
        var code = ""
        var rest = line
        var isInLiteral = false
        while let next = rest.first {
            if isInComment {
                if rest.hasPrefix("*/") { isInComment = false; rest.removeFirst() }
            } else if rest.hasPrefix("\"\"\"") {
                isInText.toggle()
                rest.removeFirst(2)
            } else if isInText || (isInLiteral && next != "\"") {
                if next == "\\", rest.count > 1 { rest.removeFirst() }
            } else if next == "\"" {
                isInLiteral.toggle()
            } else if rest.hasPrefix("//") {
                break
            } else if rest.hasPrefix("/*") {
                isInComment = true
            } else {
                code.append(next)
            }
            rest.removeFirst()
        }
        return code
    }
}

/// The files of the package, found from where this one lies.
enum Package {
    static let modules: [String] = (try? FileManager.default.contentsOfDirectory(atPath: sources.path))?.sorted() ?? []

    static let files: [SourceFile] = modules.flatMap { module -> [SourceFile] in
        let folder = sources.appendingPathComponent(module)
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path -> SourceFile? in
            guard let text = try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8) else {
                return nil
            }
            return SourceFile(module: module, name: "\(module)/\(path)", text: text)
        }
    }

    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")
}
