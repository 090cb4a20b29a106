internal import HTTPTypes
internal import Hummingbird

/// The path is right and the method is not: 405 with `Allow` (RFC 9110, 15.5.6).
struct MethodNotAllowed: Error {
    let allowed: [HTTPRequest.Method]

    init(allowed: some Sequence<HTTPRequest.Method>) {
        self.allowed = allowed.sorted { $0.rawValue < $1.rawValue }
    }

    var allow: String { allowed.map(\.rawValue).joined(separator: ", ") }
}

extension Router {
    /// Makes every path that has a route answer its other methods with 405. Call it last, when all routes are added.
    ///
    /// Hummingbird's router (2.28) answers 404 for them: it looks up path and method together. The router must have been
    /// made with `.autoGenerateHeadEndpoints`; `HEAD` is taken to be allowed wherever `GET` is. A method that is not one
    /// of HTTP's own stays a 404.
    func refuseOtherMethods() {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
        for (_, routes) in Dictionary(grouping: routes, by: \.path.description) {
            var allowed = Set(routes.map(\.method))
            if allowed.contains(.get) { allowed.insert(.head) }
            let refusal = MethodNotAllowed(allowed: allowed)
            for method in known where !allowed.contains(method) {
                on(routes[0].path, method: method) { _, _ -> Response in throw refusal }
            }
        }
    }
}
