import Domain
import Testing

@testable import Wire

struct DecisionRequestTests {
    @Test func `an approval says what it approves`() throws {
        let request = try ApproveRequest.parse(
            bytes(#"{"status":"buy","note":" Looks\r\nstrong ","version":2,"user_id":"alice","symbol":"aapl","x":1}"#)
        )
        #expect(request.status == .buy)
        #expect(request.note == "Looks\nstrong")
        #expect(request.version == 2)
        #expect(request.userID == UserName("alice"))
        #expect(request.symbol == Symbol("AAPL"))
        let bare = try ApproveRequest.parse(bytes(#"{"status":"RISK","note":""}"#))
        #expect(bare.note == nil && bare.version == nil && bare.userID == nil && bare.symbol == nil)
    }

    @Test func `a rejection needs a reason`() throws {
        #expect(try RejectRequest.parse(bytes(#"{"reason":"too late","note":null}"#)).reason == "too late")
        for body in [#"{}"#, #"{"reason":""}"#, #"{"reason":null}"#, #"{"reason":7}"#] {
            let error = #expect(throws: InvalidRequest.self) { try RejectRequest.parse(bytes(body)) }
            #expect(error?.faults.map(\.pointer) == ["/reason"])
        }
    }

    @Test(arguments: [
        ("", ""), ("[]", ""), ("{}", "/status"), (#"{"status":"APPROVED"}"#, "/status"),
        (#"{"status":"BUY","version":"2"}"#, "/version"),
        (#"{"status":"BUY","version":-1}"#, "/version"), (#"{"status":"BUY","user_id":""}"#, "/user_id"),
        (#"{"status":"BUY","note":"\u202e"}"#, "/note"),
        (#"{"status":"BUY","note":"\#(String(repeating: "n", count: 501))"}"#, "/note"),
        (#"{"status":"BUY","note":"\#(String(repeating: "😀", count: 401))"}"#, "/note"),
    ])
    func `what is wrong is told with its pointer`(body: String, pointer: String) {
        let error = #expect(throws: InvalidRequest.self) { try ApproveRequest.parse(bytes(body)) }
        #expect(error?.faults.map(\.pointer) == [pointer])
        #expect(error?.isMalformed == false)
    }

    @Test func `an empty body says what to send`() {
        let error = #expect(throws: InvalidRequest.self) { try ApproveRequest.parse([], needsSymbol: true) }
        #expect(
            error?.faults.first?.detail == #"must not be empty: send an object like {"symbol":"AAPL","status":"BUY"}"#
        )
    }

    @Test func `without a signal in the path a symbol is needed`() {
        let error = #expect(throws: InvalidRequest.self) {
            try ApproveRequest.parse(bytes(#"{"status":"BUY"}"#), needsSymbol: true)
        }
        #expect(error?.faults == [.init("/symbol", "is required")])
    }

    @Test func `no JSON is another problem than wrong JSON`() {
        let error = #expect(throws: InvalidRequest.self) { try RejectRequest.parse(bytes("{")) }
        #expect(error.map { Problem(invalid: $0).code } == .malformedJSON)
    }
}
