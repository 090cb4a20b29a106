package import Domain

// What a source says of a signal that is on the desk: that it was carried out, that it could not be, that it is withdrawn.
// As a message among others (GAP-08), and as the body of a request of its own (GAP-02).

/// The body of `POST /api/v1/signals/{id}/withdraw`, `…/executed` and `…/failed`.
package enum ReportRequest {
    case withdraw, executed, failed

    /// - Parameter source: who reports when the body does not say so.
    package func parse(_ bytes: some Collection<UInt8>, source: String) throws(InvalidRequest) -> Command.Report {
        // Neither a withdrawal nor an execution has to say more than that it happened.
        if bytes.isEmpty, self != .failed { return Command.Report(by: source) }
        return switch self {
        case .withdraw:
            try RequestBody.parse(bytes, example: #"{"reason":"the level broke"}"#) { $0.withdrawal(source) }
        case .executed:
            try RequestBody.parse(bytes, example: #"{"price":"150.30","quantity":"100"}"#) { $0.execution(source) }
        case .failed:
            try RequestBody.parse(bytes, example: #"{"reason":"rejected by the broker"}"#) { $0.failure(source) }
        }
    }
}

extension Fields {
    func executed(_ context: SourceMessage.Context) -> SourceMessage? {
        reported { $0.execution(context.source) }.map { .command(.reportExecuted($0, $1)) }
    }

    func failed(_ context: SourceMessage.Context) -> SourceMessage? {
        reported { $0.failure(context.source) }.map { .command(.reportFailed($0, $1)) }
    }

    func withdrawn(_ context: SourceMessage.Context) -> SourceMessage? {
        reported { $0.withdrawal(context.source) }.map { .command(.withdraw($0, $1)) }
    }

    private func reported(_ read: (Fields) -> Command.Report?) -> (SignalID, Command.Report)? {
        guard let payload else { return nil }
        let id = payload.required("id", "signal_id", as: Read.signalID)
        guard let report = read(payload), let id else { return nil }
        return (id, report)
    }

    fileprivate func withdrawal(_ source: String) -> Command.Report? {
        Command.Report(by: reporter(source), reason: optional("reason", as: Read.reportReason))
    }

    fileprivate func execution(_ source: String) -> Command.Report? {
        Command.Report(
            by: reporter(source),
            price: optional("price", as: Read.positive),
            quantity: optional("quantity", as: Read.positive),
            orderID: optional("order_id", as: Read.orderID)
        )
    }

    fileprivate func failure(_ source: String) -> Command.Report? {
        guard let reason = required("reason", as: Read.reportReason) else { return nil }
        return Command.Report(by: reporter(source), reason: reason, orderID: optional("order_id", as: Read.orderID))
    }

    private func reporter(_ source: String) -> String {
        optional("source", as: Read.line(charactersMax: 64)) ?? source
    }
}

extension Read {
    /// Shorter than a trader's note: a signal that has been decided carries both (ENV-09).
    fileprivate static var reportReason: (JSONValue) throws(Mismatch) -> String {
        note(charactersMax: 200, bytesMax: 700)
    }

    fileprivate static func orderID(_ value: JSONValue) throws(Mismatch) -> String {
        let text = try text(value)
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Mismatch("must be 1 to 64 visible ASCII characters")
        }
        return text
    }
}
