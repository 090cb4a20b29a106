import Foundation
import Testing
import Wire

@testable import Webhooks

/// The file of settings is used whole or not at all, and says all that is wrong with it.
struct WebhookSettingsTests {
    private static func faults(_ text: String) -> [String] {
        do {
            _ = try Sample.settings(text)
            return []
        } catch {
            return (error as? SettingsFault)?.faults ?? ["\(error)"]
        }
    }

    private static func source(_ change: (inout [String: String]) -> Void) -> [String] {
        var members = [
            "verify": #""standard_webhooks""#, "secret": #"{"env":"WYCKOFF_SECRET"}"#, "takes": #""messages""#,
        ]
        change(&members)
        let text = members.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
        return faults(#"{"sources":{"w":{\#(text)}}}"#)
    }

    private static func endpoint(_ change: (inout [String: String]) -> Void) -> [String] {
        var members = ["url": #""http://127.0.0.1:9/x""#, "secret": #"{"env":"BROKER_SECRET"}"#]
        change(&members)
        let text = members.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
        return faults(#"{"endpoints":{"e":{\#(text)}}}"#)
    }

    @Test func `the example is what it says`() throws {
        let settings = try Sample.settings(Sample.fixture("settings"))
        #expect(settings.sources.keys.sorted() == ["scanner", "tradingview", "wyckoff"])
        #expect(settings.sources["scanner"]?.requestsPerMinuteMax == 30)
        let (broker, journal) = (settings.endpoints[0], settings.endpoints[1])
        #expect(broker.name == "broker" && broker.events == [.signalApproved] && broker.schedule == DeliverySchedule())
        #expect(journal.events.count == 5 && journal.schedule.pausesSeconds == [1, 10])
        #expect(journal.schedule.timeoutSeconds == 5 && journal.schedule.releaseWithinSeconds == 120)
    }

    @Test func `nothing in it is nothing to do`() throws {
        let settings = try Sample.settings("{}")
        #expect(settings.sources.isEmpty && settings.endpoints.isEmpty)
        #expect(Self.source { _ in }.isEmpty && Self.endpoint { _ in }.isEmpty)
    }

    @Test(
        arguments: [
            ("", "nothing"), ("{", "Line 1"), ("[]", "must hold an object, not a list"),
            (#"{"sorces":{}}"#, "/sorces is not known here"),
            (#"{"sources":[]}"#, "/sources must be an object, not a list"),
            (#"{"sources":{"a":1}}"#, "/sources/a must be an object, not a number"),
            (#"{"sources":{},"sources":{}}"#, "Line 1"),
            (#"{"sources":{"A b":{}}}"#, "/sources/A b must be a name"),
            (#"{"sources":{"dead-letters":{}}}"#, "other than dead-letters"),
        ]
    )
    func `a file that is none is refused with where it is wrong`(_ text: String, _ fault: String) {
        #expect(Self.faults(text).contains { $0.contains(fault) }, "\(Self.faults(text))")
    }

    @Test(
        arguments: [
            ("verify", nil, "/verify is missing"),
            ("verify", #""md5""#, "must be one of standard_webhooks, timestamped"),
            ("verify", #""timestamped""#, "/header is missing"), ("verify", #""passphrase""#, "/passphrase is missing"),
            ("verify", #""passphrase""#, "/sent_at is missing: a passphrase proves no time"),
            ("sent_at", #""sent""#, "/sent_at must be a JSON pointer"),
            ("sent_at", #"{"pointer":"/t"}"#, "/sent_at/time is missing"),
            ("sent_at", #"{"pointer":"/t","time":"unix"}"#, "/sent_at/time must be one of rfc3339"),
            ("sent_at", #"{"pointer":"/t","time":"rfc3339","zone":1}"#, "/sent_at/zone is not known"),
            ("secret", nil, "/secret is missing"), ("secret", #""whsec_x""#, "/secret must be an object, not a text"),
            ("secret", "{}", #"must be {"env": "NAME"} or {"file": "PATH"}"#),
            ("secret", #"{"env":"WYCKOFF_SECRET","file":"x"}"#, #"must be {"env": "NAME"} or"#),
            ("secret", #"{"env":"NOT_SET"}"#, "/secret/env names NOT_SET, which is not set"),
            ("secret", #"{"file":"/no/such/file"}"#, "/secret/file names a file that cannot be read"),
            ("secret", #"{"env":"SCANNER_SECRET"}"#, "/secret/env must hold whsec_"),
            ("secret", #"{"value":"x"}"#, "/secret/value is not known here"),
            ("takes", nil, "/takes is missing"), ("takes", #""mapped""#, "/mapping is missing"),
            ("takes", "1", "/takes must be a text that is not empty, not a number"),
            ("key", #"["id"]"#, "/key must hold JSON pointers"), ("key", "[]", "/key must be a list of texts"),
            ("requests_per_minute_max", "0", "must be a whole number from 1 to 60000"),
            ("requests_per_minute_max", "1.5", "must be a whole number from 1 to 60000"),
            ("mapping", #"{"symbol":"/s"}"#, "/mapping is not known here"),
            ("takez", "1", "/takez is not known here; known are header, "),
        ] as [(String, String?, String)]
    )
    func `a source that is wrong is refused`(_ name: String, _ value: String?, _ fault: String) {
        let found = Self.source { $0[name] = value }
        let expected = fault.replacing("known are header, ", with: "known are ")
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test(
        arguments: [
            ("{}", "/mapping/symbol is missing"), (#"{"symbol":"s"}"#, "/mapping/symbol must be a JSON pointer"),
            (#"{"symbol":"/s","source":"/x"}"#, "/mapping/source is not a member of a signal"),
            (#"{"symbol":"/s","status":"/x"}"#, "/mapping/status is not a member"),
            (#"{"symbol":{}}"#, "must have one of pointer, value and seconds_from_now"),
            (#"{"symbol":{"pointer":"/s","value":1}}"#, "must have one of pointer, value and"),
            (#"{"symbol":{"pointer":"/s","optinal":true}}"#, "/mapping/symbol/optinal is not known"),
            (#"{"symbol":"/s","ts":{"pointer":"/t","time":"unix"}}"#, "/mapping/ts/time must be one of rfc3339"),
            (#"{"symbol":"/s","side":{"pointer":"/t","words":{"up":1}}}"#, "/mapping/side/words/up must be a text"),
            (#"{"symbol":"/s","expires_at":{"seconds_from_now":0}}"#, "must be a whole number from 1"),
        ]
    )
    func `a mapping that is wrong is refused`(_ mapping: String, _ fault: String) {
        let found = Self.source {
            $0["takes"] = #""mapped""#
            $0["mapping"] = mapping
        }
        #expect(found.contains { $0.contains(fault) }, "\(found)")
    }

    @Test(
        arguments: [
            ("url", nil, "/url is missing"), ("url", #""ftp://x/""#, "must be an http or https address"),
            ("url", #""https://""#, "must be an http or https address"), ("url", #""/hook""#, "must be an http"),
            ("url", #""https://ann:pw@x/""#, "without a user, a password"),
            ("url", #""https://x/#f""#, "or a fragment"),
            ("secret", nil, "/secret is missing"), ("events", "[]", "/events must be a list of texts"),
            ("events", #"["price_update"]"#, "not price_update"), ("events", #"["everything"]"#, "not everything"),
            ("retry_after_seconds", "[-1]", "whole numbers from 0 to 3600"),
            ("retry_after_seconds", #"["1"]"#, "whole numbers from 0 to 3600"),
            ("timeout_seconds", "0", "from 1 to 60"), ("release_within_seconds", "0", "from 1 to 86400"),
            ("headers", "{}", "/headers is not known here"),
        ] as [(String, String?, String)]
    )
    func `an endpoint that is wrong is refused`(_ name: String, _ value: String?, _ fault: String) {
        let found = Self.endpoint { $0[name] = value }
        #expect(found.contains { $0.contains(fault) }, "\(found)")
    }

    @Test func `there are not more sources and endpoints than there are series of metrics for`() {
        func many(_ kind: String, _ count: Int) -> String {
            "{\"\(kind)\":{" + (0..<count).map { "\"n\($0)\":{}" }.joined(separator: ",") + "}}"
        }
        for kind in ["sources", "endpoints"] {
            let fault = "/\(kind) must hold at most 32"
            #expect(!Self.faults(many(kind, 32)).contains(fault))
            #expect(Self.faults(many(kind, 33)).contains(fault))
        }
    }

    @Test func `what is wrong is one line, whatever the file holds`() throws {
        do {
            _ = try Sample.settings("{\"sources\":{\"a\\nb\":1},\"c\\u2028d\":1}")
            Issue.record("taken")
        } catch let fault as SettingsFault {
            let lines = fault.description.split(whereSeparator: \.isNewline)
            #expect(lines.count == 1 && fault.faults.count == 2)
        }
    }

    @Test func `all faults are told at once, and none of them holds a secret`() {
        let text = #"""
            {"sources":{"a":{"verify":"standard_webhooks","secret":{"env":"SCANNER_SECRET"},"takes":"all"},"b":{}},"x":1}
            """#
        let found = Self.faults(text)
        #expect(found.count == 6, "\(found)")
        #expect(!found.joined().contains("a-shared-secret"))
    }

    @Test func `a secret in a file beside the settings is found`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "webhooks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("\(Sample.secretText)\n".utf8).write(to: folder.appending(path: "broker.secret"))
        let settings = #"{"endpoints":{"e":{"url":"http://localhost/","secret":{"file":"broker.secret"}}}}"#
        let file = folder.appending(path: "webhooks.json")
        try Data(settings.utf8).write(to: file)
        #expect(try WebhookSettings(file: file.path) { _ in nil }.endpoints.count == 1)
        #expect(throws: SettingsFault.self) {
            try WebhookSettings(file: folder.appending(path: "none.json").path) { _ in nil }
        }
    }
}
