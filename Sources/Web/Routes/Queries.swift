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
        guard let cursor = Cursor(text) else {
            throw Problem(
                .invalidRequest,
                "since= must be a time such as 2026-01-23T10:30:00Z or the cursor of an earlier answer."
            )
        }
        guard cursor.epoch == epoch else { throw Problem.cannotResume(.epochChanged) }
        return .position(cursor.offset)
    }
}

/// `?after=&epoch=&limit=&dialect=` of `GET /api/v1/events`; `after` is a cursor, or an offset beside which `epoch` may stand.
struct EventsQuery {
    static let limitDefault = 500
    static let limitMax = 1_000

    let after: Cursor
    let limit: Int
    let dialect: Dialect?

    /// - Parameter epoch: that of the log, which an offset alone is taken to be of.
    init(_ request: Request, epoch: Epoch) throws {
        after = try Self.after(request.query("after") ?? "0", epoch: request.query("epoch"), current: epoch)
        limit = try request.limit(default: Self.limitDefault, max: Self.limitMax)
        dialect = try request.dialect()
    }

    private static func after(_ text: String, epoch: String?, current: Epoch) throws -> Cursor {
        if let cursor = Cursor(text) {
            guard epoch == nil || epoch == cursor.epoch.text else {
                throw Problem(.invalidRequest, "epoch= names another log than the cursor in after=. Leave it out.")
            }
            return cursor
        }
        guard let offset = Int64(text), offset >= 0 else {
            throw Problem(
                .invalidRequest,
                "after= must be the cursor of an earlier answer or an offset of the log: 0 or a positive integer."
            )
        }
        return Cursor(epoch: epoch.map { Epoch($0) } ?? current, offset: Offset(offset))
    }
}

extension Request {
    func query(_ name: Substring) -> String? { uri.queryParameters[name].map(String.init) }

    /// 1 or 0; not said is 0.
    func flag(_ name: Substring) throws -> Bool {
        switch query(name) {
        case nil, "0": return false
        case "1": return true
        default: throw Problem(.invalidRequest, "\(name)= is 1 or 0.")
        }
    }

    func manner() throws -> Manner {
        do throws(MannerFault) { return try Manner(query) } catch { throw error.problem }
    }

    fileprivate func dialect() throws -> Dialect? {
        do throws(MannerFault) { return try Manner.dialect(query("dialect")) } catch { throw error.problem }
    }

    func limit(default standard: Int, max most: Int) throws -> Int {
        guard let text = query("limit") else { return standard }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw Problem(.invalidRequest, "limit= must be between 1 and \(most).")
        }
        return limit
    }
}
