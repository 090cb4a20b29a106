package import Domain

extension Append {
    /// What the append makes of the versions of its signals.
    package enum VersionCheck: Hashable, Sendable {
        /// It may be stored; these are the new versions of the signals it changes.
        case passed([SignalID: Int])
        case conflict(SignalID, storedVersion: Int)
    }

    /// Holds the append against the stored versions. Every store asks this, so that all of them agree.
    ///
    /// An event of a signal expects the version before its own, also where `expectedVersions` does not say so: "exactly
    /// one decision" does not depend on a caller who remembers to ask for it.
    ///
    /// - Parameter storedVersion: The version in the store, earlier appends of the same batch included; 0 when there is
    ///   no such signal. Asked at most twice for a signal.
    package func checkVersions<Failure: Error>(
        _ storedVersion: (SignalID) throws(Failure) -> Int
    ) throws(Failure) -> VersionCheck {
        for (id, expected) in expectedVersions {
            let stored = try storedVersion(id)
            guard stored == expected else { return .conflict(id, storedVersion: stored) }
        }
        var changed: [SignalID: Int] = [:]
        for signal in events.lazy.compactMap(\.signal) {
            if let previous = changed[signal.id] {
                precondition(signal.version == previous + 1, "the versions of a signal grow by one within an append")
            } else {
                let stored = try storedVersion(signal.id)
                guard signal.version == stored + 1 else { return .conflict(signal.id, storedVersion: stored) }
            }
            changed[signal.id] = signal.version
        }
        return .passed(changed)
    }
}
