import Testing

@testable import Wire

struct JSONParserTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), (" true ", true), ("[]", []), ("{}", [:]), ("\"\"", ""),
            ("-0", .number("-0")), ("0.10", .number("0.10")), ("1e400", .number("1e400")), ("1E+2", .number("1E+2")),
            ("[1, [2]]", [1, [2]]), (#"{"b":1,"a":null}"#, ["b": 1, "a": .null]),
            (#""\"\\\/\b\f\n\r\t\u00e9""#, "\"\\/\u{8}\u{C}\n\r\té"), (#""\uD83D\ude00""#, "😀"),
            ("\"€😀\u{7F}\"", "€😀\u{7F}"),
        ] as [(String, JSONValue)]
    )
    func `valid JSON is read as it is written`(text: String, expected: JSONValue) throws {
        #expect(try JSONParser.parse(bytes(text)) == expected)
    }

    @Test(arguments: [
        "", "   ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x10",
        "1_000", "[1,]", "[,1]", "[1 2]", "[", "]", "{", "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}",
        #"{'a':1}"#, #"{"a":1 "b":2}"#, "1 2", "{}x", #"""#, #""abc"#, #""\"#, #""\x41""#, #""\u12""#, #""\u12G4""#,
        "\"\t\"", "\"\n\"", "\"\u{0}\"", #""\u0000""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#,
        #""\ud800\ud800""#,
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "\u{FEFF}{}", "// c\n1", "/**/1", "\u{A0}1",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONFault.self) { try JSONParser.parse(bytes(text)) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28],
        ] as [[UInt8]]
    )
    func `invalid UTF-8 is refused`(sequence: [UInt8]) {
        #expect(throws: JSONFault.self) { try JSONParser.parse([0x22] + sequence + [0x22]) }
        #expect(throws: JSONFault.self) { try JSONParser.parse([0x22] + sequence) }
    }

    @Test func `a fault says where it is`() {
        let fault = #expect(throws: JSONFault.self) { try JSONParser.parse(bytes("{\n  \"é\": 01\n}")) }
        #expect(fault?.line == 2)
        #expect(fault?.column == 9)
        #expect(fault?.offset == 11)
        #expect(fault?.description == "Line 2, column 9: A number must not begin with a needless zero.")
    }

    @Test func `the same key twice is found at its second place, in small and in large objects`() {
        let small = #expect(throws: JSONFault.self) { try JSONParser.parse(bytes(#"{"a":1,"a":2}"#)) }
        #expect(small?.offset == 7)
        let many = (0..<1000).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(throws: JSONFault.self) { try JSONParser.parse(bytes("{\(many),\"k500\":1}")) }
        #expect(throws: Never.self) { try JSONParser.parse(bytes("{\(many)}")) }
    }

    @Test func `nesting ends at 32 levels`() {
        func nested(_ levels: Int) -> [UInt8] {
            bytes(String(repeating: "[", count: levels) + String(repeating: "]", count: levels))
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(32)) }
        #expect(throws: JSONFault.self) { try JSONParser.parse(nested(33)) }
        #expect(throws: JSONFault.self) { try JSONParser.parse(nested(100_000)) }
        #expect(throws: JSONFault.self) { try JSONParser.parse(bytes(String(repeating: #"{"a":"#, count: 33))) }
    }

    @Test func `a number of 400 digits keeps them all`() throws {
        let digits = String(repeating: "9", count: 400)
        #expect(try JSONParser.parse(bytes(digits)) == .number(digits))
    }

    @Test func `any sequence of bytes can be read`() throws {
        #expect(try JSONParser.parse(AnySequence(bytes("[1]"))) == [1])
        #expect(try JSONParser.parse(bytes("x[1]x")[1..<4]) == [1])
    }
}
