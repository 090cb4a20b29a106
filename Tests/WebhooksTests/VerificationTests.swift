import Domain
import Testing
import Wire

@testable import Webhooks

/// A request is its source's own, or it is refused (GAP-08).
struct VerificationTests {
    /// The test vector that the libraries of the specification share.
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let sentAt = Timestamp(milliseconds: 1_614_265_330_000)
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private static let fields = [
        "webhook-id": id, "webhook-timestamp": "1614265330", "webhook-signature": signature,
    ]

    private static func secret(_ text: String = Sample.secretText) throws -> Secret {
        try Secret(text, as: .standardWebhooks)
    }

    private static func isBelieved(
        _ change: [String: String?] = [:],
        body: [UInt8] = VerificationTests.body,
        at now: Timestamp = VerificationTests.sentAt,
        secret: String = Sample.secretText
    ) throws -> Bool {
        var fields = fields
        for (name, value) in change { fields[name] = value }
        let verification = Verification.standardWebhooks(try Self.secret(secret))
        return (try? verification.verify(Sample.request(body, fields, at: now))) == (fields["webhook-id"] ?? "")
    }

    @Test func `the specification's own example is believed, and signing makes it again`() throws {
        #expect(try Self.isBelieved())
        let made = StandardWebhook.signature(
            id: Self.id,
            timestamp: 1_614_265_330,
            body: Self.body,
            with: try Self.secret()
        )
        #expect(made == Self.signature)
    }

    @Test func `one of several signatures is enough, and so is one of several secrets`() throws {
        let other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
        let wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
        #expect(
            try Self.isBelieved(["webhook-signature": "\(wrong) v2,\(Self.signature.dropFirst(3)) \(Self.signature)"])
        )
        #expect(try Self.isBelieved(secret: "\(other)\n\(Sample.secretText)"))
        #expect(try !Self.isBelieved(secret: other))
    }

    @Test(
        arguments: [
            ["webhook-id": nil], ["webhook-timestamp": nil], ["webhook-signature": nil],
            ["webhook-id": "msg_another"], ["webhook-timestamp": "1614265331"], ["webhook-timestamp": " 1614265330"],
            ["webhook-timestamp": "1614265330.0"], ["webhook-timestamp": "99999999999999999999"],
            ["webhook-signature": ""], ["webhook-signature": "v1,"], ["webhook-signature": "v1,g0hM9SsE"],
            ["webhook-signature": "v1a,\(signature.dropFirst(3))"], ["webhook-signature": "\(signature)A"],
            ["webhook-signature": String(repeating: "v1,AAAA ", count: 16) + signature],
        ] as [[String: String?]]
    )
    func `what is not signed as it came is not believed`(_ change: [String: String?]) throws {
        #expect(try !Self.isBelieved(change))
    }

    @Test func `another body is not believed`() throws {
        #expect(try !Self.isBelieved(body: Self.body + [0x20]))
        #expect(try !Self.isBelieved(body: []))
    }

    @Test(
        arguments: [(-300_000, true), (-300_001, false), (300_000, true), (300_001, false), (86_400_000, false)]
            as [(Int64, Bool)]
    )
    func `a request is good for five minutes, before and after`(_ offsetMs: Int64, _ isGood: Bool) throws {
        #expect(try Self.isBelieved(at: Self.sentAt.advanced(byMilliseconds: offsetMs)) == isGood)
    }

    // MARK: Other forms

    @Test(
        arguments: [
            ("t=1614265330,v1=HEX", true), ("t=1614265330, v1=00, v1=HEX", true), ("v1=HEX,t=1614265330", true),
            ("t=1614265331,v1=HEX", false), ("t=1614265330,v0=HEX", false), ("v1=HEX", false), ("", false),
            ("t=1614265330,t=1614265330,v1=HEX", false), ("t=1614265330,v1=HEX0", false),
            ("t=1614265330,v1=+EX", false),
        ]
    )
    func `a time and codes in one field`(_ text: String, _ isGood: Bool) throws {
        let code = "2e2e1a0ef1e3a6e4a6c7dd5d31d1c1a5b0e6f1c0d9cf6e4b1b6b6f4be9e2a7c1"
        let secret = try Secret("a-shared-secret-of-thirty-bytes", as: .line)
        let verification = Verification.timestamped(secret, field: "x-signature")
        let field = text.replacing("HEX", with: Self.timestampedCode).replacing("00", with: code)
        let request = Sample.request(Array(#"{"symbol":"AAPL"}"#.utf8), ["x-signature": field], at: Self.sentAt)
        #expect(((try? verification.verify(request)) != nil) == isGood)
    }

    /// Made by Python's hmac.
    private static let timestampedCode = "561ea4fe380a181ac4b77d2b71f88aecdb7c58157f525895e9ae04d0c3c1ea9e"

    @Test(
        arguments: [
            (#"{"passphrase":"correct horse battery staple"}"#, true),
            (#"{"passphrase":"correct horse battery staple "}"#, false),
            (#"{"passphrase":"correct horse battery"}"#, false), (#"{"passphrase":""}"#, false),
            (#"{"passphrase":["correct horse battery staple"]}"#, false), (#"{"passphrase":null}"#, false),
            ("{}", false), ("[]", false), (#""correct horse battery staple""#, false),
        ]
    )
    func `a passphrase is the whole passphrase`(_ body: String, _ isGood: Bool) throws {
        let source = try Sample.source("tradingview")
        #expect(((try? source.verify(Sample.request(Array(body.utf8)))) != nil) == isGood)
    }

    @Test func `a body that is no JSON is said to be none, for nothing is given away by that`() throws {
        let source = try Sample.source("tradingview")
        #expect {
            try source.verify(Sample.request(Array(#"{"passphrase":"correct horse battery staple",}"#.utf8)))
        } throws: { error in
            if case .unreadable(let fault) = error as? Verification.Fault { fault.isMalformed } else { false }
        }
    }

    @Test func `a secret shows itself nowhere`() throws {
        let secret = try Secret("correct horse battery staple", as: .line)
        for text in [
            "\(secret)", String(reflecting: secret), "\(Verification.passphrase(secret, at: TradingView.passphrase))",
        ] {
            #expect(!text.contains("horse"), "\(text)")
        }
        var dumped = ""
        dump(try Sample.source("tradingview"), to: &dumped)
        #expect(!dumped.contains("horse"))
    }
}
