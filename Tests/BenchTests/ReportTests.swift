import BenchKit
import Testing

@Suite struct FigureTests {
    @Test func `medians are told, and the ratio is to the floor on both sides of each round`() {
        let figure = Figure("cpu", "µs", desk: [20, 33, 10], floor: [8, 12, 10, 10])
        #expect(figure.desk == 20)
        #expect(figure.floor == 10)
        // 20 ÷ 10, 33 ÷ 11, 10 ÷ 10
        #expect(figure.ratio == 2)
    }

    @Test func `a floor before each round is that round's`() {
        #expect(Figure("cpu", "µs", desk: [20, 30], floor: [10, 10]).ratio == 2.5)
    }

    @Test func `a floor measured less often gives the ratio of the medians`() {
        #expect(Figure("cpu", "µs", desk: [20, 30, 40], floor: [10]).ratio == 3)
    }

    @Test func `what could not be measured is nothing, not zero`() {
        let figure = Figure("p99", "ms", desk: [nil], floor: [nil, 3], goal: .atMost(7))
        #expect(figure.desk == nil)
        #expect(figure.ratio == nil)
        #expect(figure.isGoalMet == nil)
    }

    @Test(arguments: [
        (Goal.atMost(7), 7.0, true), (.atMost(7), 7.1, false), (.atLeast(100), 100, true), (.atLeast(100), 99, false),
        (.ratioAtMost(1.1), 11, true), (.ratioAtMost(1.1), 11.2, false),
    ])
    func `a goal is met up to its bound`(_ goal: Goal, _ value: Double, _ isMet: Bool) {
        #expect(Figure("x", "", desk: [value], floor: [10, 10], goal: goal).isGoalMet == isMet)
    }

    @Test func `a goal of the ratio is not judged without a floor`() {
        #expect(Figure("x", "", desk: [1], goal: .ratioAtMost(1.1)).isGoalMet == nil)
    }

    @Test func `goals read as one would write them`() {
        #expect(Goal.atMost(110).text == "≤ 110")
        #expect(Goal.atLeast(1_000_000).text == "≥ 1,000,000")
        #expect(Goal.ratioAtMost(1.1).text == "≤ 1.10 × floor")
    }
}

@Suite struct TableTests {
    @Test(arguments: [
        (0.0, "0.00"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (1234.4, "1,234"), (999_999.6, "1,000,000"),
        (1_234_567, "1,234,567"), (-1234, "-1,234"),
    ])
    func `numbers have as many digits as matter`(_ value: Double, _ text: String) {
        #expect(NumberText.measured(value) == text)
    }

    @Test func `columns stand under each other, the first to the left`() {
        var table = Table(header: ["row", "µs"])
        table.add(["a → b", "1.00"])
        table.add(["c", "12.0"])
        #expect(
            table.text == """
                row      µs
                ─────  ────
                a → b  1.00
                c      12.0
                """
        )
    }

    @Test func `a figure without a floor or a goal has dashes there`() {
        let text = Table([Figure("live again", "s", desk: [1.5])], isJudged: true).text
        #expect(text.split(separator: "\n").last == "live again     s      –  1.50        –     –    –")
    }

    @Test func `a run that says nothing about speed is not judged`() {
        let text = Table([Figure("live again", "s", desk: [1.5], goal: .atMost(2))], isJudged: false).text
        #expect(text.split(separator: "\n").last == "live again     s      –  1.50        –")
    }
}
