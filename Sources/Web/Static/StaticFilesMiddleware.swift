internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Answers `GET` and `HEAD` for the page's files; everything else goes on to the router.
///
/// A route always wins over a file of the same path: the router names the endpoint before it calls the middleware, and a
/// named endpoint is left alone. A range is not served; such a request gets the whole file, as RFC 9110, 14.2 allows.
struct StaticFilesMiddleware<Context: RequestContext>: RouterMiddleware {
    let files: StaticFiles

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard context.endpointPath == nil, let file = await files.file(forRequestPath: request.uri.path) else {
            return try await next(request, context)
        }
        guard request.method == .get || request.method == .head else {
            throw MethodNotAllowed(allowed: [.get, .head])
        }
        return file.response(to: request)
    }
}

extension StaticFile {
    func response(to request: Request) -> Response {
        let chosen = representation(for: AcceptEncoding(request.headers[.acceptEncoding]))
        var headers: HTTPFields = [.eTag: chosen.tag.field, .cacheControl: "no-cache"]
        if gzip != nil { headers[.vary] = "Accept-Encoding" }

        if let known = request.headers[.ifNoneMatch], chosen.tag.isNamed(in: known) {
            var response = Response(status: .notModified, headers: headers)
            // A 304 speaks of the representation that it does not send; "0" would be a lie about its length.
            response.headers[.contentLength] = nil
            return response
        }

        headers[.contentType] = type.field
        headers[.contentLength] = String(chosen.body.readableBytes)
        if chosen.tag == gzip?.tag { headers[.contentEncoding] = "gzip" }
        let body = request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: chosen.body)
        return Response(status: .ok, headers: headers, body: body)
    }
}
