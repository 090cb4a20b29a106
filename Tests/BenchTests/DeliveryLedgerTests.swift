import Testing

@testable import BenchKit

@Suite struct DeliveryLedgerTests {
    @Test func `messages that all came once leave nothing to tell`() {
        var ledger = Self.ledger(at: 10)
        for number: UInt32 in [10, 12, 11] { ledger.note(message: number) }
        #expect(ledger.missing(of: [true, true, true]) == 0)
        #expect(ledger.doubled == 0)
        #expect(ledger.unknown == 0)
    }

    @Test func `a message that did not come is missing, wherever it stands`() {
        for absent: UInt32 in 10...12 {
            var ledger = Self.ledger(at: 10)
            for number: UInt32 in 10...12 where number != absent { ledger.note(message: number) }
            #expect(ledger.missing(of: [true, true, true]) == 1)
        }
        #expect(Self.ledger(at: 10).missing(of: [true, true]) == 2)
    }

    @Test func `a message that the server refused is not missing`() {
        var ledger = Self.ledger(at: 0)
        ledger.note(message: 1)
        #expect(ledger.missing(of: [false, true]) == 0)
    }

    @Test func `a message that came again is doubled each time`() {
        var ledger = Self.ledger(at: 0)
        for number: UInt32 in [0, 1, 0, 0] { ledger.note(message: number) }
        #expect(ledger.doubled == 2)
        #expect(ledger.missing(of: [true, true]) == 0)
    }

    @Test(arguments: [9, UInt32.max, nil])
    func `a message that nobody posted is unknown`(_ number: UInt32?) {
        var ledger = Self.ledger(at: 10)
        ledger.note(message: number)
        #expect(ledger.unknown == 1)
    }

    @Test(
        arguments: [
            ([0, 1, 2, 3], 0), ([0, 1, 3, 4], 1), ([0, 1, 1, 2], 1), ([0, 2, 1], 2), ([1, 2], 1), ([0, 1, nil, 3], 1),
            ([0, 5, 6, 9], 2),
        ] as [([Int?], Int)]
    )
    func `every jump in a connection's own numbers is a fault`(_ numbers: [Int?], _ faults: Int) {
        var ledger = Self.ledger(at: 0)
        for number in numbers { ledger.note(sequenceNumber: number) }
        #expect(ledger.sequenceFaults == faults)
    }

    @Test func `a new phase counts afresh, but the connection's own numbers go on`() {
        var ledger = Self.ledger(at: 0)
        ledger.note(message: 0)
        ledger.note(message: 0)
        ledger.note(sequenceNumber: 0)
        ledger.begin(at: 1)
        #expect(ledger.doubled == 0)
        ledger.note(message: 1)
        ledger.note(sequenceNumber: 1)
        #expect(ledger.sequenceFaults == 0)
        #expect(ledger.missing(of: [true]) == 0)
        ledger.note(sequenceNumber: 3)
        #expect(ledger.sequenceFaults == 1)
    }

    @Test func `accounts are clean only when nothing at all was found`() {
        #expect(Accounts().isClean)
        let spoilers: [(inout Accounts) -> Void] = [
            { $0.missing = 1 }, { $0.doubled = 1 }, { $0.unknown = 1 }, { $0.sequenceFaults = 1 }, { $0.lostTabs = 1 },
            { $0.refusedPosts = 1 }, { $0.faults = ["so"] },
        ]
        for spoil in spoilers {
            var accounts = Accounts()
            spoil(&accounts)
            #expect(!accounts.isClean)
            #expect(!accounts.summary.isEmpty)
        }
    }

    private static func ledger(at number: UInt32) -> DeliveryLedger {
        var ledger = DeliveryLedger()
        ledger.begin(at: number)
        return ledger
    }
}
