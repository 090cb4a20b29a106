/// The latest event of each thing that sources report about, of those that were reported last.
struct LatestEvents: Sendable {
    private var events: [String: RecordedEvent] = [:]
    private let countMax: Int

    init(countMax: Int) { self.countMax = countMax }

    subscript(id: String) -> RecordedEvent? { events[id] }

    /// - Parameter recorded: an event behind all before it.
    mutating func record(_ recorded: RecordedEvent, of id: String) {
        events[id] = recorded
        guard events.count > countMax else { return }
        if let oldest = events.min(by: { $0.value.offset < $1.value.offset }) { events[oldest.key] = nil }
    }

    /// Oldest first.
    var inOrder: [RecordedEvent] { events.values.sorted { $0.offset < $1.offset } }
}
