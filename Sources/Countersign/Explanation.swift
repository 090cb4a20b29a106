import Domain

/// What a policy asks of one signal, line by line.
struct Explanation {
    let text: String

    init(_ standing: Policy.Standing, policy: Policy, users: [UserName]) {
        let proposal = standing.proposal
        let requirements = standing.requirements
        let side = proposal.side.map { " \($0.rawValue)" } ?? ""
        var lines = ["\(proposal.symbol)\(side) from \(proposal.source), policy \(policy.stamp.version)"]
        for match in requirements.matches {
            let why = match.reasons.isEmpty ? "every signal" : match.reasons.joined(separator: "; ")
            lines.append("  rule “\(match.rule)”: \(why)")
        }
        if requirements.matches.isEmpty { lines.append("  no rule but the defaults") }
        lines.append("needs \(standing.missingWords)")
        if !requirements.veto.isEmpty {
            lines.append("veto: \(requirements.veto.map(\.name).sorted().joined(separator: ", "))")
        }
        if requirements.approvalNeedsReason { lines.append("whoever approves says why") }
        if let reasons = requirements.rejectReasons { lines.append("rejected for: \(reasons.joined(separator: "; "))") }
        if let wait = requirements.waitMs { lines.append("waits \(Self.seconds(wait)) at most") }
        if let window = requirements.undoWindowMs { lines.append("can be undone for \(Self.seconds(window))") }
        for user in users {
            let verdict = standing.verdict(for: user)
            let rejects =
                verdict.reject.isVeto ? "may veto" : verdict.reject.isAllowed ? "may reject" : "may not reject"
            lines.append("\(user): \(verdict.approve.reason ?? "may approve"); \(rejects)")
        }
        text = lines.joined(separator: "\n")
    }

    private static func seconds(_ ms: Int64) -> String { "\(ms / 1_000) s" }
}
