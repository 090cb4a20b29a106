extension Decider {
    /// What a decided signal would have made is noted down once. It decides nothing: status and decision stay what they are.
    /// Nothing follows for a signal that nobody knows, that is not decided, or that has been measured.
    static func measure(_ id: SignalID, _ result: PaperResult, in desk: some DeskState, at now: Timestamp) -> [Event] {
        guard let signal = desk.signal(id), signal.paperTradeStart != nil, signal.paperResult == nil else { return [] }
        return [.signalMeasured(signal.measured(result, at: now))]
    }
}
