import Domain
import Foundation
import SeededRandom
import Storage
import StorageContract
import Testing

/// Payloads are spelled out by hand; Foundation's encoder, which wrote the first logs, says what they must be.
struct EventFormatOracleTests {
    @Test func `every kind of event is written as Foundation's encoder writes it`() throws {
        for event in Samples.everyKind { try check(event) }
    }

    @Test func `any text and any missing value is written as Foundation's encoder writes it`() throws {
        var random = SeededGenerator(seed: 31)
        for _ in 0..<2_000 { try check(Self.event(using: &random)) }
    }

    @Test func `every ASCII character is written as Foundation's encoder writes it`() throws {
        for byte in UInt8(0)...0x7F {
            try check(.observed(.notice(Notice(id: "n", message: "<\(UnicodeScalar(byte))>", kind: .info))))
        }
    }

    private func check(_ event: Event) throws {
        let stored = EventFormat().encode(event)
        #expect(
            String(decoding: stored.payload, as: UTF8.self) == String(decoding: try Self.json(of: event), as: UTF8.self)
        )
        #expect(try EventFormat().decode(stored) == event)
    }

    private static func json(of event: Event) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if case .signalAmended(let signal, let changes) = event {
            struct Amendment: Encodable {
                let changes: [Difference]
                let signal: Signal
            }
            return try encoder.encode(Amendment(changes: changes, signal: signal))
        }
        if let signal = event.signal { return try encoder.encode(signal) }
        guard case .observed(let observation) = event else { return Data() }
        return switch observation {
        case .pattern(let value): try encoder.encode(value)
        case .portfolio(let value): try encoder.encode(value)
        case .campaign(let value): try encoder.encode(value)
        case .session(let value): try encoder.encode(value)
        case .algorithm(let value): try encoder.encode(value)
        case .alert(let value): try encoder.encode(value)
        case .notice(let value): try encoder.encode(value)
        case .risk(let value): try encoder.encode(value)
        }
    }

    // MARK: Random events

    private static func event(using random: inout SeededGenerator) -> Event {
        switch Int.random(in: 0..<9, using: &random) {
        case 0:
            let alert = RiskAlert(
                sessionID: maybe(text(using: &random), using: &random),
                level: .critical,
                cause: .lossLimit,
                message: text(using: &random),
                currentValue: amount(using: &random),
                threshold: amount(using: &random)
            )
            return .observed(.risk(alert))
        case 1:
            let symbol = maybe(Symbol("A-1")!, using: &random)
            let message = text(using: &random)
            return .observed(.alert(Alert(id: "a", symbol: symbol, type: "t", message: message, severity: .info)))
        case 2:
            let limit = maybe(amount(using: &random), using: &random)
            let id = text(using: &random)
            return .observed(
                .campaign(
                    Campaign(campaignID: id, riskAllocated: amount(using: &random), positionsCount: 0, riskLimit: limit)
                )
            )
        case 3:
            let portfolio = Portfolio(
                totalHeat: amount(using: &random),
                availableCapacity: amount(using: &random),
                timestamp: time(using: &random),
                heatLimit: maybe(amount(using: &random), using: &random),
                value: maybe(amount(using: &random), using: &random),
                sessionPnL: maybe(amount(using: &random), using: &random)
            )
            return .observed(.portfolio(portfolio))
        case 4:
            let status = SessionStatus(
                sessionID: text(using: &random),
                state: .paused,
                currentPnL: amount(using: &random),
                totalTrades: Int.random(in: 0...9_007_199_254_740_991, using: &random),
                lossLimitUtilization: amount(using: &random),
                timeElapsed: Int.random(in: 0...9, using: &random),
                performanceScore: maybe(amount(using: &random), using: &random)
            )
            return .observed(.session(status))
        default: return signalEvent(using: &random)
        }
    }

    private static func signalEvent(using random: inout SeededGenerator) -> Event {
        let uuid = UUID(uuid: withUnsafeBytes(of: (random.next(), random.next())) { $0.loadUnaligned(as: uuid_t.self) })
        var signal = Signal(id: SignalID(uuid), proposal: proposal(using: &random), receivedAt: time(using: &random))
        signal.status = SignalStatus.all.randomElement(using: &random) ?? .pendingReview
        signal.version = Int.random(in: 1...5, using: &random)
        signal.updatedAt = time(using: &random)
        let side = Side.allCases.randomElement(using: &random) ?? .buy
        let isApproved = Bool.random(using: &random)
        let decision = Decision(
            id: DecisionID(text(using: &random)),
            outcome: isApproved ? .approved(as: side) : .rejected(reason: text(using: &random)),
            decidedBy: UserName("zoë")!,
            decidedAt: time(using: &random),
            note: maybe(text(using: &random), using: &random),
            acceptedPrice: maybe(amount(using: &random), using: &random)
        )
        signal.decision = maybe(decision, using: &random)
        let result = PaperResult(
            PaperResult.Ending.allCases.randomElement(using: &random) ?? .time,
            side: side,
            r: maybe(amount(using: &random), using: &random),
            startedAt: time(using: &random),
            endedAt: time(using: &random),
            entryPrice: maybe(amount(using: &random), using: &random),
            enteredAt: maybe(time(using: &random), using: &random),
            exitPrice: maybe(amount(using: &random), using: &random),
            unwatchedSeconds: Int.random(in: 0...9, using: &random)
        )
        signal.paperResult = maybe(result, using: &random)
        return .signalApproved(signal)
    }

    private static func proposal(using random: inout SeededGenerator) -> Proposal {
        var proposal = Proposal(
            symbol: Symbol("BTC/USD")!,
            side: maybe(.risk, using: &random),
            source: text(using: &random)
        )
        proposal.ts = maybe(time(using: &random), using: &random)
        proposal.expiresAt = maybe(time(using: &random), using: &random)
        proposal.patternType = maybe(.upthrustAfterDistribution, using: &random)
        proposal.phase = maybe(text(using: &random), using: &random)
        proposal.testConfirmed = maybe(Bool.random(using: &random), using: &random)
        proposal.campaignID = maybe(text(using: &random), using: &random)
        proposal.reasoning = maybe(text(using: &random), using: &random)
        for field in amounts { proposal[keyPath: field] = maybe(amount(using: &random), using: &random) }
        let recommendation = Recommendation(
            suggested: maybe(.hold, using: &random),
            unslug: maybe(amount(using: &random), using: &random),
            fear: maybe(amount(using: &random), using: &random)
        )
        proposal.recommendation = maybe(recommendation, using: &random)
        return proposal
    }

    private static var amounts: [WritableKeyPath<Proposal, Quantity?>] {
        [
            \.confidenceScore, \.entryPrice, \.stopLoss, \.targetPrice, \.quantity, \.riskAmount, \.riskPercentage,
            \.unslugScore, \.fearScore, \.combinedTrust,
        ]
    }

    private static func maybe<Value>(_ value: Value, using random: inout SeededGenerator) -> Value? {
        Bool.random(using: &random) ? value : nil
    }

    private static func amount(using random: inout SeededGenerator) -> Quantity {
        let units = Int.random(in: -10_000_000...10_000_000, using: &random)
        return Quantity(Decimal(units) / 1000, fractionDigits: Int.random(in: 0...5, using: &random))
    }

    private static func time(using random: inout SeededGenerator) -> Timestamp {
        Timestamp(milliseconds: Int64.random(in: -1...253_402_300_799_999, using: &random))
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "\"", "\\", "/", "\n", "\u{1F}", "\u{7F}", "é", "\u{2028}", "日", "👍", " ",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            text.append(scalars.randomElement(using: &random) ?? "a")
        }
        return String(text)
    }
}
