package import Domain

/// The body of `POST /api/v1/decisions/bulk`: decisions that are made one after the other, each on its own.
package struct BulkRequest: Hashable, Sendable {
    package struct Item: Hashable, Sendable {
        package enum Action: String, CaseIterable, Hashable, Sendable {
            case approve, reject
        }

        package let signal: SignalID
        package let action: Action
        /// What makes repeating this one decision safe, as the `Idempotency-Key` of a single one does.
        package let decisionID: String?
        /// The body of the single decision, to be read as such.
        package let body: [UInt8]
    }

    package let items: [Item]

    package static func parse(
        _ bytes: some Sequence<UInt8>,
        itemsMax: Int
    ) throws(InvalidRequest) -> BulkRequest {
        let example = #"{"items":[{"signal_id":"…","action":"approve","status":"BUY"}]}"#
        return try RequestBody.parse(bytes, example: example) { body in
            guard let values = body.required("items", as: Read.items(max: itemsMax)) else { return nil }
            let faultsBefore = body.faults.count
            var seen: Set<String> = []
            let items = values.enumerated().compactMap { index, value -> Item? in
                guard case .object(let object) = value else {
                    body.fault("items/\(index)", "must be an object, not \(value.kind)")
                    return nil
                }
                let fields = Fields(object: object, pointer: "/items/\(index)", faults: body.faults)
                return fields.item(&seen)
            }
            guard body.faults.count == faultsBefore else { return nil }
            return BulkRequest(items: items)
        }
    }
}

extension Fields {
    fileprivate func item(_ seen: inout Set<String>) -> BulkRequest.Item? {
        let signal = required("signal_id", as: Read.signalID)
        let action = required("action", as: Read.choice(BulkRequest.Item.Action.self))
        let decisionID = optional("decision_id", as: Read.decisionID)
        if let decisionID, !seen.insert(decisionID).inserted {
            fault("decision_id", "is that of another item: every decision has its own")
        }
        guard let signal, let action else { return nil }
        var json = JSONWriter()
        json.value(.object(object))
        let item = BulkRequest.Item(signal: signal, action: action, decisionID: decisionID, body: json.bytes)
        do throws(InvalidRequest) {
            switch action {
            case .approve: _ = try ApproveRequest.parse(item.body)
            case .reject: _ = try RejectRequest.parse(item.body)
            }
        } catch {
            for fault in error.faults { faults.add(pointer + fault.pointer, fault.detail) }
        }
        return item
    }
}

extension Read {
    fileprivate static func items(max: Int) -> (JSONValue) throws(Mismatch) -> [JSONValue] {
        { value throws(Mismatch) in
            guard case .array(let items) = value, (1...max).contains(items.count) else {
                throw Mismatch("must be a list of 1 to \(max) decisions")
            }
            return items
        }
    }

    fileprivate static func decisionID(_ value: JSONValue) throws(Mismatch) -> String {
        let text = try text(value)
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Mismatch("must be 1 to 128 visible ASCII characters")
        }
        return text
    }
}

/// What became of each decision of a ``BulkRequest``, in its order.
package struct BulkOutcomes: Sendable {
    package struct Outcome: Sendable {
        package let signal: SignalID
        package let decisionID: DecisionID
        package let result: Result<Signal, Problem>

        package init(signal: SignalID, decisionID: DecisionID, result: Result<Signal, Problem>) {
            self.signal = signal
            self.decisionID = decisionID
            self.result = result
        }
    }

    package let outcomes: [Outcome]

    package init(_ outcomes: [Outcome]) { self.outcomes = outcomes }

    private var doneCount: Int { outcomes.count { if case .success = $0.result { true } else { false } } }
}

extension BulkOutcomes: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("done", doneCount)
            json.integer("refused", outcomes.count - doneCount)
            json.list("outcomes", outcomes)
        }
    }
}

extension BulkOutcomes.Outcome: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("signal_id", signal.description)
            json.text("decision_id", decisionID.text)
            switch result {
            case .success(let signal):
                json.integer("status", 200)
                json.member("signal", signal)
                json.member("problem", Problem?.none)
            case .failure(let problem):
                json.integer("status", problem.status)
                json.member("signal", Signal?.none)
                json.member("problem", problem)
            }
        }
    }
}
