import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Storage
import Webhooks
import Wire

/// Where other programs send signals by webhook (GAP-08): each source proves itself by its own secret, and may only emit.
struct WebhookRoutes {
    let sources: [String: WebhookSource]
    let ingest: Ingest
    let clock: any DeskClock
    /// Only what was verified counts, so nobody uses up another's share.
    let limiter: SourceLimiter
    /// Of lines in the log: whoever is not believed must not fill the disk.
    let doubtLimiter: SourceLimiter
    let metrics: InboundWebhookMetrics

    static let doubtLinesPerMinuteMax = 30

    func add(to router: Router<DeskContext>) {
        router.post("/api/v1/webhooks/{source}") { request, context in try await receive(request, context) }
    }

    private func receive(_ request: Request, _ context: DeskContext) async throws -> Response {
        let name = try context.pathText("source")
        guard let source = sources[name] else {
            throw Problem(.notFound, "The desk knows no webhook source \(Line.quoted(name)).")
        }
        do {
            let (accepted, isRepeated) = try await take(request, of: source, context)
            metrics.count(isRepeated ? .repeated : .accepted, of: name)
            return .json(accepted, status: .accepted)
        } catch {
            metrics.count(Self.outcome(of: error), of: name)
            throw error
        }
    }

    private func take(
        _ request: Request,
        of source: WebhookSource,
        _ context: DeskContext
    ) async throws -> (Accepted, isRepeated: Bool) {
        let body = try await body(of: request)
        let headers = request.headers
        let webhook = Verification.Request(
            field: { HTTPField.Name($0).flatMap { headers[$0] } },
            body: Array(body.readableBytesView),
            arrivedAt: clock.now()
        )
        let key = try key(of: webhook, source, context)
        if let seconds = limiter.wait(for: source.name, at: clock.now()) {
            throw Problem.rateLimited(retryAfterSeconds: seconds)
        }
        let receipt = Append.NewReceipt(
            key: IdempotencyKey(scope: "webhook:\(source.name)", key: key),
            fingerprint: IdempotencyHeader.fingerprint(request, body: body)
        )
        let messages = try await messages(in: webhook, of: source, receipt)
        let outcome = try await ingest.accept(messages, receipt: receipt)
        let accepted = Accepted(
            count: messages.count,
            offset: outcome.events.last?.offset ?? .start,
            ids: outcome.events.compactMap(\.event.sourceID)
        )
        return (accepted, outcome.isRepeated)
    }

    /// Whoever is not believed learns nothing of why; the log does, and not what the body holds.
    private func key(
        of webhook: Verification.Request,
        _ source: WebhookSource,
        _ context: DeskContext
    ) throws -> String {
        let verified: String
        do throws(Verification.Fault) {
            verified = try source.verify(webhook)
        } catch {
            switch error {
            case .unreadable(let fault): throw Problem(unusable: fault)
            case .doubt(let doubt):
                if doubtLimiter.wait(for: source.name, at: clock.now()) == nil {
                    context.logger.notice(
                        "webhook not believed",
                        metadata: ["source": "\(source.name)", "reason": "\(doubt.reason)"]
                    )
                }
                throw Problem(
                    .signatureInvalid,
                    "The request is not proved to be from this source. Nothing was taken."
                )
            }
        }
        do throws(InvalidRequest) {
            return try source.key(of: webhook, verified: verified)
        } catch {
            throw Problem(unusable: error)
        }
    }

    /// One that was taken before is the same though what it brought has expired since (GAP-09).
    private func messages(
        in webhook: Verification.Request,
        of source: WebhookSource,
        _ receipt: Append.NewReceipt
    ) async throws -> [SourceMessage] {
        do throws(InvalidRequest) {
            return try source.messages(in: webhook) { UUID() }
        } catch {
            guard try await ingest.hasAccepted(receipt.key) else { throw Problem(unusable: error) }
        }
        return try source.messages(in: webhook, isRepeated: true) { UUID() }
    }

    /// Senders say `text/plain` of what is JSON (TradingView), and some say nothing. The secret, not the media type, keeps
    /// other sites' pages out.
    private func body(of request: Request) async throws -> ByteBuffer {
        let bytesMax = WebhookSource.bodyBytesMax
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > bytesMax {
            throw Problem.bodyTooLarge(bytesMax: bytesMax)
        }
        let coding = request.headers[.contentEncoding]?.lowercased()
        guard coding == nil || coding == "identity", Self.isText(request.headers[.contentType]) else {
            throw Problem(
                .unsupportedMediaType,
                "The body must be JSON in UTF-8, uncompressed, as application/json or text/plain."
            )
        }
        do {
            return try await request.body.collect(upTo: bytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(bytesMax: bytesMax)
        }
    }

    private static func isText(_ contentType: String?) -> Bool {
        guard let contentType else { return true }
        let parts = contentType.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
        let isUTF8 = parts.dropFirst().allSatisfy {
            !$0.hasPrefix("charset=") || ["charset=utf-8", #"charset="utf-8""#].contains($0)
        }
        guard let type = parts.first, isUTF8 else { return false }
        return ["application/json", "text/plain", "application/x-ndjson"].contains(type)
            || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }

    private static func outcome(of error: any Error) -> InboundWebhookMetrics.Outcome {
        switch error {
        case let problem as Problem where problem.code == .signatureInvalid: return .unverified
        case let problem as Problem where problem.code == .rateLimited: return .rateLimited
        case is Problem: return .refused
        case let error as DeskError:
            switch error {
            case .refused, .keyReused: return .refused
            case .busy, .closing, .store: return .failed
            }
        default: return .failed
        }
    }
}

extension Problem {
    /// The sender is known, so it is told all that is wrong: 422, for the body is what its settings do not expect.
    fileprivate init(unusable request: InvalidRequest) {
        guard !request.isMalformed else {
            self.init(invalid: request)
            return
        }
        let first = request.faults.first.map { "\($0.pointer.isEmpty ? "The body" : $0.pointer) \($0.detail)." } ?? ""
        self.init(.webhookUnusable, "Nothing was taken. \(first)", extensions: [.errors(request.faults)])
    }
}
