import Domain
import Foundation
import SeededRandom
import Testing

/// Plain ASCII, which is read the short way, comes out as it does the long way round.
@Suite struct PlainTextTests {
    @Test func `a line of ASCII is trimmed, bounded and free of control characters`() {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<20_000 {
            let text = Self.text(using: &random)
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            let isLine = (1...12).contains(trimmed.count) && trimmed.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            #expect(Line(text, charactersMax: 12)?.text == (isLine ? trimmed : nil), "\(text.debugDescription)")
        }
    }

    @Test func `a note of ASCII keeps its breaks`() {
        var random = SeededGenerator(seed: 22)
        for _ in 0..<20_000 {
            let text = Self.text(using: &random)
            let note = String(
                text.trimmingCharacters(in: .whitespacesAndNewlines)
                    .map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 == "\t" ? " " : $0 }
            )
            let isNote =
                (1...12).contains(note.count)
                && note.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == UInt8(ascii: "\n") }
            #expect(Note(text, charactersMax: 12)?.text == (isNote ? note : nil), "\(text.debugDescription)")
        }
    }

    @Test func `a UUID is read and written as Foundation does`() throws {
        var random = SeededGenerator(seed: 23)
        for _ in 0..<2_000 {
            let uuid = UUID(
                uuid: withUnsafeBytes(of: (random.next(), random.next())) { $0.loadUnaligned(as: uuid_t.self) }
            )
            #expect(uuid.hyphenated() == uuid.uuidString.lowercased())
            #expect(uuid.hyphenated(isUpperCase: true) == uuid.uuidString)
            #expect(UUID(hyphenated: uuid.uuidString) == uuid)
            #expect(UUID(hyphenated: uuid.uuidString.lowercased()) == uuid)

            var damaged = Array(uuid.uuidString)
            let place = Int.random(in: damaged.indices, using: &random)
            damaged[place] = ["g", " ", "-", "0", "é", "\0"].randomElement(using: &random) ?? "g"
            let isHyphen = [8, 13, 18, 23].contains(place)
            let isUUID = isHyphen ? damaged[place] == "-" : damaged[place] == "0"
            #expect((UUID(hyphenated: String(damaged)) != nil) == isUUID, "\(String(damaged))")
        }
    }

    @Test(arguments: ["abc.DEF", "0:9/a", "a^b=c_d-e"])
    func `a symbol keeps its signs`(text: String) {
        #expect(Symbol(text)?.text == text.uppercased())
    }

    @Test(arguments: Array(0...255).map { UInt8($0) })
    func `a byte stands in a symbol or not`(byte: UInt8) {
        let text = "A" + String(UnicodeScalar(byte))
        let isAllowed = text.wholeMatch(of: /[A-Za-z0-9.\-_\/:^=]+/) != nil
        #expect((Symbol(text) != nil) == isAllowed)
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let signs: [Character] = ["a", "Z", "9", "~", "!", " ", " ", "\n", "\r", "\r\n", "\t", "\u{7F}", "\u{1}"]
        let isClean = Int.random(in: 0..<3, using: &random) > 0
        let usable = isClean ? Array(signs.prefix(8)) : signs
        return String(
            (0..<Int.random(in: 0...14, using: &random)).map { _ in usable.randomElement(using: &random) ?? "a" }
        )
    }
}
