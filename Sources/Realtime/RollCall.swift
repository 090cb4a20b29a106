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

    /// - Parameter tabs: those that are connected, by their ids, with whose they are.
    package init(of offset: Offset, tabs: [String: UserName], countingComers countsComers: Bool = false) {
        self.offset = offset
        self.countsComers = countsComers
        self.tabs = tabs.mapValues { Tab(user: $0) }
    }

    /// - Parameter knows: whether the user has acknowledged it before.
    package mutating func joined(_ id: String, _ user: UserName, knows: Bool) {
        if tabs[id] != nil {
            tabs[id]?.isConnected = true
        } else if countsComers {
            tabs[id] = Tab(user: user, hasAnswered: knows)
        }
    }

    package mutating func left(_ id: String) {
        guard let tab = tabs[id] else { return }
        tabs[id]?.isConnected = false
        if tabs.values.contains(where: { $0.user == tab.user && $0.hasAnswered }) { tabs[id]?.hasAnswered = true }
    }

    /// - Parameter id: the tab that says so; `nil` when a user who polls does.
    package mutating func acknowledged(_ user: UserName, tab id: String?, upTo place: Offset) {
        guard place >= offset else { return }
        if let id { tabs[id]?.hasAnswered = true }
        for (other, tab) in tabs where tab.user == user && !tab.isConnected { tabs[other]?.hasAnswered = true }
    }

    package var answers: StopAcknowledgements {
        let waiting = Dictionary(grouping: tabs.values.filter { !$0.hasAnswered }, by: \.user)
        return StopAcknowledgements(
            offset: offset,
            tabs: tabs.count,
            acknowledged: tabs.values.count { $0.hasAnswered },
            waiting: waiting.sorted { $0.key < $1.key }.map { user, tabs in
                .init(user: user, tabs: tabs.count, isConnected: tabs.contains(where: \.isConnected))
            }
        )
    }
}
