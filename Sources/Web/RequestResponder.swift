import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Answers the requests of a connection by the router, as Hummingbird's application does: with a logger that knows the
/// request, a date, and a 500 for what nobody has caught.
struct RequestResponder<Responder: HTTPResponder>: Sendable where Responder.Context == DeskContext {
    let responder: Responder
    let date: DateField
    let logger: Logger

    func respond(to request: Request, by writer: consuming ResponseWriter, on channel: any Channel) async throws {
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
        let context = DeskContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        var response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch let error as HTTPParserError {
            // The request broke off in the middle of its body; the connection answers that, and ends.
            throw error
        } catch {
            logger.error("Request failed", metadata: ["error": "\(error)"])
            response = Response(status: .internalServerError)
        }
        response.headers[.date] = date.value
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch is HTTPParserError {
            // A second answer must not follow the one that has begun.
            throw ChannelError.inputClosed
        }
    }
}
