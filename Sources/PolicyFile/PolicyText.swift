import Yams

/// From the bytes of a policy file to the tree that stands in them: YAML 1.1, of which JSON is a part.
///
/// What could make a reader work without end is refused before it is parsed: size, depth, and anchors, whose copies of
/// copies double with every line; so are tags, which mean nothing here.
enum PolicyText {
    static let bytesMax = 65_536
    static let lineBytesMax = 2_000
    static let depthMax = 16

    static func tree(_ bytes: [UInt8]) throws(PolicyFaults) -> Node {
        guard bytes.count <= bytesMax else {
            throw PolicyFaults("The file has \(bytes.count) bytes; a policy has at most \(bytesMax).")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PolicyFaults("The file is not UTF-8 text. Save it as UTF-8.")
        }
        try scan(bytes)
        do {
            guard let tree = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
                throw PolicyFaults("The file is empty. docs/Policy.md has an example to begin with.")
            }
            return tree
        } catch let faults as PolicyFaults {
            throw faults
        } catch {
            throw faults(error)
        }
    }

    /// Judges character by character, also in quotes and comments: rather one sign too many refused than one too few.
    private static func scan(_ bytes: [UInt8]) throws(PolicyFaults) {
        var (line, column, depth) = (1, 0, 0)
        var previous = UInt8(ascii: "\n")
        var isIndenting = true
        for (index, byte) in bytes.enumerated() {
            column += 1
            switch byte {
            case UInt8(ascii: "\n"):
                (line, column, isIndenting) = (line + 1, 0, true)
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
                let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "\n")
                guard !(isBoundary(previous) && isName(next)) else {
                    throw PolicyFaults(
                        "Anchors, aliases and tags (&, * and ! before a name) are not used in a policy. Write it out; in a "
                            + "text or a comment put a space behind the sign.",
                        line: line,
                        column: column
                    )
                }
            default: break
            }
            isIndenting = isIndenting && (column == 0 || " -?:".utf8.contains(byte))
            guard !isIndenting || column <= depthMax * 8, depth <= depthMax else {
                throw PolicyFaults("A policy is at most \(depthMax) levels deep.", line: line, column: column)
            }
            guard column <= lineBytesMax || bytes.first == UInt8(ascii: "{") else {
                throw PolicyFaults("This line has more than \(lineBytesMax) bytes.", line: line, column: 1)
            }
            previous = byte
        }
    }

    /// Whether a YAML node may begin behind this byte; not within a word, nor where a text in quotes begins.
    private static func isBoundary(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            false
        default: !"\"'/._".utf8.contains(byte)
        }
    }

    private static func isName(_ byte: UInt8) -> Bool { !" \t\r\n,[]{}'\"*&".utf8.contains(byte) }

    private static func faults(_ error: any Error) -> PolicyFaults {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            PolicyFaults("This is not YAML: \(problem).", line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let keys, let context):
            PolicyFaults(
                "The same key stands twice: \(keys.joined(separator: ", ")). Keep one of them.",
                line: context.mark.line,
                column: context.mark.column
            )
        case .reader(let problem, _, _, _): PolicyFaults("This is not YAML: \(problem).")
        default: PolicyFaults("This is not YAML.")
        }
    }
}
