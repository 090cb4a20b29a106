import Metrics
import Realtime
import WebSockets
import Wire

/// What happens to connections, over whatever transport, and to what is sent over them (OBS-02, OBS-08).
///
/// All counters are made at the start, so that none is missing until it first counts, and labels have an end: a code that a
/// client made up is `other`.
struct LiveMetrics: Sendable {
    /// Why a connection did not come to be.
    enum Refusal: String, CaseIterable {
        case forbidden
        case badRequest = "bad_request"
        case deskFull = "desk_full"
    }

    private static let recovered = "recovered"
    private static let otherCode = "other"
    private static let codes = Set(CloseCode.allCases.map(\.rawValue)).union([
        WebSocketCloseCode.noStatus.rawValue, WebSocketCloseCode.abnormal.rawValue,
    ])

    private let opened: [Transport: Counter]
    private let closed: [Transport: [UInt16: Counter]]
    private let closedOtherwise: [Transport: Counter]
    private let refused: [Refusal: Counter]
    private let resumes: [ResumeFailure?: Counter]
    /// By ``MessageType/index``.
    private let sent: [Counter]

    init(_ factory: any MetricsFactory) {
        func counters<Key: Hashable>(_ name: MetricName, of keys: [Key], _ labels: (Key) -> [(String, String)])
            -> [Key: Counter]
        {
            Dictionary(uniqueKeysWithValues: keys.map { ($0, Counter(name, factory, labels($0))) })
        }
        func closing(_ transport: Transport, _ code: String) -> [(String, String)] {
            [("transport", transport.rawValue), ("code", code)]
        }
        let transports = Transport.allCases
        opened = counters(.connectionsOpened, of: transports) { [("transport", $0.rawValue)] }
        closed = Dictionary(
            uniqueKeysWithValues: transports.map { transport in
                (transport, counters(.connectionsClosed, of: Array(Self.codes)) { closing(transport, "\($0)") })
            }
        )
        closedOtherwise = counters(.connectionsClosed, of: transports) { closing($0, Self.otherCode) }
        refused = counters(.connectionsRefused, of: Refusal.allCases) { [("reason", $0.rawValue)] }
        resumes = counters(.resumes, of: [nil] + ResumeFailure.allCases) {
            [("outcome", $0?.rawValue ?? Self.recovered)]
        }
        sent = MessageType.allCases.map { Counter(.messagesSent, factory, [("type", $0.rawValue)]) }
    }

    func opened(_ greeting: LiveGreeting, over transport: Transport) {
        opened[transport]?.increment()
        if let resume = greeting.resume { resumes[resume.failure]?.increment() }
    }

    func closed(_ code: UInt16, over transport: Transport) {
        (closed[transport]?[code] ?? closedOtherwise[transport])?.increment()
    }

    func refused(_ refusal: Refusal) { refused[refusal]?.increment() }

    func sent(_ messages: SentMessages) {
        for (counter, count) in zip(sent, messages.counts) where count > 0 { counter.increment(by: count) }
    }
}
