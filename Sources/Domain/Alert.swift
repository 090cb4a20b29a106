/// A condition somebody asked to be told about (MSG-21).
package struct Alert: Hashable, Sendable, Codable {
    package enum Severity: String, CaseIterable, Sendable, Codable { case info, warning, critical }

    package var id: String
    package var symbol: Symbol?
    /// For example `price_threshold`.
    package var type: String
    package var message: String
    package var severity: Severity

    package init(id: String, symbol: Symbol?, type: String, message: String, severity: Severity) {
        self.id = id
        self.symbol = symbol
        self.type = type
        self.message = message
        self.severity = severity
    }
}
