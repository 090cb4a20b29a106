import Domain
import Foundation
import Testing

/// The state machine of C4.
@Suite struct SignalStatusTests {
    /// Every legal step, written out; all else is refused.
    static let legal: Set<[String]> = [
        ["PENDING_REVIEW", "APPROVED_BUY"], ["PENDING_REVIEW", "APPROVED_SELL"], ["PENDING_REVIEW", "APPROVED_HOLD"],
        ["PENDING_REVIEW", "APPROVED_NEUTRAL"], ["PENDING_REVIEW", "APPROVED_RISK"], ["PENDING_REVIEW", "REJECTED"],
        ["PENDING_REVIEW", "EXPIRED"], ["PENDING_REVIEW", "WITHDRAWN"],
        ["APPROVED_BUY", "PENDING_REVIEW"], ["APPROVED_BUY", "EXECUTED"], ["APPROVED_BUY", "FAILED"],
        ["APPROVED_SELL", "PENDING_REVIEW"], ["APPROVED_SELL", "EXECUTED"], ["APPROVED_SELL", "FAILED"],
        ["APPROVED_HOLD", "PENDING_REVIEW"], ["APPROVED_HOLD", "EXECUTED"], ["APPROVED_HOLD", "FAILED"],
        ["APPROVED_NEUTRAL", "PENDING_REVIEW"], ["APPROVED_NEUTRAL", "EXECUTED"], ["APPROVED_NEUTRAL", "FAILED"],
        ["APPROVED_RISK", "PENDING_REVIEW"], ["APPROVED_RISK", "EXECUTED"], ["APPROVED_RISK", "FAILED"],
    ]

    @Test(arguments: SignalStatus.all, SignalStatus.all)
    func `a step is legal exactly when the table says so`(_ from: SignalStatus, to: SignalStatus) {
        #expect(from.canBecome(to) == Self.legal.contains([from.rawValue, to.rawValue]))
    }

    @Test(arguments: SignalStatus.all)
    func `only PENDING_REVIEW awaits approval (APR-06, APR-07)`(_ status: SignalStatus) {
        #expect(status.isAwaitingApproval == (status.rawValue == "PENDING_REVIEW"))
    }

    @Test(arguments: SignalStatus.all)
    func `a status survives its name`(_ status: SignalStatus) throws {
        #expect(SignalStatus(rawValue: status.rawValue) == status)
        #expect(try JSONDecoder().decode([SignalStatus].self, from: JSONEncoder().encode([status])) == [status])
    }

    @Test(arguments: ["", "APPROVED", "APPROVED_", "APPROVED_LONG", "pending_review", "PENDING", "EXECUTED "])
    func `other names are no status`(_ name: String) {
        #expect(SignalStatus(rawValue: name) == nil)
    }

    @Test func `there are eleven of them`() {
        #expect(Set(SignalStatus.all.map(\.rawValue)).count == 11)
    }
}
