package import Domain
package import Wire

/// Who is here, with how many tabs, and which signal each tab looks at.
///
/// A value without input or output. A claim belongs to its tab: it goes with the tab, with the signal's decision, and, for
/// tabs that poll, when it is not renewed. It warns others and locks nothing.
package struct PresenceTable: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Who polls counts as here for so long after each time. A page asks every 5 s, so two may be lost.
        package var pollerMsMax: Int64 = 15_000
        package var pollersMax = 1_000
        package init() {}
    }

    package enum Tab: Hashable, Sendable {
        /// On a socket or an event stream, by its id.
        case connection(String)
        /// All tabs of a user that poll: nothing tells them apart.
        case poller(UserName)
    }

    private struct Here {
        let user: UserName?
        /// When a poller is gone unless it asks again.
        var until: Timestamp?
    }

    private struct Look: Hashable {
        let signal: SignalID
        let since: Timestamp
    }

    private struct Named {
        var tabs: Int
        let since: Timestamp
    }

    private let limits: Limits
    private var tabs: [Tab: Here] = [:]
    private var named: [UserName: Named] = [:]
    private var looks: [Tab: Look] = [:]
    private var pollers: Set<Tab> = []
    /// Whether ``present`` is another one than when it was last taken.
    package private(set) var hasChanged = false

    package init(limits: Limits = Limits()) { self.limits = limits }

    // MARK: Coming and going

    package mutating func entered(_ connectionID: String, user: UserName?, at now: Timestamp) {
        enter(.connection(connectionID), Here(user: user, until: nil), at: now)
    }

    package mutating func left(_ connectionID: String) { leave(.connection(connectionID)) }

    /// Who polls says that they are still here.
    ///
    /// - Returns: false when more poll than there is room for.
    package mutating func polled(_ user: UserName, lookingAt signal: SignalID?, at now: Timestamp) -> Bool {
        let tab = Tab.poller(user)
        let until = now.advanced(byMilliseconds: limits.pollerMsMax)
        if tabs[tab] == nil {
            guard pollers.count < limits.pollersMax else { return false }
            enter(tab, Here(user: user, until: until), at: now)
            pollers.insert(tab)
        }
        tabs[tab]?.until = until
        look(tab, at: signal, now: now)
        return true
    }

    /// Who polls, each with one name for all tabs of theirs.
    package var pollingUsers: [UserName] {
        pollers.compactMap { if case .poller(let user) = $0 { user } else { nil } }
    }

    /// Drops who has not polled again in time.
    package mutating func expired(at now: Timestamp) {
        for tab in pollers {
            guard let until = tabs[tab]?.until, until <= now else { continue }
            leave(tab)
        }
    }

    private mutating func enter(_ tab: Tab, _ here: Here, at now: Timestamp) {
        guard tabs.updateValue(here, forKey: tab) == nil else { return }
        hasChanged = true
        if let user = here.user { named[user, default: Named(tabs: 0, since: now)].tabs += 1 }
    }

    private mutating func leave(_ tab: Tab) {
        guard let here = tabs.removeValue(forKey: tab) else { return }
        hasChanged = true
        pollers.remove(tab)
        looks[tab] = nil
        guard let user = here.user, let known = named[user] else { return }
        if known.tabs > 1 { named[user]?.tabs -= 1 } else { named[user] = nil }
    }

    // MARK: Looking

    /// - Returns: false when this user has no such connection.
    @discardableResult
    package mutating func looking(
        _ connectionID: String,
        of user: UserName?,
        at signal: SignalID?,
        now: Timestamp
    ) -> Bool {
        let tab = Tab.connection(connectionID)
        guard let here = tabs[tab], here.user == user else { return false }
        look(tab, at: signal, now: now)
        return true
    }

    /// Nobody's claim outlives what it was about.
    package mutating func settled(_ signals: Set<SignalID>) {
        guard !looks.isEmpty, !signals.isEmpty else { return }
        let left = looks.filter { !signals.contains($0.value.signal) }
        guard left.count < looks.count else { return }
        looks = left
        hasChanged = true
    }

    private mutating func look(_ tab: Tab, at signal: SignalID?, now: Timestamp) {
        guard looks[tab]?.signal != signal else { return }
        looks[tab] = signal.map { Look(signal: $0, since: now) }
        hasChanged = true
    }

    // MARK: What is told

    /// All there is to tell.
    package var present: Presence {
        let users = named.sorted { $0.key < $1.key }
            .map { Presence.User(user: $0.key, tabs: $0.value.tabs, since: $0.value.since) }
        let anonymous = tabs.count - named.values.reduce(0) { $0 + $1.tabs }
        return Presence(users: users, anonymousTabs: anonymous, looking: claims)
    }

    /// ``present``, to be told; from now on nothing has changed.
    package mutating func take() -> Presence {
        hasChanged = false
        return present
    }

    private var claims: [Presence.Look] {
        struct Claim: Hashable {
            let signal: SignalID
            let user: UserName?
        }
        var claims: [Claim: (tabs: Int, since: Timestamp)] = [:]
        for (tab, look) in looks {
            let claim = Claim(signal: look.signal, user: tabs[tab]?.user)
            let known = claims[claim] ?? (tabs: 0, since: look.since)
            claims[claim] = (tabs: known.tabs + 1, since: min(known.since, look.since))
        }
        return
            claims.map {
                Presence.Look(signal: $0.key.signal, user: $0.key.user, tabs: $0.value.tabs, since: $0.value.since)
            }
            .sorted {
                ($1.since, $0.signal.description, $0.user?.text ?? "")
                    < ($0.since, $1.signal.description, $1.user?.text ?? "")
            }
    }
}
