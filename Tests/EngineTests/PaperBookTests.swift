import Domain
import SeededRandom
import Testing

@testable import Engine

/// Many trades on paper, each looked at only when a price means something to it.
@Suite struct PaperBookTests {
    private static func trade(_ symbol: String = "AAPL", entry: Int = 1000, stop: Int = 990, target: Int = 1020)
        -> PaperTrade?
    {
        var proposal = Proposal(symbol: Sample.symbol(symbol), source: "tests")
        (proposal.entryPrice, proposal.stopLoss, proposal.targetPrice) = (
            Quantity("\(entry)"), Quantity("\(stop)"), Quantity("\(target)")
        )
        var signal = Signal(id: SignalID(), proposal: proposal, receivedAt: Sample.now)
        signal.status = .expired
        return PaperTrade(of: signal)
    }

    private static func see(_ book: inout PaperBook, _ price: Int, _ symbol: String = "AAPL") {
        book.see(Quantity(integerLiteral: price), of: Sample.symbol(symbol)) { Sample.now }
    }

    @Test(arguments: 0..<12)
    func `every trade ends as if it had been shown every price`(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var book = PaperBook()
        var model: [SignalID: PaperTrade] = [:]
        let symbols = ["AAPL", "MSFT", "TSLA"]
        var prices = [1000, 1000, 1000]
        for _ in 0..<4_000 {
            let index = Int.random(in: 0..<3, using: &random)
            if Int.random(in: 0..<10, using: &random) == 0 {
                let sign = Bool.random(using: &random) ? 1 : -1
                let entry = prices[index] + Int.random(in: -6...6, using: &random)
                let trade = Self.trade(
                    symbols[index],
                    entry: entry,
                    stop: entry - sign * Int.random(in: 1...9, using: &random),
                    target: entry + sign * Int.random(in: 1...20, using: &random)
                )
                let id = SignalID()
                let isPriced = Bool.random(using: &random)
                let price = isPriced ? Quantity(integerLiteral: prices[index]) : nil
                #expect(book.follow(id, trade, until: 1_000, price: price, at: Sample.now) == .followed)
                var shown = try #require(trade)
                if let price { shown.see(price, at: Sample.now) }
                model[id] = shown
            } else {
                prices[index] = max(500, prices[index] + Int.random(in: -4...4, using: &random))
                Self.see(&book, prices[index], symbols[index])
                for (id, trade) in model where trade.symbol.text == symbols[index] {
                    model[id]?.see(Quantity(integerLiteral: prices[index]), at: Sample.now)
                }
            }
            if Int.random(in: 0..<50, using: &random) == 0 {
                for (id, result) in book.ended(limit: 3) {
                    #expect(model[id]?.result == result)
                    book.remove(id)
                    model[id] = nil
                }
            }
        }
        book.end(at: 1_000, now: Sample.now, limit: .max)
        for (id, trade) in model {
            var trade = trade
            trade.end(at: Sample.now)
            #expect(book.trade(id)?.result == trade.result)
        }
        #expect(book.ended(limit: .max).count == model.count && model.count > 50)
    }

    @Test func `prices of other symbols, and those between levels, touch no trade`() {
        var book = PaperBook()
        let id = SignalID()
        _ = book.follow(id, Self.trade(), until: 1, at: Sample.now)
        #expect(book.isWatched(Sample.symbol("AAPL")) && !book.isWatched(Sample.symbol("MSFT")))
        Self.see(&book, 1010)
        let waiting = book.trade(id)
        var asked = 0
        for price in [1001, 1019, 1005] {
            book.see(Quantity(integerLiteral: price), of: Sample.symbol("AAPL")) {
                asked += 1
                return Sample.now
            }
        }
        book.see(1, of: Sample.symbol("MSFT")) {
            asked += 1
            return Sample.now
        }
        #expect(asked == 0 && book.trade(id) == waiting)
    }

    @Test func `what ends stays until it is in the log, and its symbol is forgotten with the last one`() {
        var book = PaperBook()
        let (one, other) = (SignalID(), SignalID())
        for id in [one, other] { _ = book.follow(id, Self.trade(), until: 1, at: Sample.now) }
        Self.see(&book, 1000)
        Self.see(&book, 980)
        #expect(book.count == 2 && Set(book.ended(limit: 9).map(\.id)) == [one, other])
        #expect(book.ended(limit: 1).count == 1)
        book.remove(one)
        #expect(book.ended(limit: 9).map(\.id) == [other] && book.isWatched(Sample.symbol("AAPL")))
        book.remove(other)
        book.remove(other)
        #expect(book.count == 0 && !book.isWatched(Sample.symbol("AAPL")))
    }

    @Test func `a full book says so, and nothing is followed twice`() {
        var book = PaperBook(limits: PaperBook.Limits(tradesMax: 2))
        let ids = [SignalID(), SignalID(), SignalID()]
        #expect(book.follow(ids[0], Self.trade(), until: 1, at: Sample.now) == .followed)
        #expect(book.follow(ids[0], Self.trade(), until: 1, at: Sample.now) == .nothingToFollow)
        #expect(book.follow(ids[1], nil, until: 1, at: Sample.now) == .nothingToFollow)
        #expect(book.follow(ids[1], Self.trade(), until: 1, at: Sample.now) == .followed)
        #expect(book.follow(ids[2], Self.trade(), until: 1, at: Sample.now) == .full)
    }

    @Test func `a trade is marked to the newest price of its symbol, though that touched nothing`() {
        var book = PaperBook()
        let id = SignalID()
        _ = book.follow(id, Self.trade(), until: 500, at: Sample.now)
        for price in [1000, 1019, 1005] { Self.see(&book, price) }
        book.end(at: 499, now: Sample.now, limit: 9)
        #expect(book.ended(limit: 9).isEmpty)
        book.end(at: 500, now: Sample.now, limit: 9)
        #expect(book.ended(limit: 9).first?.result.r?.text == "0.50")
    }

    @Test func `what changed is saved once, and what changes meanwhile again`() {
        var book = PaperBook()
        let id = SignalID()
        _ = book.follow(id, Self.trade(), until: 1, at: Sample.now)
        let first = book.unsaved(all: false)
        #expect(first.trades.keys.map(\.self) == [id])
        Self.see(&book, 1000)
        book.saved(first)
        #expect(book.hasUnsaved)
        let second = book.unsaved(all: false)
        book.saved(second)
        #expect(!book.hasUnsaved && second.trades[id]?.last == 1000)
        Self.see(&book, 1010)
        #expect(!book.hasUnsaved && book.unsaved(all: true).trades[id]?.last == 1010)
        book.remove(id)
        #expect(book.unsaved(all: false).forgotten == [id])
        #expect(second.parts(tradesMax: 1).count == 1)
    }

    @Test func `levels of ended trades do not pile up`() {
        var book = PaperBook()
        let keeper = SignalID()
        _ = book.follow(keeper, Self.trade(entry: 100, stop: 99, target: 100_000), until: 1, at: Sample.now)
        for _ in 0..<500 {
            // Each leaves a far target behind.
            let id = SignalID()
            _ = book.follow(id, Self.trade(entry: 1000, stop: 999, target: 50_000), until: 1, at: Sample.now)
            for price in [1001, 1000, 999] { Self.see(&book, price) }
            book.remove(id)
        }
        #expect(book.count == 1 && book.levelsCount < 30)
    }
}
