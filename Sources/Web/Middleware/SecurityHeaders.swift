internal import HTTPTypes
internal import Hummingbird

/// Puts the desk's security fields on every response. It stands outside `ProblemMiddleware`, so that problems have them
/// too.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers = SecurityFields.joined(with: response.headers)
        return response
    }
}

enum SecurityFields {
    /// `connect-src 'self'` covers the socket: CSP 3 lets 'self' match ws and wss of the same host and port. WebKit did
    /// not before Safari 16 (bugs.webkit.org 201591, 235873), but the page's `light-dark()` needs 17.5 already.
    static let contentSecurityPolicy = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")

    static let all: HTTPFields = [
        .contentSecurityPolicy: contentSecurityPolicy,
        .xContentTypeOptions: "nosniff",
        .referrerPolicy: "no-referrer",
        .crossOriginOpenerPolicy: "same-origin",
        .crossOriginResourcePolicy: "same-origin",
        .permissionsPolicy: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ]

    /// The security fields, and those of `fields` that are none of them. Setting one after the other in `fields` would look
    /// through them each time.
    static func joined(with fields: HTTPFields) -> HTTPFields {
        var joined = all
        var saysHowLongItKeeps = false
        for field in fields where !all.contains(field.name) {
            joined.append(field)
            if field.name == .cacheControl { saysHowLongItKeeps = true }
        }
        // What does not say how long it keeps is an answer about the desk: nobody keeps it.
        if !saysHowLongItKeeps { joined.append(HTTPField(name: .cacheControl, value: "no-store")) }
        return joined
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
    fileprivate static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    fileprivate static let permissionsPolicy = Self("Permissions-Policy")!
}
