package import Domain

/// What the policy asks of the signals that wait, and what the one who asks may do about each (`GET /api/v1/policy`).
package struct PolicyPage: Sendable {
    package struct Entry: Sendable {
        package let signal: Signal
        package let standing: Policy.Standing

        package init(signal: Signal, standing: Policy.Standing) {
            self.signal = signal
            self.standing = standing
        }
    }

    /// `nil`: one person is enough, and there are no entries.
    package let stamp: Policy.Stamp?
    package let loadedAt: Timestamp?
    /// Why the file as it is now is not in force.
    package let fault: String?
    package let user: Me
    package let entries: [Entry]

    package init(stamp: Policy.Stamp?, loadedAt: Timestamp?, fault: String?, user: Me, entries: [Entry]) {
        self.stamp = stamp
        self.loadedAt = loadedAt
        self.fault = fault
        self.user = user
        self.entries = entries
    }
}

extension PolicyPage: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("policy", stamp)
            json.time("loaded_at", loadedAt)
            json.text("fault", fault)
            json.member("user", user)
            json.list("signals", entries.map { PolicyEntry(entry: $0, user: user.name) })
        }
    }
}

/// One signal under the policy, for one person (`GET /api/v1/signals/{id}/policy`).
package struct PolicyEntry: WireEncodable {
    package let entry: PolicyPage.Entry
    package let user: UserName?

    package init(entry: PolicyPage.Entry, user: UserName?) {
        self.entry = entry
        self.user = user
    }

    package func write(to json: inout JSONWriter) {
        let standing = entry.standing
        let verdict = standing.verdict(for: user)
        json.object { json in
            json.text("signal_id", entry.signal.id.description)
            json.integer("version", entry.signal.version)
            json.member("policy", standing.policy.stamp)
            json.key("rules")
            json.array(standing.requirements.matches) { json, match in
                json.object { json in
                    json.text("name", match.rule)
                    json.texts("because", match.reasons)
                }
            }
            json.integer("needed", standing.needed)
            json.texts("given", standing.given.map(\.user.text))
            json.text("missing", standing.missingWords)
            json.object("approve") { json in
                json.flag("allowed", verdict.approve.isAllowed)
                json.text("reason", verdict.approve.reason)
                json.flag("needs_note", standing.requirements.approvalNeedsReason)
            }
            json.object("reject") { json in
                json.flag("allowed", verdict.reject.isAllowed)
                json.text("reason", verdict.reject.reason)
                json.flag("veto", verdict.reject.isVeto)
                json.texts("reasons", standing.requirements.rejectReasons)
            }
            json.integer("undo_window_ms", standing.requirements.undoWindowMs)
        }
    }
}

extension Policy.Stamp: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("version", version)
            json.text("hash", hash)
        }
    }
}
