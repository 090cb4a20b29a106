import Domain
import Foundation

// What a dialect says otherwise. Made from the desk's own message, so that nobody keeps an event for the sake of those few
// tabs; a field that a document names gets its form, and all that the desk says besides stays.

extension EncodedMessage {
    /// The same message in the words of a dialect; itself when the dialect has no other words for it.
    package func said(in dialect: Dialect?) -> EncodedMessage {
        switch (dialect, type) {
        case (.approvals, .signalNew):
            return retold { message in
                let signal = message["data"].approvalsSignal
                return [("type", "new_signal"), ("timestamp", signal["ts"] ?? .null), ("data", signal)]
            }
        case (.agents, .signalNew):
            return retold { [("type", "trading_signal"), ("data", $0["data"].agentsSignal)] }
        case (.agents, .priceUpdate): return retold { [("data", $0["data"].numbers)] }
        case (.approvals, _), (.agents, _), (nil, _): return self
        }
    }

    /// - Parameter change: the members that are told otherwise.
    private func retold(_ change: (JSONValue) -> [(String, JSONValue)]) -> EncodedMessage {
        guard let message = try? JSONParser.parse(object), case .object(let object) = message else {
            preconditionFailure("the desk's own messages are JSON objects")
        }
        let changed = Dictionary(uniqueKeysWithValues: change(message))
        var json = JSONWriter(bytesReserved: tail.count + 256, continuing: true)
        for member in object.members {
            json.key(member.key)
            json.value(changed[member.key] ?? member.value)
        }
        json.endObject()
        return EncodedMessage(self, tail: json.bytes)
    }
}

extension JSONValue? {
    /// The `data` of document 2's `new_signal`. Its clients read `ts` and `recommendation` unasked, so both are always there.
    fileprivate var approvalsSignal: JSONValue {
        let recommendation = self["recommendation"]
        return saying(
            [
                ("symbol", self["symbol"]), ("ts", self["ts"].known ?? self["received_at"]),
                ("unslug_score", self["unslug_score"]), ("fear_score", self["fear_score"]),
                ("combined_trust", self["combined_trust"]), ("status", self["status"]),
                (
                    "recommendation",
                    [
                        "suggested": recommendation["suggested"].known ?? self["side"] ?? .null,
                        "unslug": recommendation["unslug"].known ?? self["unslug_score"] ?? .null,
                        "fear": recommendation["fear"].known ?? self["fear_score"] ?? .null,
                    ]
                ), ("signal_id", self["id"]),
            ]
        )
    }

    /// The `data` of document 3's `trading_signal`. Its clients turn `action` into capitals unasked, so it is always a text.
    fileprivate var agentsSignal: JSONValue {
        let side = self["side"].known ?? self["recommendation"]["suggested"].known
        return saying(
            [
                ("symbol", self["symbol"]), ("action", side?.lowercased ?? "neutral"),
                ("confidence", self["confidence_score"].hundredth), ("reasoning", self["reasoning"].known ?? ""),
                ("signal_id", self["id"]),
            ]
        )
    }

    /// Decimals in quotes as JSON numbers with the same digits: document 3's clients calculate with them.
    fileprivate var numbers: JSONValue {
        guard case .object(let object) = self else { return self ?? .null }
        return .object(
            JSONObject(
                object.members.map { member in
                    guard case .string(let text) = member.value, let quantity = Quantity(text) else { return member }
                    return .init(key: member.key, value: .number(JSONWriter.number(quantity)))
                }
            )
        )
    }

    /// These members first, then all others.
    private func saying(_ members: [(key: String, value: JSONValue?)]) -> JSONValue {
        guard case .object(let object) = self else { return self ?? .null }
        let said = members.map { JSONObject.Member(key: $0.key, value: $0.value ?? .null) }
        let keys = Set(said.map(\.key))
        return .object(JSONObject(said + object.members.filter { !keys.contains($0.key) }))
    }

    /// A score of 0–100 as one of 0–1, exactly.
    private var hundredth: JSONValue {
        guard case .number(let text) = self, let quantity = Quantity(text) else { return .null }
        let fractionDigits = text.split(separator: ".").dropFirst().first?.count ?? 0
        return .number(JSONWriter.number(Quantity(quantity.value / 100, fractionDigits: fractionDigits + 2)))
    }

    private var known: JSONValue? { self == .null ? nil : self }

    private subscript(key: String) -> JSONValue? { self?[key] }
}

extension JSONValue {
    fileprivate var lowercased: JSONValue {
        if case .string(let text) = self { .string(text.lowercased()) } else { self }
    }
}
