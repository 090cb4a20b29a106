import Synchronization

/// How many open tabs of all loops are of some kind. Changed by the loops, read by the hub.
final class TabCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func enter() { count.add(1, ordering: .relaxed) }
    func leave() { count.subtract(1, ordering: .relaxed) }
}
