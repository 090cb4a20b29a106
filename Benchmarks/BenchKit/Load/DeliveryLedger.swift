/// What one tab that reads every message has got: finds each message that is missing or came twice, and each hole in the
/// tab's own numbers.
struct DeliveryLedger {
    /// Messages that came again.
    private(set) var doubled = 0
    /// Messages that nobody posted since the phase began.
    private(set) var unknown = 0
    /// Numbers of the connection that were left out, came again or went back.
    private(set) var sequenceFaults = 0

    private var firstNumber: UInt32 = 0
    private var seen: [Bool] = []
    private var lastSequenceNumber: Int?

    /// A new phase: the numbers of its messages count from here. The connection's own numbers go on.
    mutating func begin(at firstNumber: UInt32) {
        self.firstNumber = firstNumber
        seen.removeAll(keepingCapacity: true)
        doubled = 0
        unknown = 0
        sequenceFaults = 0
    }

    /// Every message of a connection has the number after the one before it; the first is 0.
    mutating func note(sequenceNumber: Int?) {
        let expected = lastSequenceNumber.map { $0 + 1 } ?? 0
        if sequenceNumber != expected { sequenceFaults += 1 }
        lastSequenceNumber = sequenceNumber ?? expected
    }

    mutating func note(message number: UInt32?) {
        guard let number, number >= firstNumber else {
            unknown += 1
            return
        }
        let place = Int(number - firstNumber)
        // More at once than any phase posts: not one of ours.
        guard place < seen.count + 1_000_000 else {
            unknown += 1
            return
        }
        if place >= seen.count { seen.append(contentsOf: repeatElement(false, count: place + 1 - seen.count)) }
        if seen[place] { doubled += 1 }
        seen[place] = true
    }

    /// How many of the accepted messages have not come.
    /// - Parameter isAccepted: By message of the phase.
    func missing(of isAccepted: [Bool]) -> Int {
        isAccepted.indices.count { isAccepted[$0] && !($0 < seen.count && seen[$0]) }
    }
}

/// The sum of what all tabs found. Anything but zero is a wrong delivery.
package struct Accounts: Sendable, Equatable, Codable {
    package var missing = 0
    package var doubled = 0
    package var unknown = 0
    package var sequenceFaults = 0
    package var lostTabs = 0
    package var refusedPosts = 0
    /// In words, the first few.
    package var faults: [String] = []

    package init() {}

    package var isClean: Bool { self == Accounts() }

    package var summary: String {
        let counts = [
            "missing": missing, "doubled": doubled, "unknown": unknown, "holes in sequence_number": sequenceFaults,
            "tabs lost": lostTabs, "posts refused": refusedPosts,
        ]
        let found = counts.filter { $0.value > 0 }.map { "\($0.value) \($0.key)" }.sorted()
        return (found + faults).joined(separator: "; ")
    }
}
