import Wire

/// How many messages of each type went to the tabs of one loop, since they were last taken.
///
/// A value that the loop alone touches, so that counting costs an addition: of a broadcast, one for all tabs together that
/// took it whole.
struct SentMessages {
    /// By ``MessageType/index``.
    private(set) var counts = [Int](repeating: 0, count: MessageType.allCases.count)

    mutating func add(_ typeIndex: Int) { counts[typeIndex] += 1 }

    /// - Parameter tabs: how many have taken all of the messages.
    mutating func add(_ messages: LiveMessages, toTabs tabs: Int) {
        guard tabs > 0 else { return }
        for index in messages.typeIndices { counts[index] += tabs }
    }

    /// - Parameter wanted: which of the messages a tab has taken, bit by bit.
    mutating func add(_ messages: LiveMessages, wanted: UInt64) {
        var rest = wanted
        while rest != 0 {
            counts[messages.typeIndices[rest.trailingZeroBitCount]] += 1
            rest &= rest - 1
        }
    }

    mutating func take() -> SentMessages {
        defer { self = SentMessages() }
        return self
    }
}

extension MessageType {
    private static let indices = Dictionary(uniqueKeysWithValues: zip(allCases, allCases.indices))

    /// Its place in ``allCases``. Looked up once per message, never once per tab.
    var index: Int { Self.indices[self] ?? 0 }
}
