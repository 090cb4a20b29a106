import Wire

/// How a client wants to be told things, whatever it wants to hear: what the address of its connection says.
struct Manner: Hashable, Sendable {
    /// `nil` is the desk's own words.
    let dialect: Dialect?
    /// Whether it knows `batch_update`: one that does not would miss what is in there.
    let batches: Bool

    /// - Parameter query: the text of a parameter of the address.
    init(_ query: (Substring) -> String?) throws(MannerFault) {
        dialect = try Self.dialect(query("dialect"))
        batches = try Self.batches(query("batch"))
    }

    /// The one parameter that also an answer of REST has.
    static func dialect(_ text: String?) throws(MannerFault) -> Dialect? {
        guard let text else { return nil }
        if let dialect = Dialect(rawValue: text) { return dialect }
        let known = Dialect.allCases.map(\.rawValue).joined(separator: " or ")
        throw MannerFault(reason: "dialect= must be \(known), or absent")
    }
}

extension Manner {
    private static func batches(_ text: String?) throws(MannerFault) -> Bool {
        switch text {
        case nil, "0": false
        case "1": true
        default: throw MannerFault(reason: "batch= must be 1 for batch_update, or absent")
        }
    }
}

/// Why a client cannot be told things as it wants.
struct MannerFault: Error {
    let reason: String

    var problem: Problem { Problem(.invalidRequest, reason + ".") }
}
