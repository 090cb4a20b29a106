import Crypto
package import Domain
import Foundation

/// Reads a policy file (docs/Policy.md): as a whole, or not at all.
package enum PolicyReader {
    /// The version of the file's schema that this program knows.
    package static let schemaVersion = 1
    static let peopleMax = 1_000
    static let rulesMax = 200

    package static func read(path: String) throws(PolicyFaults) -> Policy {
        try read(bytes(path))
    }

    /// The file as it is now.
    package static func bytes(_ path: String) throws(PolicyFaults) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw PolicyFaults("There is no policy file at \(path), or it cannot be read.")
        }
        defer { try? file.close() }
        do {
            return Array(try file.read(upToCount: PolicyText.bytesMax + 1) ?? Data())
        } catch {
            throw PolicyFaults("The policy file at \(path) cannot be read.")
        }
    }

    package static func read(_ bytes: [UInt8]) throws(PolicyFaults) -> Policy {
        let sheet = FaultSheet()
        let root = PolicyField(node: try PolicyText.tree(bytes), path: "", sheet: sheet)
        let draft = PolicyDraft(root)
        guard sheet.faults.isEmpty else { throw PolicyFaults(sheet.faults) }
        guard let draft else { throw PolicyFaults("The file is not a policy. docs/Policy.md has an example.") }
        draft.check()
        guard sheet.faults.isEmpty else { throw PolicyFaults(sheet.faults) }
        let hash = SHA256.hash(data: bytes).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        return Policy(
            stamp: Policy.Stamp(version: draft.version, hash: hash),
            people: draft.people.mapValues(\.person),
            defaultRole: draft.defaultRole,
            base: draft.base.rule,
            rules: draft.rules.map(\.rule)
        )
    }
}
