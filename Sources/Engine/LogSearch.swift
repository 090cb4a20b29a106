import Domain
import Storage

/// Finds appends, in the order they were handed to the store, among events that were read back from its log.
struct LogSearch {
    private var rest: ArraySlice<RecordedEvent>

    init(_ events: [RecordedEvent]) { rest = events[...] }

    /// The stored events of `append`; `nil` when the log does not hold them, or when there are none to look for.
    mutating func events(of append: Append) -> [RecordedEvent]? {
        guard !append.events.isEmpty else { return nil }
        for start in rest.indices {
            let candidates = rest[start...].prefix(append.events.count)
            guard candidates.count == append.events.count else { return nil }
            if zip(candidates, append.events).allSatisfy({ $0.event == $1 && $0.recordedAt == append.recordedAt }) {
                rest = rest[candidates.endIndex...]
                return Array(candidates)
            }
        }
        return nil
    }
}
