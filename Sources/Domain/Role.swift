/// What somebody may do (GAP-06): a viewer sees; a trader decides; risk decides, vetoes, stops and resumes; an admin
/// configures and reads the audit; a source emits.
package enum Role: String, CaseIterable, Hashable, Sendable, Codable {
    case viewer, trader, risk, admin, source

    /// Whether an approval can be counted for this role.
    package var mayDecide: Bool { self == .trader || self == .risk }

    /// As a sentence says it: "a risk officer".
    package var name: String {
        switch self {
        case .viewer: "a viewer"
        case .trader: "a trader"
        case .risk: "a risk officer"
        case .admin: "an admin"
        case .source: "a source"
        }
    }

    /// "1 risk officer", "2 traders".
    package func counted(_ count: Int) -> String {
        let noun = name.split(separator: " ").dropFirst().joined(separator: " ")
        return "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
