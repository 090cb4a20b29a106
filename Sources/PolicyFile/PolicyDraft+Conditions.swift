import Domain

extension PolicyDraft {
    private static let conditionKeys: Set = [
        "risk_percentage", "notional", "campaign_utilisation", "campaign_after", "heat_after", "grade", "symbol",
        "source", "side",
    ]

    static func conditions(_ field: PolicyField) -> [Policy.Condition] {
        let faultsBefore = field.sheet.faults.count
        guard let members = field.members(known: conditionKeys) else { return [] }
        if members.isEmpty, field.sheet.faults.count == faultsBefore {
            field.fault("names no condition: leave when out for a rule about every signal")
        }
        return members.compactMap { condition($0.key, $0.value) }
    }

    private static func condition(_ key: String, _ value: PolicyField) -> Policy.Condition? {
        switch key {
        case "risk_percentage": bounds(value).map { .risk($0) }
        case "notional": bounds(value).map { .notional($0) }
        case "campaign_utilisation": bounds(value).map { .campaignUtilisation($0) }
        case "campaign_after": bounds(value).map { .campaignAfter($0) }
        case "heat_after": bounds(value).map { .heatAfter($0) }
        case "grade":
            value.items(max: 5).map { .grade(Set($0.compactMap { $0.choice([Grade.aPlus, .a, .b, .c, .d]) })) }
        case "side": value.items(max: 5).map { .side(Set($0.compactMap { $0.choice(Side.allCases) })) }
        case "symbol": patterns(value).map { .symbol($0) }
        case "source": patterns(value).map { .source($0) }
        default: nil
        }
    }

    private static func bounds(_ field: PolicyField) -> Policy.Bounds? {
        let faultsBefore = field.sheet.faults.count
        guard let members = field.members(known: ["above", "at_least", "below", "at_most"]) else { return nil }
        var bounds = Policy.Bounds()
        for (key, value) in members {
            let amount = value.amount()
            switch key {
            case "above": bounds.above = amount
            case "at_least": bounds.atLeast = amount
            case "below": bounds.below = amount
            default: bounds.atMost = amount
            }
        }
        guard !members.isEmpty else {
            guard field.sheet.faults.count == faultsBefore else { return nil }
            field.fault("needs a limit, such as {above: 1}")
            return nil
        }
        guard !bounds.isEmpty else {
            field.fault("can never hold: no amount is above the lower and below the upper limit")
            return nil
        }
        return bounds
    }

    /// Names, of which the last sign may be a `*`.
    private static func patterns(_ field: PolicyField) -> [Policy.NamePattern]? {
        field.items(max: 200).map { items in
            items.compactMap { item in
                guard let text = item.text(charactersMax: 64) else { return nil }
                guard !text.dropLast().contains("*") else {
                    item.fault("may have a * only as its last sign")
                    return nil
                }
                return Policy.NamePattern(text)
            }
        }
    }
}
