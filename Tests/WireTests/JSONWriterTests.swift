import Domain
import Testing

@testable import Wire

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `keys keep their order and commas their places`() {
        let text = written { json in
            json.object { json in
                json.text("z", "1")
                json.object("empty") { _ in }
                json.texts("list", ["a", "b"])
                json.flag("a", false)
                json.integer("n", 7)
            }
        }
        #expect(text == #"{"z":"1","empty":{},"list":["a","b"],"a":false,"n":7}"#)
    }

    @Test func `only what must be escaped is escaped`() {
        let text = written { $0.string("\"\\/<\u{8}\t\n\u{C}\r\u{1}\u{1F}\u{7F}é\u{2028}😀") }
        #expect(text == #""\"\\/<\b\t\n\f\r\u0001\u001f"# + "\u{7F}é\u{2028}😀\"")
    }

    @Test(arguments: [("92.50", "92.50"), ("007.5", "7.5"), ("00", "0"), ("0.70", "0.70"), ("-00.5", "-0.5")])
    func `scores are JSON numbers with the digits of their source`(text: String, expected: String) {
        #expect(written { json in json.object { $0.score("s", Quantity(text)) } } == "{\"s\":\(expected)}")
    }

    @Test func `what is unknown is null`() {
        let text = written { json in
            json.object { json in
                json.text("a", nil)
                json.decimal("b", nil)
                json.score("c", nil)
                json.time("d", nil)
                json.flag("e", nil)
                json.member("f", Signal?.none)
            }
        }
        #expect(text == #"{"a":null,"b":null,"c":null,"d":null,"e":null,"f":null}"#)
    }
}
