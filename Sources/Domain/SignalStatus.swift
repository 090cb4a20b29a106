/// Where a signal is in its life (C4).
///
/// `PENDING_REVIEW` → `APPROVED_<side>` | `REJECTED` | `EXPIRED` | `WITHDRAWN`; `APPROVED_*` → `PENDING_REVIEW` (undone) |
/// `EXECUTED` | `FAILED`.
package enum SignalStatus: Hashable, Sendable {
    case pendingReview
    case approved(Side)
    case rejected
    case expired
    case withdrawn
    case executed
    case failed

    package static let all: [SignalStatus] =
        [.pendingReview] + Side.allCases.map { .approved($0) } + [.rejected, .expired, .withdrawn, .executed, .failed]

    /// True in `PENDING_REVIEW` only (APR-06).
    package var isAwaitingApproval: Bool { self == .pendingReview }

    /// The one table of legal steps; all else is refused.
    package func canBecome(_ next: SignalStatus) -> Bool {
        switch (self, next) {
        case (.pendingReview, .approved), (.pendingReview, .rejected), (.pendingReview, .expired),
            (.pendingReview, .withdrawn):
            true
        case (.approved, .pendingReview), (.approved, .executed), (.approved, .failed): true
        default: false
        }
    }
}

extension SignalStatus: RawRepresentable, Codable {
    package init?(rawValue: String) {
        guard let status = Self.all.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = status
    }

    package var rawValue: String {
        switch self {
        case .pendingReview: "PENDING_REVIEW"
        case .approved(let side): "APPROVED_\(side.rawValue)"
        case .rejected: "REJECTED"
        case .expired: "EXPIRED"
        case .withdrawn: "WITHDRAWN"
        case .executed: "EXECUTED"
        case .failed: "FAILED"
        }
    }
}
