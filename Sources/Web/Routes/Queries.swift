import Domain
import Hummingbird
import Wire

/// `?since=&status=&symbol=&limit=` of `GET /api/v1/signals` (EP-05, GAP-04).
struct SignalsQuery {
    static let limitDefault = 100
    static let limitMax = 500

    enum Since {
        /// Not said: what the desk has at hand.
        case anything
        case position(Offset)
        case moment(Timestamp)
    }

    let since: Since
    let limit: Int
    private let status: SignalStatus?
    private let symbol: Symbol?

    init(_ request: Request, epoch: Epoch) throws {
        since = try Self.since(request.query("since"), epoch: epoch)
        limit = try request.limit(default: Self.limitDefault, max: Self.limitMax)
        status = try request.query("status").map { text in
            guard let status = SignalStatus(rawValue: text.uppercased()) else {
                let known = SignalStatus.all.map(\.rawValue).joined(separator: ", ")
                throw Problem(.invalidRequest, "status= must be one of \(known).")
            }
            return status
        }
        symbol = try request.query("symbol").map { text in
            guard let symbol = Symbol(text) else {
                throw Problem(.invalidRequest, "symbol= must be a symbol such as AAPL.")
            }
            return symbol
        }
    }

    /// True when the caller goes on from somewhere and must not miss a change.
    var isPromise: Bool {
        if case .anything = since { false } else { true }
    }

    func matches(_ signal: Signal) -> Bool {
        (status == nil || signal.status == status) && (symbol == nil || signal.symbol == symbol)
    }

    /// A time, or a cursor `epoch:offset` of this log.
    private static func since(_ text: String?, epoch: Epoch) throws -> Since {
        guard let text else { return .anything }
        // An unescaped + of an offset arrives as a space.
        if let moment = Timestamp(text) ?? Timestamp(text.replacing(" ", with: "+")) { return .moment(moment) }
        guard let colon = text.lastIndex(of: ":"), let offset = Int64(text[text.index(after: colon)...]), offset >= 0
        else {
            throw Problem(
                .invalidRequest,
                "since= must be a time such as 2026-01-23T10:30:00Z or the cursor of an earlier answer."
            )
        }
        guard text[..<colon] == epoch.text else { throw Problem.cannotResume(.epochChanged) }
        return .position(Offset(offset))
    }
}

/// `?after=&epoch=&limit=` of `GET /api/v1/events`.
struct EventsQuery {
    static let limitDefault = 500
    static let limitMax = 1_000

    let after: Offset
    let epoch: Epoch?
    let limit: Int

    init(_ request: Request) throws {
        let text = request.query("after") ?? "0"
        guard let offset = Int64(text), offset >= 0 else {
            throw Problem(.invalidRequest, "after= must be an offset of the log: 0 or a positive integer.")
        }
        after = Offset(offset)
        epoch = request.query("epoch").map { Epoch($0) }
        limit = try request.limit(default: Self.limitDefault, max: Self.limitMax)
    }
}

extension Request {
    func query(_ name: Substring) -> String? { uri.queryParameters[name].map(String.init) }

    fileprivate func limit(default standard: Int, max most: Int) throws -> Int {
        guard let text = query("limit") else { return standard }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw Problem(.invalidRequest, "limit= must be between 1 and \(most).")
        }
        return limit
    }
}
