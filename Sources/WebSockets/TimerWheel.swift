internal import NIOCore

/// The deadlines of many connections in slots of time: to set one, to take one back and to find those that are due costs no
/// more for ten thousand than for one, and all of them need one timer of the event loop.
///
/// A deadline comes at the first tick that is not before it. Pure: it reads no time.
struct TimerWheel {
    static let tickMs: Int64 = 100
    private static let tickNs = UInt64(tickMs) * 1_000_000
    /// About fifty seconds; what is due later stays in its slot for another turn.
    private static let slotsCount = 512

    private struct Timer {
        let id: Int
        let tick: UInt64
    }

    private var slots = [[Timer]](repeating: [], count: slotsCount)
    /// Everything up to this tick has been handed out.
    private var passed: UInt64 = 0
    private var count = 0

    /// - Parameter id: at most once at a time.
    /// - Returns: when it comes.
    @discardableResult
    mutating func set(_ id: Int, at deadline: NIODeadline) -> NIODeadline {
        let notBefore = (deadline.uptimeNanoseconds + Self.tickNs - 1) / Self.tickNs
        let timer = Timer(id: id, tick: max(notBefore, passed + 1))
        slots[Self.slot(of: timer.tick)].append(timer)
        count += 1
        return .uptimeNanoseconds(timer.tick * Self.tickNs)
    }

    /// Takes back what was set.
    ///
    /// - Parameter time: what ``set(_:at:)`` returned.
    mutating func cancel(_ id: Int, at time: NIODeadline) {
        let slot = Self.slot(of: time.uptimeNanoseconds / Self.tickNs)
        guard let index = slots[slot].firstIndex(where: { $0.id == id }) else { return }
        slots[slot].swapAt(index, slots[slot].count - 1)
        slots[slot].removeLast()
        count -= 1
    }

    /// Hands out what is due, the earliest first.
    mutating func advance(to now: NIODeadline) -> [Int] {
        let present = now.uptimeNanoseconds / Self.tickNs
        guard present > passed else { return [] }
        var due: [Timer] = []
        if count > 0 {
            let turns = min(present - passed, UInt64(Self.slotsCount))
            for tick in (present - turns + 1)...present {
                let slot = Self.slot(of: tick)
                guard !slots[slot].isEmpty else { continue }
                due += slots[slot].filter { $0.tick <= present }
                slots[slot].removeAll { $0.tick <= present }
            }
        }
        passed = present
        count -= due.count
        return due.sorted { $0.tick < $1.tick }.map(\.id)
    }

    /// When to come back: not after the next deadline, but possibly before it.
    var next: NIODeadline? {
        guard count > 0 else { return nil }
        let all = UInt64(Self.slotsCount)
        for tick in (passed + 1)...(passed + all) where slots[Self.slot(of: tick)].contains(where: { $0.tick <= tick })
        {
            return .uptimeNanoseconds(tick * Self.tickNs)
        }
        return .uptimeNanoseconds((passed + all) * Self.tickNs)
    }

    private static func slot(of tick: UInt64) -> Int { Int(tick % UInt64(slotsCount)) }
}
