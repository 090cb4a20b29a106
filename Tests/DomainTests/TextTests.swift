import Domain
import Foundation
import Testing

/// Text from people and sources: names, lines and notes (APR-05, SEC-08).
@Suite struct TextTests {
    /// Characters that reorder text, hide in it or end it, each by its code point.
    static let harmful: [UInt32] =
        [0x00, 0x07, 0x08, 0x1B, 0x7F, 0x85, 0x9F]
        + [0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x061C]
        + [0x2028, 0x2029, 0xFEFF, 0x200B, 0x2060, 0x00AD, 0x3164, 0x115F, 0xFFA0, 0x180E, 0xE0001, 0xFFF9]

    @Test(arguments: harmful)
    func `characters that deceive are refused wherever they stand`(_ code: UInt32) throws {
        let scalar = String(try #require(Unicode.Scalar(code)))
        for text in ["ab\(scalar)cd", "ab\(scalar)cd ", "a \(scalar) b"] {
            #expect(Line(text, charactersMax: 100) == nil)
            #expect(Note(text) == nil)
            #expect(UserName(text) == nil)
        }
    }

    @Test(arguments: ["", " ", "\n", "\t \u{00A0}\u{3000}", "\u{200B}", "\u{200D}", "\u{FE0F}", "\u{200D}\u{200D}"])
    func `text without anything to see is no text`(_ text: String) {
        #expect(Line(text, charactersMax: 10) == nil)
        #expect(Note(text) == nil)
        #expect(UserName(text) == nil)
    }

    @Test(arguments: [
        "Technicals look strong. RSI oversold.", "日本語のメモ", "می‌خواهم", "👩‍👩‍👧‍👦 family", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "e\u{301}", "السلام عليكم",
        "नमस्ते", "<b>&amp;</b>",
        "x'); DROP TABLE event;--",
    ])
    func `what people write in any language is kept as it is`(_ text: String) {
        #expect(Line(text, charactersMax: 100)?.text == text)
        #expect(Note(text)?.text == text)
    }

    @Test func `what can be written in two ways is kept in one`() {
        let (twoScalars, one) = ("Rene\u{301}", "Ren\u{E9}")
        for text in [Line(twoScalars, charactersMax: 10)?.text, Note(twoScalars)?.text, UserName(twoScalars)?.text] {
            #expect(text.map { Array($0.unicodeScalars) } == Array(one.unicodeScalars))
        }
    }

    @Test func `a name is bounded in bytes too`() {
        #expect(UserName(String(repeating: "😀", count: 64)) != nil)
        #expect(UserName(String(repeating: "👩‍👧", count: 64)) == nil)
    }

    @Test func `white space around is taken away`() {
        #expect(Line(" \t alice \n", charactersMax: 10)?.text == "alice")
        #expect(UserName("  Bob B. ")?.text == "Bob B.")
        #expect(Note("\n\n yes \n no \n")?.text == "yes \n no")
    }

    @Test func `a line has no line breaks, a note may`() {
        #expect(Line("a\nb", charactersMax: 10) == nil)
        #expect(Line("a\r\nb", charactersMax: 10) == nil)
        #expect(UserName("a\nb") == nil)
        #expect(Note("a\nb")?.text == "a\nb")
    }

    @Test func `a note pasted from elsewhere keeps its breaks and loses its tabs`() {
        #expect(Note("RSI\t28\r\nMACD\tup\rend")?.text == "RSI 28\nMACD up\nend")
    }

    @Test func `lengths count characters as people do`() {
        let family = "👩‍👩‍👧‍👦"
        #expect(Line(String(repeating: "a", count: 10), charactersMax: 10) != nil)
        #expect(Line(String(repeating: "a", count: 11), charactersMax: 10) == nil)
        #expect(Line(String(repeating: "é", count: 10), charactersMax: 10) != nil)
        #expect(Line(family + "abcdefg", charactersMax: 8) != nil)
        #expect(Note(String(repeating: "n", count: Note.charactersMax)) != nil)
        #expect(Note(String(repeating: "n", count: Note.charactersMax + 1)) == nil)
        #expect(UserName(String(repeating: "u", count: 64)) != nil)
        #expect(UserName(String(repeating: "u", count: 65)) == nil)
    }

    @Test func `a tower of combining marks is not one character`() {
        let tower = "a" + String(repeating: "\u{301}", count: 1_000)
        #expect(tower.count == 1)
        #expect(Line(tower, charactersMax: 64) == nil)
        #expect(UserName(tower) == nil)
        #expect(Note(String(repeating: "\u{301}", count: 10_000)) == nil)
    }

    @Test func `a megabyte of text is refused`() {
        #expect(Note(String(repeating: " ", count: 1_000_000) + "x" + String(repeating: "y", count: 1_000)) == nil)
        #expect(UserName(String(repeating: "👍", count: 100_000)) == nil)
    }

    @Test(arguments: [
        ("aapl", "AAPL"), ("BTC-USD", "BTC-USD"), ("brk.b", "BRK.B"), ("NASDAQ:AAPL", "NASDAQ:AAPL"),
        ("^gspc", "^GSPC"),
        ("EUR/USD", "EUR/USD"), ("ES=F", "ES=F"), ("a_1", "A_1"), ("7203", "7203"),
    ])
    func `a symbol is upper-cased ASCII (APR-04)`(_ text: String, expected: String) {
        #expect(Symbol(text)?.text == expected)
        #expect(Symbol(text) == Symbol(expected))
    }

    @Test(arguments: [
        "", " ", "A B", " AAPL", "AAPL ", "AAPL\n", "ÄPFEL", "ａａｐｌ", "АAPL", "A\u{301}", "A\u{202E}B", "A\u{0}", "<A>",
        "A%", "A?",
        "A#", "A\\B", "A'B", "A;B", String(repeating: "A", count: 33), "ß", "ı", "💎",
    ])
    func `anything else is no symbol`(_ text: String) {
        #expect(Symbol(text) == nil)
    }

    @Test func `a symbol has at most 32 characters`() {
        #expect(Symbol(String(repeating: "a", count: 32)) != nil)
    }

    @Test(arguments: [
        "", "x", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000",
        "00000000-0000-0000-0000-00000000000g", "{00000000-0000-0000-0000-000000000000}",
        "00000000000000000000000000000000",
        "00000000-0000-0000-0000-000000000000 ", " 00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000000/../x", "000000000-000-0000-0000-000000000000",
    ])
    func `only a whole UUID names a signal`(_ text: String) {
        #expect(SignalID(text) == nil)
    }

    @Test func `a signal's id is read in any case and written in lower case`() throws {
        let id = try #require(SignalID("0A1B2C3D-0000-4000-8000-00000000ABCD"))
        #expect(id.description == "0a1b2c3d-0000-4000-8000-00000000abcd")
        #expect(SignalID(id.description) == id)
    }

    @Test func `names survive the log`() throws {
        let user = try #require(UserName("Zoë 👍"))
        let symbol = try #require(Symbol("BRK.B"))
        let id = SignalID()
        let coder = (JSONEncoder(), JSONDecoder())
        #expect(try coder.1.decode([UserName].self, from: coder.0.encode([user])) == [user])
        #expect(try coder.1.decode([Symbol].self, from: coder.0.encode([symbol])) == [symbol])
        #expect(try coder.1.decode([SignalID].self, from: coder.0.encode([id])) == [id])
        #expect(try coder.1.decode([DecisionID].self, from: coder.0.encode([DecisionID("k")])) == [DecisionID("k")])
    }
}
