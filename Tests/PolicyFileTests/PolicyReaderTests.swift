import Domain
import Foundation
import PolicyFile
import SeededRandom
import Testing

/// A policy file is read as a whole or not at all, and every fault is told with its place (issue 5, part 1).
@Suite struct PolicyReaderTests {
    static let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/policy.example.yaml")

    private static let head = "countersign_policy: 1\nversion: t\npeople: {ann: trader, bo: trader, ruth: risk}\n"

    private static func faults(_ text: String) -> [String] {
        do throws(PolicyFaults) {
            _ = try PolicyReader.read(Array(text.utf8))
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func `the example in the documentation is a policy`() throws {
        let policy = try PolicyReader.read(path: Self.example.path())
        #expect(policy.stamp.version == "2026-01 first" && policy.stamp.hash.count == 64)
        #expect(policy.rules.count == 7)
        #expect(policy.role(of: UserName("RUTH")!) == .risk && policy.role(of: UserName("nobody")!) == .viewer)
        #expect(policy.person(UserName("bo")!).sources == ["wyckoff-engine"])
        let hot = try #require(policy.rules.first { $0.name == "hot book" })
        #expect(hot.conditions == [.heatAfter(.init(atLeast: 90))] && hot.waitMs == 600_000)
        #expect(hot.approvals == .init(traders: 1, risk: 1))
    }

    @Test func `JSON says the same as YAML`() throws {
        let yaml = Self.head + "rules: [{name: a, when: {side: SELL}, approvals: {risk: 1}}]"
        let json =
            #"{"countersign_policy":1,"version":"t","people":{"ann":["trader"],"bo":["trader"],"ruth":["risk"]},"#
            + #""rules":[{"name":"a","when":{"side":["SELL"]},"approvals":{"risk":1}}]}"#
        let (one, other) = (try PolicyReader.read(Array(yaml.utf8)), try PolicyReader.read(Array(json.utf8)))
        #expect(one.rules == other.rules && one.base == other.base && one.stamp.hash != other.stamp.hash)
    }

    @Test(arguments: [
        (
            "rules: [{name: a, approvals: {trader: 0}}]",
            "4:30: rules[0].approvals must ask for 1 to 5 people in all, not 0"
        ),
        ("rules: [{name: a, aprovals: {trader: 1}}]", "rules[0].aprovals is not known here"),
        ("rules: [{name: a, approvals: {admin: 1}}]", "rules[0].approvals.admin cannot be asked to approve"),
        ("rules: [{name: a, approvals: {risk: many}}]", "rules[0].approvals.risk must be a whole number from 0 to 5"),
        ("rules: [{name: a}]", "rules[0] asks for nothing"),
        ("people: [ann]", "The same key stands twice: people"),
        ("rules: [{name: a, wait: !!python/object:os.system 1m}]", "4:25: Anchors, aliases and tags"),
        ("rules: [{name: [a], wait: 1m}]", "rules[0].name must be a text, not a list"),
        ("rules: [{[a]: b, name: a, wait: 1m}]", "rules[0] has a key that is not a text"),
        ("? {a: b}\n: c", "has a key that is not a text"),
        ("<<: {version: u}", "<< is not known here"),
        ("rules: [{name: \"a\\u202Eb\", wait: 1m}]", "must be one line"),
        ("default_role: {a: b}", "default_role must be a text, not keys and values"),
        ("rules: [{name: a, wait: ~}]", "rules[0].wait must be a time such as"),
        ("rules: [{name: a, wait: 99999999999999999999d}]", "rules[0].wait must be a time such as"),
        ("rules: [{name: a, wait: ١m}]", "rules[0].wait must be a time such as"),
        ("rules: [{name: a, veto: []}]", "rules[0].veto must have 1 to 3 entries, not 0"),
        ("rules: [{name: a, approvals: {risk: +1}}]", "must be a whole number"),
        ("rules: [{approvals: {risk: 1}}]", "rules[0] needs a name"),
        ("rules: [{name: a, when: {notional: {above: -1}}, wait: 1m}]", "when.notional.above must be a plain decimal"),
        ("rules: [{name: a, when: {notional: {above: 1e9}}, wait: 1m}]", "when.notional.above must be a plain decimal"),
        ("rules: [{name: a, when: {notional: 5}, wait: 1m}]", "when.notional must be a list of keys and values"),
        ("rules: [{name: a, when: {notional: {above: 5, below: 5}}, wait: 1m}]", "can never hold"),
        ("rules: [{name: a, when: {}, wait: 1m}]", "names no condition"),
        ("rules: [{name: a, when: {grade: E}, wait: 1m}]", "must be one of A+, A, B, C, D"),
        ("rules: [{name: a, when: {symbol: 'B*C'}, wait: 1m}]", "may have a * only as its last sign"),
        ("rules: [{name: a, wait: 5}]", "rules[0].wait must be a time such as"),
        ("rules: [{name: a, wait: 0s}]", "rules[0].wait must be a time such as"),
        ("rules: [{name: a, undo_window: 1h}]", "rules[0].undo_window must be a time such as"),
        ("rules: [{name: a, wait: 1m}, {name: A, wait: 2m}]", "has the name of another rule"),
        ("rules: []", "rules must have 1 to 200 entries"),
        ("rules: {a: 1}", "rules must be a list, not keys and values"),
        ("colour: red", "4:1: colour is not known here"),
        ("default_role: boss", "default_role must be one of viewer, trader, risk, admin"),
        ("version: u", "The same key stands twice: version"),
        ("rules: [{name: a, name: b, wait: 1m}]", "The same key stands twice: name"),
        ("rules: &r [{name: a, wait: 1m}]", "4:8: Anchors, aliases and tags"),
        ("defaults: *d", "Anchors, aliases and tags"),
        ("rules: [", "This is not YAML"),
        ("---\na: 1", "This is not YAML: but found another document"),
    ])
    func `a fault is told with its place and what to do`(_ line: String, _ expected: String) {
        let faults = Self.faults(Self.head + line)
        #expect(faults.contains { $0.contains(expected) }, "\(faults)")
    }

    @Test(arguments: [
        ("rules: [{name: a, approvals: {risk: 2}}]", "asks for 2 risk officers, but there is only 1 who may approve"),
        ("rules: [{name: a, approvals: {trader: 4}}]", "asks for 4 people, but there is only 3 who may approve"),
        ("defaults: {may_not_approve: [ann, bo, ruth]}", "asks for 1 person, but there is nobody who may approve"),
        ("rules: [{name: a, may_not_approve: zed}]", "keeps zed from approving, who is not among the people"),
        ("rules: [{name: a, veto: admin}]", "gives the veto to admin, but nobody among the people is an admin"),
        (
            "rules: [{name: a, approvals: {trader: 3}, may_not_approve: ruth}]",
            "asks for 3 people, but there is only 2 who may approve"
        ),
        (
            "rules: [{name: a, approvals: {risk: 1}}, {name: b, may_not_approve: ruth, approvals: {trader: 2}}]",
            "4:42: rules[1] cannot be satisfied together with the rule “a”, which may be about the same signal: it asks for 1 "
                + "risk officer, but there is nobody"
        ),
        (
            "rules: [{name: a, when: {symbol: 'BTC/*'}, may_not_approve: [ann, bo]}, "
                + "{name: b, when: {symbol: 'BTC/US*', side: SELL}, may_not_approve: ruth}]",
            "rules[1] cannot be satisfied together with the rule “a”"
        ),
        (
            "rules: [{name: a, when: {source: Ruth}, approvals: {risk: 1}}]",
            "asks for 1 risk officer, but there is nobody who may approve"
        ),
    ])
    func `what no desk could live with is refused`(_ line: String, _ expected: String) {
        let faults = Self.faults(Self.head + line)
        #expect(faults.contains { $0.contains(expected) }, "\(faults)")
    }

    @Test(arguments: [
        ("symbol: AAPL", "symbol: 'MSFT*'"), ("side: BUY", "side: [SELL, HOLD]"), ("grade: A", "grade: [C, D]"),
        ("risk_percentage: {below: 1}", "risk_percentage: {at_least: 1}"),
        ("heat_after: {at_most: 50}", "heat_after: {above: 50}"),
        ("campaign_after: {below: 5}", "campaign_after: {above: 7, at_most: 9}"),
    ])
    func `rules that are never about the same signal do not stand in each other's way`(_ one: String, _ other: String) {
        func rules(_ other: String) -> String {
            Self.head + "rules: [{name: a, when: {\(one)}, may_not_approve: [ann, bo]}, "
                + "{name: b, when: {\(other)}, may_not_approve: ruth}]"
        }
        #expect(Self.faults(rules(other)) == [])
        #expect(Self.faults(rules(one)).first?.contains("cannot be satisfied together") == true)
    }

    @Test func `the largest policy there may be is judged in the time of a cup of tea`() {
        let people = (0..<400).map { "p\($0): trader" }.joined(separator: ",")
        let rules = (0..<200).map { "{name: r\($0), may_not_approve: [p\($0),p\($0 + 1)], wait: 1m}" }
        let text =
            "countersign_policy: 1\nversion: t\npeople: {\n\(people.replacing(",", with: ",\n"))}\nrules: [\n"
            + rules.joined(separator: ",\n") + "]"
        #expect(Self.faults(text) == [])
    }

    @Test func `people are told apart by their letters, not by their size`() {
        let text = "countersign_policy: 1\nversion: t\npeople: {ann: trader, Ann: risk}"
        #expect(Self.faults(text).first?.contains("people.Ann is named twice") == true)
        #expect(
            Self.faults("countersign_policy: 1\nversion: t\npeople: {x: [source, trader]}").first?.contains("emit")
                == true
        )
    }

    @Test func `all faults are told at once, in the order of the file`() {
        let faults = Self.faults("version: t\ncolour: 1\nrules: [{name: a, wait: x, undo_window: y}]")
        #expect(faults.count == 4)
        #expect(faults.contains { $0.contains("countersign_policy is missing") })
    }

    @Test(arguments: ["", "# nothing", "text", "[]", "{}", "null", "\u{0}", "\u{FEFF}"])
    func `what is no policy is refused`(_ text: String) { #expect(Self.faults(text) != []) }

    @Test func `bytes that are no text are refused`() {
        #expect(throws: PolicyFaults.self) { try PolicyReader.read([0xFF, 0xFE, 0x00]) }
    }

    @Test func `a file that could keep the reader busy is refused before it is read`() {
        let bomb = "a: &a [x, x]\n" + "bcdefghijkl".map { "\($0): &\($0) [*a, *a, *a, *a, *a, *a, *a, *a]\n" }.joined()
        #expect(Self.faults(bomb).first?.contains("Anchors") == true)
        #expect(Self.faults(String(repeating: "[", count: 5_000)).first?.contains("levels deep") == true)
        #expect(Self.faults(String(repeating: "- ", count: 900)).first?.contains("levels deep") == true)
        #expect(Self.faults(String(repeating: "#", count: 70_000)).first?.contains("at most 65536") == true)
    }

    @Test func `a file that is not there is said to be missing`() {
        #expect(throws: PolicyFaults.self) { try PolicyReader.read(path: "/no/such/policy.yaml") }
    }

    /// Any damage either leaves a policy that holds all rules of its text, or none is loaded.
    @Test func `a damaged file is never loaded in part`() throws {
        let whole = Array(try Data(contentsOf: Self.example))
        var random = SeededGenerator(seed: 17)
        var refused = 0
        for _ in 0..<1_500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(bytes.randomElement(using: &random)!, at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...40, using: &random)))
                }
            }
            do throws(PolicyFaults) {
                let policy = try PolicyReader.read(bytes)
                // As many rules as the text names: nothing was passed over.
                let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                let named = lines.count { $0.firstMatch(of: /^ *- *['"]?name['"]? *:/) != nil }
                #expect(policy.rules.count == named)
                #expect((policy.base.approvals?.people ?? 0) >= 1)
            } catch {
                refused += 1
                #expect(!error.faults.isEmpty)
            }
        }
        #expect(refused > 500)
    }
}
