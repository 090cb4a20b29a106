/// A system notification (MSG-23, SES-12).
package struct Notice: Hashable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Sendable, Codable { case info, success, warning, error }

    package var id: String
    package var message: String
    package var kind: Kind

    package init(id: String, message: String, kind: Kind) {
        self.id = id
        self.message = message
        self.kind = kind
    }
}
