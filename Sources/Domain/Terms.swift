/// What somebody approves when they approve a signal: side, prices, size and the time it holds (issue 5, "Terms").
///
/// Two are equal when they mean the same: `149.5` is `149.50`.
package struct Terms: Hashable, Sendable, Codable {
    package let signal: SignalID
    package let symbol: Symbol
    package let side: Side?
    package let entryPrice: Quantity?
    package let stopLoss: Quantity?
    package let targetPrice: Quantity?
    package let quantity: Quantity?
    package let riskAmount: Quantity?
    package let riskPercentage: Quantity?
    package let expiresAt: Timestamp?

    package init(of id: SignalID, _ proposal: Proposal) {
        signal = id
        symbol = proposal.symbol
        side = proposal.side
        entryPrice = proposal.entryPrice
        stopLoss = proposal.stopLoss
        targetPrice = proposal.targetPrice
        quantity = proposal.quantity
        riskAmount = proposal.riskAmount
        riskPercentage = proposal.riskPercentage
        expiresAt = proposal.expiresAt
    }

    /// The terms that can change, in the order they are told and hashed in. A raw value is the name on the wire, for ever.
    package enum Field: String, CaseIterable, Sendable, Codable {
        case side
        case entryPrice = "entry_price"
        case stopLoss = "stop_loss"
        case targetPrice = "target_price"
        case quantity
        case riskAmount = "risk_amount"
        case riskPercentage = "risk_percentage"
        case expiresAt = "expires_at"
        /// Of the market, not of the source: how far it has moved from the entry.
        case price

        /// What belongs to the terms themselves.
        package static let ofTerms = allCases.filter { $0 != .price }
    }

    /// The terms as bytes that are the same for everybody who has the same terms (docs/Protocol.md, "Terms"): one line per
    /// field, in this order, `name=value` and a line feed. A missing field is an empty value; a decimal stands in its
    /// ``Quantity/normalText``.
    package var canonicalText: String {
        var text = "countersign-terms=1\nid=\(signal)\nsymbol=\(symbol)\n"
        for field in Field.ofTerms { text += "\(field.rawValue)=\(self[field]?.normalText ?? "")\n" }
        return text
    }

    /// What is different now, field by field, as both were written.
    package func differences(to now: Terms) -> [Difference] {
        Field.ofTerms.compactMap { field in
            let (was, now) = (self[field], now[field])
            guard was?.normalText != now?.normalText else { return nil }
            return Difference(field: field, was: was?.text, is: now?.text)
        }
    }

    private enum Value {
        case side(Side), amount(Quantity), time(Timestamp)

        /// As it was written.
        var text: String {
            switch self {
            case .side(let side): side.rawValue
            case .amount(let quantity): quantity.text
            case .time(let time): time.description
            }
        }

        var normalText: String {
            if case .amount(let quantity) = self { quantity.normalText } else { text }
        }
    }

    private subscript(field: Field) -> Value? {
        switch field {
        case .side: side.map { .side($0) }
        case .entryPrice: entryPrice.map { .amount($0) }
        case .stopLoss: stopLoss.map { .amount($0) }
        case .targetPrice: targetPrice.map { .amount($0) }
        case .quantity: quantity.map { .amount($0) }
        case .riskAmount: riskAmount.map { .amount($0) }
        case .riskPercentage: riskPercentage.map { .amount($0) }
        case .expiresAt: expiresAt.map { .time($0) }
        case .price: nil
        }
    }
}

/// One field that is not what it was; `nil` where it had, or has, no value.
package struct Difference: Hashable, Sendable, Codable {
    package let field: Terms.Field
    package let was: String?
    package let `is`: String?

    package init(field: Terms.Field, was: String?, is now: String?) {
        self.field = field
        self.was = was
        self.is = now
    }
}

extension Signal {
    package var terms: Terms { Terms(of: id, proposal) }
}

extension Quantity {
    /// The same value in its normal text, be it too long to be read again.
    var normal: Quantity { Quantity(normal: normalText) }

    /// The one way to write this value: no needless zeros, no point without digits behind it, zero without a sign.
    package var normalText: String {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ".")
        let integer = parts[0].drop { $0 == "0" }
        var fraction = parts.count > 1 ? parts[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        if integer.isEmpty, fraction.isEmpty { return "0" }
        return (isNegative ? "-" : "") + (integer.isEmpty ? "0" : String(integer))
            + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
