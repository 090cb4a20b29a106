/// Who must approve what: the rules of a desk (docs/Policy.md). A value, read from a file as a whole or not at all.
///
/// Rules only ever add to what is asked: the more of them apply, the stricter it gets. So a rule that cannot be judged,
/// because a number it asks for is not known, applies (fail closed).
package struct Policy: Hashable, Sendable {
    /// By which policy something was decided.
    package struct Stamp: Hashable, Sendable, Codable {
        /// What its authors call this version.
        package let version: String
        /// SHA-256 of the file, in hexadecimal digits.
        package let hash: String

        package init(version: String, hash: String) {
            self.version = version
            self.hash = hash
        }
    }

    package struct Person: Hashable, Sendable {
        package var roles: Set<Role>
        /// Sources whose signals count as this person's own proposals.
        package var sources: Set<String>

        package init(roles: Set<Role>, sources: Set<String> = []) {
            self.roles = roles
            self.sources = sources
        }
    }

    /// How many different people must approve, and how many of them must be risk officers. A risk officer decides, too, so
    /// counts where a trader is asked for.
    package struct Approvals: Hashable, Sendable {
        package var people: Int
        package var risk: Int

        package init(traders: Int = 0, risk: Int = 0) {
            people = traders + risk
            self.risk = risk
        }
    }

    package struct Rule: Hashable, Sendable {
        package var name: String
        /// The rule applies when all of them hold, or cannot be judged; without any to every signal.
        package var conditions: [Condition] = []
        package var approvals: Approvals?
        /// Who may reject although they may not approve; whoever has the role and rejects, vetoes.
        package var veto: Set<Role> = []
        /// People who may not approve.
        package var excluded: Set<UserName> = []
        package var approvalNeedsReason = false
        /// A rejection must give one of these; `nil` leaves it to who rejects.
        package var rejectReasons: [String]?
        /// A signal waits at most so long for its decision.
        package var waitMs: Int64?
        package var undoWindowMs: Int64?

        package init(name: String) { self.name = name }
    }

    package static let approvalsMax = 5

    package let stamp: Stamp
    /// By the name in small letters: `Ann` and `ann` are one person.
    private let people: [String: Person]
    /// What everybody is who is not named.
    package let defaultRole: Role
    /// Applies to every signal; always asks for somebody.
    package let base: Rule
    package let rules: [Rule]

    package init(stamp: Stamp, people: [UserName: Person], defaultRole: Role, base: Rule, rules: [Rule]) {
        self.stamp = stamp
        self.people = Dictionary(people.map { ($0.key.folded, $0.value) }) { one, _ in one }
        self.defaultRole = defaultRole
        var base = base
        // No rule of nothing: somebody has to approve, whatever a file says.
        if (base.approvals?.people ?? 0) < 1 { base.approvals = Approvals(traders: 1) }
        self.base = base
        self.rules = rules
    }

    package func person(_ user: UserName) -> Person { people[user.folded] ?? Person(roles: [defaultRole]) }

    /// The role that says most about somebody, for lists and badges.
    package func role(of user: UserName) -> Role {
        let roles = person(user).roles
        return [.risk, .trader, .admin, .viewer, .source].first { roles.contains($0) } ?? .viewer
    }

    /// Everybody who is named, in the order of their names.
    package var peopleNamed: [(name: String, person: Person)] {
        people.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    }
}

extension UserName {
    /// What two spellings of one name have in common.
    package var folded: String { text.lowercased() }
}
