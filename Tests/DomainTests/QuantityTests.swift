import Domain
import Foundation
import SeededRandom
import Testing

/// Exact decimals (C15, ENV-07).
@Suite struct QuantityTests {
    @Test(arguments: ["0", "149.50", "-0.01", "0.000000000001", "12345678901234567890.123456789012", "007.5", "-3"])
    func `plain decimal text keeps its digits`(_ text: String) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.text == text)
        #expect(quantity.description == text)
        #expect(quantity.value == Decimal(string: text))
    }

    @Test(arguments: [
        "", " ", "-", "+1", ".", ".5", "5.", "1..2", "1.2.3", "--1", "1-", "1e5", "1E5", "0x10", "NaN", "nan", "inf",
        "Infinity", " 1", "1 ", "1\n", "1,000", "1_000", "１", "٣", "1\u{0}", "−1", "12345678901234567890" + "1",
        "0.1234567890123", "-.5", "1.-5", "true", "null",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test(arguments: ["4", "0", "-9"])
    func `four hundred digits are refused`(_ digit: String) {
        #expect(Quantity(String(repeating: digit, count: 400)) == nil)
        #expect(Quantity("1." + String(repeating: digit, count: 400)) == nil)
    }

    @Test func `quantities are equal by value and hash alike`() throws {
        let written = try ["149.5", "149.50", "149.500", "0149.5"].map { try #require(Quantity($0)) }
        #expect(Set(written).count == 1)
        #expect(written.allSatisfy { $0 == written[0] })
        #expect(Quantity("0") == Quantity("-0.00"))
        #expect(Set([Quantity("0"), Quantity("-0.00")]).count == 1)
    }

    @Test func `digits that a binary float would lose make a difference`() throws {
        let one = try #require(Quantity("12345678901234567890.123456789012"))
        let other = try #require(Quantity("12345678901234567890.123456789013"))
        #expect(one != other)
        #expect(one < other)
        let tenth = try #require(Quantity("0.1"))
        #expect(tenth.value + tenth.value + tenth.value == Quantity("0.3")?.value)
    }

    @Test(arguments: [
        ("3.335", 2, "3.34"), ("3.325", 2, "3.32"), ("3.3251", 2, "3.33"), ("-3.325", 2, "-3.32"),
        ("-3.335", 2, "-3.34"),
        ("2.5", 0, "2"), ("3.5", 0, "4"), ("3", 2, "3.00"), ("3.1", 2, "3.10"), ("0", 2, "0.00"), ("-0.001", 2, "0.00"),
        ("99.995", 2, "100.00"), ("12345678901234567890", 2, "12345678901234567890.00"), ("0.005", 2, "0.00"),
        ("0.015", 2, "0.02"),
    ])
    func `rounding is half to even with exactly the digits asked for`(_ text: String, digits: Int, expected: String)
        throws
    {
        let value = try #require(Quantity(text)).value
        let rounded = Quantity(value, fractionDigits: digits)
        #expect(rounded.text == expected)
        #expect(rounded == Quantity(expected))
    }

    @Test func `any plain text survives parsing, coding and comparing`() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let text = Self.plainText(using: &random)
            let quantity = try #require(Quantity(text), "\(text)")
            #expect(quantity.text == text)
            let decoded = try JSONDecoder().decode([Quantity].self, from: JSONEncoder().encode([quantity]))
            #expect(decoded.map(\.text) == [text])
            let zeros = text.contains(".") ? text : text + ".0"
            #expect(Quantity(zeros) == quantity)
            #expect(Quantity(zeros)?.hashValue == quantity.hashValue)
        }
    }

    @Test func `rounding agrees with whole-number arithmetic`() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<2_000 {
            let thousandths = Int64.random(in: -10_000_000...10_000_000, using: &random)
            let sign = thousandths < 0 ? "-" : ""
            let text = "\(sign)\(thousandths.magnitude / 1000).\(Self.padded(thousandths.magnitude % 1000, 3))"
            let rest = thousandths.magnitude % 10
            var hundredths = thousandths.magnitude / 10
            if rest > 5 || (rest == 5 && hundredths % 2 == 1) { hundredths += 1 }
            let expected = "\(hundredths == 0 ? "" : sign)\(hundredths / 100).\(Self.padded(hundredths % 100, 2))"
            #expect(Quantity(try #require(Quantity(text)).value, fractionDigits: 2).text == expected, "\(text)")
        }
    }

    @Test(arguments: [#"["1e3"]"#, "[1.5]", "[null]", #"[""]"#])
    func `the log's text is checked when it is read back`(_ json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Quantity].self, from: Data(json.utf8)) }
    }

    private static func plainText(using random: inout SeededGenerator) -> String {
        let sign = Bool.random(using: &random) ? "-" : ""
        let whole = digits(1...Quantity.integerDigitsMax, using: &random)
        guard Bool.random(using: &random) else { return sign + whole }
        return sign + whole + "." + digits(1...(Quantity.fractionDigitsMax - 1), using: &random)
    }

    private static func digits(_ count: ClosedRange<Int>, using random: inout SeededGenerator) -> String {
        String(
            (0..<Int.random(in: count, using: &random)).map { _ in "0123456789".randomElement(using: &random) ?? "0" }
        )
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
