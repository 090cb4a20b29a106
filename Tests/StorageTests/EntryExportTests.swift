import Domain
import Foundation
import StorageContract
import Testing

@testable import Storage

/// How entries leave the desk for other programs (APR-18).
struct EntryExportTests {
    private static func entry(_ event: Event, user: String? = nil) -> StoredEntry {
        let recorded = RecordedEvent(offset: Offset(7), recordedAt: Samples.monday, event: event)
        let content = EntryContent(recorded, as: EventFormat().encode(event))
        return StoredEntry(
            content: content,
            hash: content.hash(after: .beginning, kept: .beginning),
            previousHash: .beginning
        )
    }

    private static func fields(_ event: Event) -> [String] {
        String(decoding: EntryExport.csv.line(entry(event)), as: UTF8.self).split(
            separator: ",",
            omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test func `every record has the documented columns`() {
        #expect(
            String(decoding: EntryExport.csv.head, as: UTF8.self) == """
                offset,recorded_at,type,signal_id,version,user,symbol,side,status,source,entry_price,stop_loss,target_price,\
                quantity,risk_percentage,decision_id,decided_by,decided_at,outcome,reason,note,paper_ending,paper_r,\
                paper_unwatched_seconds,previous_hash,hash\r\n
                """
        )
        for event in Samples.everyKind { #expect(Self.fields(event).count == EntryExport.columns.count) }
    }

    @Test func `a decision says who decided what about which terms`() {
        let fields = Self.fields(Samples.everyKind[1])
        #expect(fields[0...2] == ["7", "2024-03-15T14:30:00.000Z", "signal_approved"])
        #expect(
            fields[5...14] == [
                "alice", "AAPL", "BUY", "APPROVED_BUY", "wyckoff-detector", "150.25", "149.50", "152.75", "100",
                "0.750",
            ]
        )
        #expect(fields[15] == "click-2" && fields[18] == "approved" && fields[20] == "Volume confirms")
        #expect(fields[25].utf8.count == 66 && fields[25].hasSuffix("\r\n"))
    }

    @Test(arguments: [
        "=1+1", "+1", "-1+1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "\n1", "\u{FF1D}1", "\u{A0}=1", "=HYPERLINK(\"x\")",
    ])
    func `text that a spreadsheet would take for a formula is defused (CWE-1236)`(_ text: String) {
        #expect(CSVField.text(text).value == "'" + text)
    }

    @Test(arguments: ["AAPL", "1-1", "a=b", "Volume confirms", "", " ", "'quoted"])
    func `other text stays as it is`(_ text: String) {
        #expect(CSVField.text(text).value == text)
    }

    @Test func `numbers may be negative`() {
        #expect(CSVField.plain("-1.50").value == "-1.50")
    }

    @Test(arguments: [
        ("a,b", "\"a,b\"\r\n"), ("say \"no\"", "\"say \"\"no\"\"\"\r\n"), ("two\nlines", "\"two\nlines\"\r\n"),
        ("a\rb", "\"a\rb\"\r\n"), (" x", "\" x\"\r\n"), ("plain", "plain\r\n"),
    ])
    func `fields are quoted where RFC 4180 wants it`(_ text: String, _ record: String) {
        #expect(CSVRecord([.text(text)]).bytes == Array(record.utf8))
    }

    @Test func `a line of JSON holds the payload byte for byte`() throws {
        for event in Samples.everyKind {
            let entry = Self.entry(event)
            let line = EntryExport.jsonl.line(entry)
            #expect(line.last == UInt8(ascii: "\n") && line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            #expect(object["payload"] as? String == String(decoding: entry.content.payload, as: UTF8.self))
            #expect(object["hash"] as? String == entry.hash.description)
            #expect(object["signal_id"] is NSNull == (event.signal == nil))
        }
    }
}
