import Domain
import Hummingbird
import Storage
import Wire

/// `?cursor=&limit=&order=&signal=&user=&type=&from=&to=` of `GET /api/v1/audit` (APR-18).
struct AuditQuery {
    static let limitDefault = 100
    static let limitMax = 500

    private(set) var query: LogQuery

    init(_ request: Request, epoch: Epoch) throws {
        query = LogQuery(entriesMax: try request.limit(default: Self.limitDefault, max: Self.limitMax))
        query.order = try request.query("order").map(Self.order) ?? .newest
        query.beyond = try request.query("cursor").map { try Self.beyond($0, epoch) }
        query.signal = try request.query("signal").map { text in
            guard let id = SignalID(text) else { throw Problem(.invalidRequest, "signal= must be the id of a signal.") }
            return id
        }
        query.user = try request.query("user").map { text in
            guard let name = UserName(text) else {
                throw Problem(.invalidRequest, "user= must be a name: 1 to 64 characters on one line.")
            }
            return name
        }
        query.types = try request.query("type").map(Self.types)
        (query.from, query.to) = try request.span()
    }

    /// The history of one signal, oldest entry first.
    init(historyOf signal: SignalID, _ request: Request, epoch: Epoch) throws {
        query = LogQuery(entriesMax: try request.limit(default: Self.limitDefault, max: Self.limitMax))
        query.order = .oldest
        query.beyond = try request.query("cursor").map { try Self.beyond($0, epoch) }
        query.signal = signal
    }

    private static func order(_ text: String) throws -> LogQuery.Order {
        guard let order = LogQuery.Order(rawValue: text) else {
            throw Problem(.invalidRequest, "order= is newest or oldest.")
        }
        return order
    }

    private static func beyond(_ text: String, _ epoch: Epoch) throws -> Offset {
        guard let cursor = Cursor(text) else {
            throw Problem(.invalidRequest, "cursor= must be the cursor of an earlier answer.")
        }
        guard cursor.epoch == epoch else {
            throw Problem(.epochChanged, "This place is in another log than the desk's. Begin again without cursor=.")
        }
        return cursor.offset
    }

    private static func types(_ text: String) throws -> Set<String> {
        let types = Set(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        guard types.isSubset(of: EventFormat.types) else {
            let known = EventFormat.types.joined(separator: ", ")
            throw Problem(.invalidRequest, "type= must be one or more of \(known), with commas in between.")
        }
        return types
    }
}

/// `?from=&to=&utc_offset_minutes=` of `GET /api/v1/audit/statistics` (APR-19).
struct StatisticsQuery {
    /// How far back is looked when nothing is said.
    static let daysDefault: Int64 = 30
    /// Where there is land, clocks are 12 hours behind UTC to 14 ahead.
    static let utcOffsetMinutes = -720...840

    let from: Timestamp
    let to: Timestamp
    let utcOffsetMinutes: Int

    init(_ request: Request, now: Timestamp) throws {
        let (from, to) = try request.span()
        self.to = to ?? now.advanced(byMilliseconds: 1)
        self.from = from ?? self.to.advanced(byMilliseconds: -Self.daysDefault * 86_400_000)
        guard let text = request.query("utc_offset_minutes") else {
            utcOffsetMinutes = 0
            return
        }
        guard let minutes = Int(text), Self.utcOffsetMinutes.contains(minutes) else {
            throw Problem(.invalidRequest, "utc_offset_minutes= must be between -720 and 840.")
        }
        utcOffsetMinutes = minutes
    }
}

extension Request {
    /// `?from=&to=`: from the one moment on, before the other.
    fileprivate func span() throws -> (from: Timestamp?, to: Timestamp?) {
        let (from, to) = (try moment("from"), try moment("to"))
        if let from, let to, from >= to { throw Problem(.invalidRequest, "from= must be before to=.") }
        return (from, to)
    }

    private func moment(_ name: Substring) throws -> Timestamp? {
        guard let text = query(name) else { return nil }
        // An unescaped + of an offset arrives as a space.
        guard let moment = Timestamp(text) ?? Timestamp(text.replacing(" ", with: "+")) else {
            throw Problem(.invalidRequest, "\(name)= must be a time such as 2026-01-23T10:30:00Z.")
        }
        return moment
    }
}
