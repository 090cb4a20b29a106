import Domain
import Testing

@testable import Wire

struct ProblemTests {
    @Test func `a problem has the members of RFC 9457, its code and its extensions`() throws {
        let problem = Problem(
            .symbolAmbiguous,
            "Decide by id.",
            extensions: [.signals([Example.signal]), .value("hint", ["a": 1])]
        )
        let body = try parsed(problem.encoded)
        #expect(body["type"] == "urn:countersign:problem:symbol-ambiguous")
        #expect(body["status"] == 409)
        #expect(body["detail"] == "Decide by id.")
        #expect(body["code"] == "symbol_ambiguous")
        #expect(body["hint"] == ["a": 1])
        guard case .array(let signals) = body["signals"] else {
            Issue.record("something else")
            return
        }
        #expect(signals == [try parsed(Example.signal.encoded)])
    }

    @Test(
        arguments: [
            (Refusal.Code.signalNotFound, 404, nil), (.signalExists, 409, "signals"), (.alreadyDecided, 409, "signal"),
            (.signalExpired, 410, "signal"), (.versionConflict, 409, "signal"), (.notApproved, 409, "signal"),
            (.symbolNotPending, 409, "signals"), (.symbolAmbiguous, 409, "signals"),
            (.termsChanged, 409, "signal"), (.priceMoved, 409, "signal"), (.invalidTerms, 400, "signal"),
            (.sourceMismatch, 403, "signal"),
        ] as [(Refusal.Code, Int, String?)]
    )
    func `a refusal keeps its code and shows the signals`(code: Refusal.Code, status: Int, member: String?) throws {
        let problem = Problem(refusal: Refusal(code, "Detail.", signals: [Example.signal]))
        #expect(problem.status == status)
        #expect(problem.code.rawValue == code.rawValue)
        let body = try parsed(problem.encoded)
        #expect((body["signal"] != nil) == (member == "signal"))
        #expect((body["signals"] != nil) == (member == "signals"))
    }

    @Test func `an invalid request tells every fault`() throws {
        let request = InvalidRequest(
            faults: [.init("/a", "is required"), .init("/b", "must be a text")],
            faultsLeftOut: 3
        )
        let problem = Problem(invalid: request)
        #expect(problem.code == .invalidRequest)
        #expect(problem.detail == "The body has 5 faults. Nothing was taken: /a is required.")
        #expect(
            try parsed(problem.encoded)["errors"] == [
                ["pointer": "/a", "detail": "is required"], ["pointer": "/b", "detail": "must be a text"],
            ]
        )
    }

    @Test func `no two codes share a name, and every one has a status and a title`() {
        #expect(Set(Problem.Code.allCases.map(\.urn)).count == Problem.Code.allCases.count)
        #expect(Problem.Code.allCases.allSatisfy { (400...599).contains($0.status) && !$0.title.isEmpty })
    }

    @Test func `close codes say by their range whether to come back`() {
        #expect(CloseCode.allCases.filter { !$0.isRetryable } == [.badRequest])
        #expect(CloseCode.allCases.allSatisfy { $0.reason.utf8.count <= 123 })
    }
}
