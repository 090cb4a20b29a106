import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite struct SecurityHeadersTests {
    private struct Broken: Error {}

    private let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
        require-trusted-types-for 'script'; trusted-types 'none'
        """

    private func check(_ response: TestResponse) {
        #expect(response.headers[.contentSecurityPolicy] == policy)
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ] {
            #expect(response.headers[values: HTTPField.Name(name)!] == [value])
        }
    }

    @Test func `every answer has the security fields, failures too`() async throws {
        let application = MiddlewareStack().application { router in
            router.get("/fine") { _, _ in "fine" }
            router.get("/broken") { _, _ -> Response in throw Broken() }
        }
        try await application.test(.live) { client in
            for (path, method, status) in [
                ("/fine", HTTPRequest.Method.get, HTTPResponse.Status.ok), ("/fine", .head, .ok),
                ("/fine", .put, .methodNotAllowed), ("/nothing", .get, .notFound),
                ("/broken", .get, .internalServerError),
            ] {
                let response = try await client.execute(uri: path, method: method)
                #expect(response.status == status)
                check(response)
            }
        }
    }

    @Test func `a route's own fields stay, but for those that are the desk's to say`() async throws {
        let application = MiddlewareStack().application { router in
            router.get("/own") { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentSecurityPolicy: "default-src *", .xContentTypeOptions: "sniff", .eTag: "\"1\""]
                )
            }
        }
        try await application.test(.router) { client in
            let own = try await client.execute(uri: "/own", method: .get)
            check(own)
            #expect(own.headers[values: .eTag] == ["\"1\""])
        }
    }

    @Test func `what does not say how long it keeps is kept by nobody`() async throws {
        let application = MiddlewareStack().application { router in
            router.get("/fine") { _, _ in "fine" }
            router.get("/kept") { _, _ in Response(status: .ok, headers: [.cacheControl: "max-age=60"]) }
        }
        try await application.test(.router) { client in
            let fine = try await client.execute(uri: "/fine", method: .get)
            #expect(fine.headers[.cacheControl] == "no-store")
            let kept = try await client.execute(uri: "/kept", method: .get)
            #expect(kept.headers[.cacheControl] == "max-age=60")
        }
    }
}
