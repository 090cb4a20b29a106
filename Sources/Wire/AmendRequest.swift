package import Domain

/// The body of an amendment (`POST /api/v1/signals/{id}/amend`): the terms that change, by their names. What is left out
/// stays; `null` takes a term away.
package struct AmendRequest: Hashable, Sendable {
    package let amendment: Amendment
    package let request: Command.SourceRequest

    /// - Parameter source: whoever sends it when the body does not say so.
    package static func parse(
        _ bytes: some Sequence<UInt8>,
        source: String
    ) throws(InvalidRequest) -> AmendRequest {
        try RequestBody.parse(bytes, example: #"{"stop_loss":"149.10"}"#) { $0.amendment(from: source) }
    }
}

extension Fields {
    /// `signal:amended` as a source says it.
    func amended(_ context: SourceMessage.Context) -> SourceMessage? {
        guard let data = payload else { return nil }
        let asked = data.amendment(from: context.source)
        guard let id = data.required("id", "signal_id", as: Read.signalID), let asked else { return nil }
        return .command(.amend(id, asked.amendment, asked.request))
    }

    fileprivate func amendment(from source: String) -> AmendRequest? {
        let faultsBefore = faults.count
        var amendment = Amendment()
        amendment.side = change("side", "action", as: Read.side)
        amendment.entryPrice = change("entry_price", "entry", as: Read.positive)
        amendment.stopLoss = change("stop_loss", "stop", as: Read.positive)
        amendment.targetPrice = change("target_price", "target", as: Read.positive)
        amendment.quantity = change("quantity", as: Read.positive)
        amendment.riskAmount = change("risk_amount", as: Read.notNegative)
        amendment.riskPercentage = change("risk_percentage", "risk_percent", as: Read.notNegative)
        amendment.expiresAt = change("expires_at", as: Read.time)
        let said = optional("source", as: Read.line(charactersMax: 64))
        let version = optional("version", as: Read.count)
        for name in Self.fixed where has(name) {
            fault(name, "cannot be amended: withdraw this signal and send a new one")
        }
        if amendment == Amendment(), faults.count == faultsBefore {
            let names = Terms.Field.ofTerms.map(\.rawValue).joined(separator: ", ")
            faults.add(pointer, "changes nothing: name at least one of \(names)")
        }
        guard faults.count == faultsBefore else { return nil }
        return AmendRequest(amendment: amendment, request: .init(source: said ?? source, expectedVersion: version))
    }

    private static let fixed = ["symbol", "campaign_id", "campaign", "recipients", "status"]

    /// Not named is not changed; named with `null` is taken away.
    private func change<Value: Hashable & Sendable & Codable>(
        _ name: String,
        _ alias: String? = nil,
        as read: (JSONValue) throws(Mismatch) -> Value
    ) -> Amendment.Change<Value> {
        guard object[name] != nil || alias.map({ object[$0] != nil }) == true else { return .keep }
        return .set(optional(name, alias, as: read))
    }
}
