internal import Domain
internal import Engine
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Storage
internal import Wire

/// Turns every thrown error into a problem document: the only place where an error becomes a status.
///
/// What is not known as an error of the request's own making is the desk's failure: it is logged, with the request's id
/// in the logger's metadata, and answered 500 without saying what broke.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let response = Self.response(to: error, logger: context.logger)
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private static func response(to error: any Error, logger: Logger) -> Response {
        switch error {
        case let problem as Problem:
            return Response(problem)
        case let refusal as Refusal:
            return Response(Problem(refusal: refusal))
        case let request as InvalidRequest:
            return Response(Problem(invalid: request))
        case let error as DeskError:
            if case .store(let failure) = error { logger.error("Store failed", metadata: ["error": "\(failure)"]) }
            return Response(Problem(error))
        case let error as StoreError where error.code == .trimmed:
            return Response(.cannotResume(.trimmed))
        case let error as StoreError:
            logger.error("Store failed", metadata: ["error": "\(error)"])
            return Response(Problem(error))
        case let error as MethodNotAllowed:
            return Response(.methodNotAllowed(error), adding: [.allow: error.allow])
        case let error as HTTPError where error.status.code < 500:
            // Of Hummingbird's own fields only these mean something to a client of ours.
            let kept = error.headers.filter { $0.name == .allow || $0.name == .retryAfter }
            return Response(Problem(status: error.status, reason: error.body), adding: HTTPFields(kept))
        case let error as any HTTPResponseError where error.status.code < 500:
            return Response(Problem(status: error.status))
        case is CancellationError:
            // The client went away or the server stops: nobody reads the answer, and nothing broke.
            return Response(.internalError)
        default:
            logger.error("Request failed", metadata: ["error": "\(error)"])
            return Response(.internalError)
        }
    }
}

extension Response {
    /// RFC 9457, with the fields that the problem calls for.
    init(_ problem: Problem, adding fields: HTTPFields = [:]) {
        var headers = fields
        headers[.contentType] = Problem.contentType
        if let seconds = problem.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        self.init(
            status: HTTPResponse.Status(code: problem.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.encoded))
        )
    }
}
