internal import Hummingbird
internal import Wire

/// Refuses requests that a foreign page makes through a visitor's browser, as `OriginPolicy` decides.
struct OriginMiddleware<Context: RequestContext>: RouterMiddleware {
    let policy: OriginPolicy

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let claim = OriginPolicy.Claim(request.head)
        switch policy.verdict(on: claim, for: .rest(method: request.method.rawValue)) {
        case .allowed: return try await next(request, context)
        case .hostForbidden: throw Problem.hostForbidden
        case .originForbidden: throw Problem.originForbidden
        }
    }
}
