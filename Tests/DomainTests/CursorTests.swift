import Domain
import Testing

struct CursorTests {
    @Test(arguments: [("e:0", "e", Int64(0)), ("epoch-1:4711", "epoch-1", 4711), ("a:b:7", "a:b", 7)])
    func `a cursor is read as it is written`(_ text: String, _ epoch: String, _ offset: Int64) throws {
        let cursor = try #require(Cursor(text))
        #expect(cursor.epoch == Epoch(epoch) && cursor.offset == Offset(offset))
        #expect(cursor.description == text)
    }

    @Test(arguments: [
        "", ":", "e", "e:", ":1", "e:-1", "e:+1", "e:1.5", "e:x", "e: 1", "e\n:1", "a b:1", "é:1", "e\u{0}:1",
        "e:99999999999999999999", String(repeating: "e", count: 65) + ":1",
    ])
    func `what is no cursor is refused`(_ text: String) {
        #expect(Cursor(text) == nil)
    }

    @Test func `the halves do not leak into each other`() {
        #expect(Cursor(epoch: "e", offset: "a:1") == nil)
        #expect(Cursor(epoch: "a:b", offset: "1")?.description == "a:b:1")
    }
}
