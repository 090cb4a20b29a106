import Domain
import Realtime
import Testing
import Wire

struct PriceBookTests {
    @Test func `the newest price of each symbol is kept, and no other`() {
        let book = PriceBook()
        book.record([price("AAPL", "1.00"), price("MSFT", "2.00"), price("AAPL", "1.50")])
        #expect(book.all.map(\.symbol.text) == ["AAPL", "MSFT"])
        #expect(book.price(of: Samples.apple)?.price.text == "1.50")
    }

    @Test func `more symbols than the book holds are shown but not remembered`() {
        let book = PriceBook()
        book.record((0..<PriceBook.symbolsMax + 5).map { price("S\($0)", "1.00") })
        #expect(book.all.count == PriceBook.symbolsMax)
        book.record([price("S1", "9.00")])
        #expect(book.price(of: Samples.symbol("S1"))?.price.text == "9.00")
    }

    private func price(_ symbol: String, _ text: String) -> Price {
        Price(
            symbol: Samples.symbol(symbol),
            price: Samples.number(text),
            change: Samples.number("0"),
            changePct: Samples.number("0"),
            volume: 0,
            bid: nil,
            ask: nil,
            at: Samples.now
        )
    }
}

struct ResumeTests {
    private func failure(since: Int64, epoch: String = "e", oldest: Int64 = 5, newest: Int64 = 100) -> ResumeFailure? {
        Cursor(epoch: Epoch(epoch), offset: Offset(since))
            .failure(epoch: Epoch("e"), oldest: Offset(oldest), newest: Offset(newest), replayEventsMax: 50)
    }

    @Test func `a place the log still leads on from is good`() {
        #expect(failure(since: 100) == nil)
        #expect(failure(since: 50) == nil)
        #expect(failure(since: 4, newest: 50) == nil, "the oldest event held is the next one")
    }

    @Test func `another log, a trimmed place and too much are told apart`() {
        #expect(failure(since: 100, epoch: "f") == .epochChanged)
        #expect(failure(since: 101) == .epochChanged, "a place ahead of the log is in another log")
        #expect(failure(since: 3, newest: 40) == .trimmed)
        #expect(failure(since: 49) == .tooMany)
    }
}
