import Domain
import Foundation
import SeededRandom
import Testing

/// What Foundation's `Decimal` says of the same digits: slow, and written by others.
@Suite struct QuantityOracleTests {
    @Test func `the value is the one Decimal reads`() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            let text = Self.plainText(using: &random)
            let quantity = try #require(Quantity(text), "\(text)")
            #expect(quantity.text == text)
            #expect(quantity.value == Decimal(string: text), "\(text)")
        }
    }

    @Test func `two quantities compare as their Decimals do`() throws {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<20_000 {
            // Near enough to each other that every digit, and every number of zeros behind, comes to matter.
            let one = Self.plainText(using: &random)
            let other =
                Bool.random(using: &random) ? Self.neighbour(of: one, using: &random) : Self.plainText(using: &random)
            let (left, right) = (try #require(Quantity(one)), try #require(Quantity(other)))
            let (first, second) = (try #require(Decimal(string: one)), try #require(Decimal(string: other)))
            #expect((left < right) == (first < second), "\(one) < \(other)")
            #expect((left == right) == (first == second), "\(one) == \(other)")
            if left == right { #expect(left.hashValue == right.hashValue, "\(one) and \(other)") }
        }
    }

    @Test func `exactly the plain decimals are read`() {
        var random = SeededGenerator(seed: 13)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...8, using: &random)
            let text = String((0..<length).map { _ in "0123.--+e ".randomElement(using: &random) ?? "0" })
            let isPlain = text.wholeMatch(of: /-?[0-9]{1,20}(\.[0-9]{1,12})?/) != nil
            #expect((Quantity(text) != nil) == isPlain, "“\(text)”")
        }
    }

    @Test(arguments: [
        ("99999999999999999999.999999999999", true), ("100000000000000000000", false), ("0.0000000000001", false),
        ("00000000000000000000.000000000000", true), ("000000000000000000000", false),
    ])
    func `as many digits as the limits say are read and not one more`(text: String, isRead: Bool) {
        #expect((Quantity(text) != nil) == isRead)
    }

    @Test func `R and utilisation are what Decimal makes of them`() throws {
        var random = SeededGenerator(seed: 14)
        for _ in 0..<5_000 {
            var proposal = Sample.proposal()
            proposal.entryPrice = Self.price(using: &random)
            proposal.stopLoss = Self.price(using: &random)
            proposal.targetPrice = Self.price(using: &random)
            let entry = try #require(proposal.entryPrice).value
            let risk = abs(entry - (try #require(proposal.stopLoss).value))
            let reward = abs(try #require(proposal.targetPrice).value - entry)
            let expected = risk == 0 ? nil : Quantity(reward / risk, fractionDigits: 2).text
            #expect(proposal.rMultiple?.text == expected, "\(proposal)")

            let (allocated, limit) = (Self.price(using: &random), Self.price(using: &random))
            let campaign = Campaign(campaignID: "c", riskAllocated: allocated, positionsCount: 1, riskLimit: limit)
            let share = limit > 0 ? Quantity(allocated.value * 100 / limit.value, fractionDigits: 2).text : nil
            #expect(campaign.utilisationPct?.text == share, "\(campaign)")
        }
    }

    @Test func `a ratio that is a hair above a tie is rounded up`() throws {
        var proposal = Sample.proposal()
        proposal.entryPrice = Quantity("0")
        proposal.stopLoss = Quantity("99999999999999999999.999999999999")
        proposal.targetPrice = Quantity("500000000000000000.000000000000")
        #expect(proposal.rMultiple?.text == "0.01")
    }

    @Test func `whole numbers can be written as they are`() {
        #expect(Quantity("-3.00") == -3)
        #expect((0 as Quantity).text == "0")
        #expect(Quantity("89.999999999999").map { $0 < 90 } == true)
    }

    private static func plainText(using random: inout SeededGenerator) -> String {
        let sign = Bool.random(using: &random) ? "-" : ""
        let whole = digits(Int.random(in: 1...Quantity.integerDigitsMax, using: &random), using: &random)
        guard Bool.random(using: &random) else { return sign + whole }
        return sign + whole + "."
            + digits(Int.random(in: 1...Quantity.fractionDigitsMax, using: &random), using: &random)
    }

    /// The same amount written otherwise, or with one digit changed.
    private static func neighbour(of text: String, using random: inout SeededGenerator) -> String {
        var digits = Array(text)
        let fraction = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
        if Bool.random(using: &random), fraction < Quantity.fractionDigitsMax {
            return text + (fraction == 0 ? ".0" : "0")
        }
        let places = digits.indices.filter { digits[$0].isNumber }
        if let place = places.randomElement(using: &random) {
            digits[place] = "0123456789".randomElement(using: &random) ?? "0"
        }
        return String(digits)
    }

    private static func digits(_ count: Int, using random: inout SeededGenerator) -> String {
        String((0..<count).map { _ in "0123456789".randomElement(using: &random) ?? "0" })
    }

    private static func price(using random: inout SeededGenerator) -> Quantity {
        let cents = Int.random(in: 1...20_000, using: &random)
        return Quantity(Decimal(cents) / 100, fractionDigits: Int.random(in: 2...4, using: &random))
    }
}
