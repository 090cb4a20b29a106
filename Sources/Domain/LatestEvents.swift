/// The latest event of each thing that sources report about, of those that were reported last.
struct LatestEvents: Sendable {
    private var events: [String: RecordedEvent] = [:]
    private let countMax: Int

    init(countMax: Int) { self.countMax = countMax }

    subscript(id: String) -> RecordedEvent? { events[id] }

    /// - Parameters:
    ///   - recorded: an event behind all before it.
    ///   - isKept: of which things the latest event goes only when there are no others left to go.
    mutating func record(
        _ recorded: RecordedEvent,
        of id: String,
        keeping isKept: (RecordedEvent) -> Bool = { _ in false }
    ) {
        events[id] = recorded
        guard events.count > countMax else { return }
        let oldest = events.min { one, other in
            let (oneIsKept, otherIsKept) = (isKept(one.value), isKept(other.value))
            return oneIsKept == otherIsKept ? one.value.offset < other.value.offset : otherIsKept
        }
        if let oldest { events[oldest.key] = nil }
    }

    /// Oldest first.
    var inOrder: [RecordedEvent] { events.values.sorted { $0.offset < $1.offset } }
}
