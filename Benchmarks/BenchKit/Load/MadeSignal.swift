/// One signal with numbers that fit each other: a stop that loses, a target that wins. How much it says depends on its
/// source, as in life: an engine tells all it knows, a webhook little more than the trade.
struct MadeSignal {
    let id: String
    let time: String
    let grade: String
    let reward: String
    private let symbol: String
    private let side: String
    private let source: Source
    private let pattern: String
    private let phase: String
    private let isConfirmed: Bool
    private let score: String
    private let entry: String
    private let stop: String
    private let target: String
    private let quantity: Int
    private let risk: String
    private let riskPercentage: String
    private let campaign: String
    private let reasoning: String
    private let unslug: String
    private let fear: String
    private let trust: String

    init(id: String, time: String, using random: inout SplitMix) {
        self.id = id
        self.time = time
        let market = Self.markets[random.below(Self.markets.count)]
        let isLong = random.below(3) > 0
        let entryCents = market.cents + random.below(market.cents / 12) - market.cents / 24
        let stopCents = max(5, entryCents / (90 + random.below(170)))
        let rewardHundredths = 180 + random.below(240)
        let direction = isLong ? 1 : -1
        let tenths = 700 + random.below(270)
        symbol = market.symbol
        side = isLong ? "BUY" : "SELL"
        source = Self.sources[random.below(Self.sources.count)]
        (pattern, phase) = Self.patterns[random.below(Self.patterns.count)]
        isConfirmed = random.below(2) == 0
        score = "\(tenths / 10).\(tenths % 10)"
        grade = tenths >= 900 ? "A+" : tenths >= 850 ? "A" : tenths >= 800 ? "B" : "C"
        reward = SignalText.money(rewardHundredths)
        entry = SignalText.money(entryCents)
        stop = SignalText.money(entryCents - direction * stopCents)
        target = SignalText.money(entryCents + direction * stopCents * rewardHundredths / 100)
        quantity = max(1, (40_000 + random.below(100_000)) / stopCents)
        risk = SignalText.money(quantity * stopCents)
        riskPercentage = SignalText.money(quantity * stopCents / 2_500)
        campaign = "C-\(101 + random.below(40))"
        let volume = 15 + random.below(70)
        let distance = "\(1 + random.below(4)).\(random.below(10))"
        reasoning = [
            random.one(of: Self.observations),
            "\(random.one(of: Self.volumes)) (\(volume) % of its average), \(distance) ATR from the range.",
            random.one(of: Self.conclusions),
        ].joined(separator: " ")
        unslug = SignalText.share(40 + random.below(60))
        fear = SignalText.share(20 + random.below(70))
        trust = SignalText.share(40 + random.below(55))
    }

    func writeIdentity(to json: Bytes) {
        json.append("\"id\":\"\(id)\",\"symbol\":\"\(symbol)\",\"side\":\"\(side)\",\"source\":\"\(source.name)\",")
        json.append("\"ts\":\"\(time)\"")
    }

    func writePlan(to json: Bytes) {
        json.append(",\"pattern_type\":\"\(pattern)\",\"confidence_score\":\(score),")
        json.append("\"entry_price\":\"\(entry)\",\"stop_loss\":\"\(stop)\",\"target_price\":\"\(target)\",")
        json.append("\"risk_amount\":\"\(risk)\",\"reasoning\":\"\(reasoning)\"")
        if source.tellsPhase { json.append(",\"phase\":\"\(phase)\",\"test_confirmed\":\(isConfirmed)") }
        if source.tellsSize {
            json.append(",\"quantity\":\"\(quantity)\",\"risk_percentage\":\"\(riskPercentage)\",")
            json.append("\"campaign_id\":\"\(campaign)\"")
        }
        if source.tellsTrust {
            json.append(",\"unslug_score\":\(unslug),\"fear_score\":\(fear),\"combined_trust\":\(trust),")
            json.append("\"recommendation\":{\"suggested\":\"\(side)\",\"unslug\":\(unslug),\"fear\":\(fear)}")
        }
    }

    /// The desk names what a source did not say, too.
    func writeSilence(to json: Bytes) {
        if !source.tellsPhase { json.append(",\"phase\":null,\"test_confirmed\":null") }
        if !source.tellsSize { json.append(",\"quantity\":null,\"risk_percentage\":null,\"campaign_id\":null") }
        if !source.tellsTrust {
            json.append(",\"unslug_score\":null,\"fear_score\":null,\"combined_trust\":null,\"recommendation\":null")
        }
    }

    private struct Source {
        let name: String
        var tellsPhase = true
        var tellsSize = true
        var tellsTrust = false
    }

    private static let markets: [(symbol: String, cents: Int)] = [
        ("AAPL", 18_550), ("MSFT", 41_230), ("NVDA", 87_645), ("TSLA", 17_620), ("AMZN", 17_815), ("GOOGL", 15_290),
        ("META", 48_410), ("SPY", 51_235), ("QQQ", 43_780), ("BTC-USD", 6_843_200), ("AMD", 16_210), ("JPM", 19_875),
        ("XOM", 11_460), ("UNH", 49_030), ("ETH-USD", 352_140), ("GLD", 21_570),
    ]
    private static let sources = [
        Source(name: "wyckoff-engine", tellsTrust: true),
        Source(name: "volume-scanner", tellsPhase: false),
        Source(name: "breakout-watch", tellsSize: false),
        Source(name: "webhook", tellsPhase: false, tellsSize: false),
        Source(name: "night-batch"),
    ]
    private static let patterns = [
        ("SPRING", "C"), ("UTAD", "C"), ("SOS", "D"), ("LPS", "D"), ("SC", "A"), ("AR", "A"), ("ST", "B"),
    ]
    private static let observations = [
        "Spring below the trading range; the test held above the low.",
        "Wide-range bar through resistance that closed near its high.",
        "Back-up to the creek on a shrinking spread; supply is absorbed.",
        "Upthrust above the range that closed back inside.",
        "Secondary test of the climax low on a fraction of its effort.",
        "Three bars of rising lows against a falling index.",
        "Gap into the open that was filled and bought within the hour.",
        "Failed breakdown: sellers could not hold it below the ice.",
    ]
    private static let volumes = ["Volume dried up", "Volume expanded", "Volume was climactic", "Volume was average"]
    private static let conclusions = [
        "Stop under the low of the test.", "Half size until the range is left.", "Add on the first reaction.",
        "Exit if it returns into the range.", "No news is due before the close.", "The sector confirms.",
    ]
}
