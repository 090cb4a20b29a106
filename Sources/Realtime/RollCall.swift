package import Domain
package import Wire

/// Which of the tabs that were there when the desk was stopped have acknowledged it ("6/6", GAP-07).
///
/// A value without input or output. A tab counts when it acknowledges under a name. One that left without a word stays missing
/// until its user has acknowledged elsewhere: a page that is loaded anew is another tab, and a person knows once.
package struct RollCall: Hashable, Sendable {
    private struct Tab: Hashable {
        let user: UserName
        var hasAnswered = false
        var isConnected = true
    }

    /// Of the message that is to be acknowledged.
    package let offset: Offset
    /// After a restart nobody knows who was there: then those count who come.
    private let countsComers: Bool
    private var tabs: [String: Tab]
    private var answeredCount = 0
    /// Who has acknowledged, in whichever tab.
    private var answered: Set<UserName> = []
    /// Tabs that left without a word, by whose they were.
    private var gone: [UserName: Set<String>] = [:]

    /// - Parameter tabs: those that are connected, by their ids, with whose they are.
    package init(of offset: Offset, tabs: [String: UserName], countingComers countsComers: Bool = false) {
        self.offset = offset
        self.countsComers = countsComers
        self.tabs = tabs.mapValues { Tab(user: $0) }
    }

    // Each costs the same with one tab and with ten thousand, and says whether the answers are others now.

    /// - Parameter knows: whether the user has acknowledged it before.
    package mutating func joined(_ id: String, _ user: UserName, knows: Bool) -> Bool {
        guard countsComers, tabs[id] == nil else { return false }
        tabs[id] = Tab(user: user)
        if knows {
            answered.insert(user)
            _ = answer(id)
        }
        return true
    }

    package mutating func left(_ id: String) -> Bool {
        guard let tab = tabs[id], !tab.hasAnswered, tab.isConnected else { return false }
        tabs[id]?.isConnected = false
        if answered.contains(tab.user) { return answer(id) }
        gone[tab.user, default: []].insert(id)
        return true
    }

    /// - Parameter id: the tab that says so, whether it is counted or not.
    package mutating func acknowledged(_ user: UserName, tab id: String, upTo place: Offset) -> Bool {
        guard place >= offset else { return false }
        answered.insert(user)
        let others = gone.removeValue(forKey: user) ?? []
        return others.union([id]).reduce(false) { answer($1) || $0 }
    }

    private mutating func answer(_ id: String) -> Bool {
        guard tabs[id]?.hasAnswered == false else { return false }
        tabs[id]?.hasAnswered = true
        answeredCount += 1
        return true
    }

    package var answers: StopAcknowledgements {
        let waiting = Dictionary(grouping: tabs.values.filter { !$0.hasAnswered }, by: \.user)
        return StopAcknowledgements(
            offset: offset,
            tabs: tabs.count,
            acknowledged: answeredCount,
            waiting: waiting.sorted { $0.key < $1.key }.map { user, tabs in
                .init(user: user, tabs: tabs.count, isConnected: tabs.contains(where: \.isConnected))
            }
        )
    }
}
