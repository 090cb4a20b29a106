import Domain
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Realtime
import Storage
import WebSockets
import Wire

/// Decides on WebSocket handshakes at `/ws` and `/ws/{client_id}`, and joins the accepted ones to the hub.
struct LiveEndpoint: Sendable {
    /// What `/ws/{client_id}` may not be called (C2).
    static let reservedLabel = "stats"
    static let labelCharactersMax = 64

    let hub: LiveHub
    let origins: OriginPolicy
    let identities: IdentityPolicy
    let logger: Logger

    func decide(_ request: HTTPRequest) -> WebSocketUpgrade {
        let claim = OriginPolicy.Claim(request)
        switch origins.verdict(on: claim, for: .upgrade) {
        case .allowed: break
        case .hostForbidden: return refuse(claim, .hostForbidden)
        case .originForbidden: return refuse(claim, .originForbidden)
        }
        let uri = URI(request.path ?? "/")
        guard let label = Self.label(in: uri.path) else {
            let hint =
                "WebSockets live at /ws and /ws/{client_id}, 1 to \(Self.labelCharactersMax) characters but not stats.\n"
            return .refuse(.notFound, body: hint)
        }
        return admit(uri, label: label)
    }

    /// A page cannot see the answer, but whoever looks for the reason in the browser's tools or in the log can.
    private func refuse(_ claim: OriginPolicy.Claim, _ problem: Problem) -> WebSocketUpgrade {
        hub.metrics.refused(.forbidden)
        logger.notice(
            "websocket refused",
            metadata: [
                "code": "\(problem.code.rawValue)", "origin": "\(Line.quoted(claim.origin ?? ""))",
                "host": "\(Line.quoted(claim.host ?? ""))",
            ]
        )
        return .refuse(.forbidden, body: problem.detail + "\n")
    }

    /// The label of a path of ours; `.some(nil)` for `/ws` itself, `nil` for any other path.
    static func label(in path: String) -> String?? {
        if path == "/ws" || path == "/ws/" { return .some(nil) }
        guard path.hasPrefix("/ws/") else { return nil }
        let text = path.dropFirst("/ws/".count)
        guard !text.contains("/"), let decoded = String(text).removingPercentEncoding, let label = label(decoded) else {
            return nil
        }
        return label
    }

    /// What may be shown in lists; `nil` for anything else.
    static func label(_ text: String) -> String? {
        guard let line = Line(text, charactersMax: labelCharactersMax), line.text != reservedLabel else { return nil }
        return line.text
    }

    /// A browser cannot see why a handshake was refused, so who asks wrongly is let in and told by the close code.
    private func admit(_ uri: URI, label: String?) -> WebSocketUpgrade {
        do throws(HandshakeFault) {
            let me = try identity(uri)
            let extent = hub.extent
            let greeting = LiveGreeting(
                connectionID: UUID().hyphenated(),
                label: label,
                me: me,
                manner: try manner(uri),
                resume: try resumption(uri, extent),
                oldest: extent.oldest,
                acknowledges: try acknowledges(uri)
            )
            return .accept { socket in join(greeting, socket) }
        } catch {
            return .accept { _ in turnAway(error) }
        }
    }

    /// Room is taken only now: a connection that was lost while its handshake was decided never comes here, and one that
    /// does will be told `closed`, which gives the room back.
    private func join(_ greeting: LiveGreeting, _ socket: WebSocketConnection) -> any WebSocketHandler {
        if let full = hub.ledger.enter(greeting.user, over: .webSocket) {
            return turnAway(HandshakeFault(.deskFull, full))
        }
        return LiveConnection(greeting, hub: hub, shard: hub.shard(of: socket.eventLoop), socket: socket)
    }

    private func turnAway(_ fault: HandshakeFault) -> any WebSocketHandler {
        hub.metrics.refused(fault.code == .deskFull ? .deskFull : .badRequest)
        logger.notice(
            "websocket turned away",
            metadata: ["close_code": "\(fault.code.rawValue)", "reason": "\(fault.reason)"]
        )
        return ClosingHandler(code: WebSocketCloseCode(fault.code), reason: fault.reason)
    }

    private func identity(_ uri: URI) throws(HandshakeFault) -> Me {
        switch identities.identify(queryName: uri.queryParameters["as"].map(String.init)) {
        case .success(let me): me
        case .failure: throw HandshakeFault(.badRequest, "as= must be a name of 1 to 64 characters")
        }
    }

    private func acknowledges(_ uri: URI) throws(HandshakeFault) -> Bool {
        switch uri.queryParameters["ack"] {
        case nil, "0": false
        case "1": true
        default: throw HandshakeFault(.badRequest, "ack= is 1 or 0")
        }
    }

    private func manner(_ uri: URI) throws(HandshakeFault) -> Manner {
        do throws(MannerFault) {
            return try Manner { uri.queryParameters[$0].map(String.init) }
        } catch {
            throw HandshakeFault(.badRequest, error.reason)
        }
    }

    private func resumption(
        _ uri: URI,
        _ extent: Extent
    ) throws(HandshakeFault) -> (from: Offset, failure: ResumeFailure?)? {
        let epoch = uri.queryParameters["epoch"]
        let since = uri.queryParameters["since"]
        if epoch == nil && since == nil { return nil }
        guard let epoch, let since, let cursor = Cursor(epoch: epoch, offset: since) else {
            throw HandshakeFault(.badRequest, "epoch= and since= go together; since= is an offset of the log")
        }
        return hub.resume(from: cursor, extent)
    }
}

/// Why a handshake was let in only to be closed.
struct HandshakeFault: Error {
    let code: CloseCode
    let reason: String

    init(_ code: CloseCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// Closes a connection with the reason it was not wanted. Event-loop-bound.
private final class ClosingHandler: WebSocketHandler {
    private let code: WebSocketCloseCode
    private let reason: String

    init(code: WebSocketCloseCode, reason: String) {
        self.code = code
        self.reason = reason
    }

    func opened(_ connection: WebSocketConnection) { connection.close(code: code, reason: reason) }
    func received(text: ByteBuffer, on connection: WebSocketConnection) {}
    func received(binary: ByteBuffer, on connection: WebSocketConnection) {}
    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) {}
}

@available(*, unavailable)
extension ClosingHandler: Sendable {}
