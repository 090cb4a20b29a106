import Domain
import HTTPTypes
import Hummingbird
import Wire

/// `?epoch=&since=&channels=&symbols=&label=&dialect=` of `GET /api/v1/events/stream`, and its `Last-Event-ID`.
struct StreamQuery {
    let cursor: Cursor?
    /// What a `subscribe` message says on a socket: a stream has no way up.
    let subscription: ClientMessage?
    let label: String?
    /// Whether its reader will acknowledge critical messages by `POST /api/v1/acks`.
    let acknowledges: Bool
    let manner: Manner

    init(_ request: Request) throws {
        manner = try request.manner()
        cursor = try Self.cursor(request)
        subscription = try Self.subscription(channels: request.query("channels"), symbols: request.query("symbols"))
        acknowledges = try request.flag("ack")
        label = try request.query("label").map { text in
            guard let label = LiveEndpoint.label(text) else {
                throw Problem(
                    .invalidRequest,
                    "label= must be 1 to \(LiveEndpoint.labelCharactersMax) characters on one line, but not stats."
                )
            }
            return label
        }
    }

    /// A browser that reconnects asks for the same address again, so what its header says is newer.
    private static func cursor(_ request: Request) throws -> Cursor? {
        if let text = request.headers[.lastEventID] {
            guard let cursor = Cursor(text) else {
                throw Problem(.invalidRequest, "Last-Event-ID must be the id of an event of this stream: epoch:offset.")
            }
            return cursor
        }
        let epoch = request.query("epoch")
        let since = request.query("since")
        if epoch == nil && since == nil { return nil }
        guard let epoch, let since, let cursor = Cursor(epoch: epoch, offset: since) else {
            throw Problem(
                .invalidRequest,
                "epoch= and since= go together: the epoch of a log, and an offset in it, 0 or a positive integer."
            )
        }
        return cursor
    }

    private static func subscription(channels: String?, symbols: String?) throws -> ClientMessage? {
        guard let channels else {
            if symbols == nil { return nil }
            throw Problem(.invalidRequest, "symbols= goes with channels=prices only.")
        }
        let wanted = try list(channels, "channels", max: ClientMessage.channelsMax) { text in
            guard let channel = Channel(text) else {
                throw Problem(.invalidRequest, "channels= names an unknown channel: \(Line.shown(text)).")
            }
            return channel
        }
        guard let symbols else { return .subscribe(wanted, symbols: nil) }
        guard wanted.contains(.prices) else {
            throw Problem(.invalidRequest, "symbols= goes with channels=prices only.")
        }
        let covered = try list(symbols, "symbols", max: ClientMessage.symbolsMax) { text in
            guard let symbol = Symbol(text) else {
                throw Problem(.invalidRequest, "symbols= must be symbols such as AAPL,MSFT, not \(Line.shown(text)).")
            }
            return symbol
        }
        return .subscribe(wanted, symbols: covered)
    }

    /// What stands between commas, without repetition.
    private static func list<Element: Equatable>(
        _ text: String,
        _ name: String,
        max most: Int,
        _ element: (String) throws -> Element
    ) throws -> [Element] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= most else { throw Problem(.invalidRequest, "\(name)= may name \(most) at most.") }
        return try parts.reduce(into: []) { elements, part in
            let new = try element(String(part))
            if !elements.contains(new) { elements.append(new) }
        }
    }
}

extension HTTPField.Name {
    static let lastEventID = Self("Last-Event-ID")!
}
