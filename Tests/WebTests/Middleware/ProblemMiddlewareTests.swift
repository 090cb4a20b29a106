import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import Wire

@testable import Web

@Suite struct ProblemMiddlewareTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "password=hunter2 in /etc/desk" }
    }

    private let stack = MiddlewareStack()

    private func problem(_ response: TestResponse) throws -> [String: Any] {
        #expect(response.headers[.contentType] == "application/problem+json")
        #expect(response.headers[.contentLength] == String(response.body.readableBytes))
        let json = try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView))
        let members = try #require(json as? [String: Any])
        #expect(members["status"] as? Int == response.status.code)
        return members
    }

    private func answer(to error: any Error & Sendable) async throws -> TestResponse {
        try await stack.application { router in
            router.get("/fails") { _, _ -> Response in throw error }
        }.test(.router) { try await $0.execute(uri: "/fails", method: .get) }
    }

    @Test func `a problem that is thrown is the answer`() async throws {
        let response = try await answer(to: Problem.rateLimited(retryAfterSeconds: 7))
        #expect(response.status == .tooManyRequests)
        #expect(response.headers[.retryAfter] == "7")
        #expect(try problem(response)["code"] as? String == "rate_limited")
    }

    @Test func `a refusal of the desk keeps its code and its sentence`() async throws {
        let response = try await answer(to: Refusal(.alreadyDecided, "alice approved it."))
        #expect(response.status == .conflict)
        #expect(try problem(response)["detail"] as? String == "alice approved it.")
    }

    @Test func `a fault in the body names its place`() async throws {
        let response = try await answer(to: InvalidRequest(faults: [.init("/entry_price", "must be a decimal")]))
        #expect(response.status == .badRequest)
        #expect(String(buffer: response.body).contains("\"/entry_price\""))
    }

    @Test func `an error of the HTTP library becomes a problem and keeps the fields that matter`() async throws {
        let headers: HTTPFields = [.retryAfter: "3", .server: "secret/1.0"]
        let response = try await answer(to: HTTPError(.badRequest, headers: headers, message: "No such parameter."))
        #expect(response.status == .badRequest)
        #expect(response.headers[.retryAfter] == "3")
        #expect(response.headers[.server] == nil)
        #expect(try problem(response)["detail"] as? String == "No such parameter.")
    }

    @Test(arguments: [true, false])
    func `what broke is logged with the request's id and not told`(isLibraryError: Bool) async throws {
        let error: any Error & Sendable =
            isLibraryError ? HTTPError(.internalServerError, message: "password=hunter2") : Broken()
        let response = try await answer(to: error)
        #expect(response.status == .internalServerError)
        #expect(try problem(response)["code"] as? String == "internal_error")
        #expect(!String(buffer: response.body).contains("hunter2"))
        let line = try #require(stack.log.lines.first { $0.level == .error })
        #expect(line.metadata["error"]?.description.contains("hunter2") == true)
        #expect(line.metadata["hb.request.id"] != nil)
    }

    @Test func `an unknown path is a 404 problem for programs and browsers alike`() async throws {
        try await stack.application { _ in }.test(.live) { client in
            for path in ["/api/v1/nothing", "/api", "/nothing", "/%00", "/a//b"] {
                for accept in ["text/html", "*/*"] {
                    let response = try await client.execute(uri: path, method: .get, headers: [.accept: accept])
                    #expect(response.status == .notFound)
                    #expect(try problem(response)["code"] as? String == "not_found")
                }
            }
        }
    }

    @Test func `a wrong method on a known path is 405 with the right ones`() async throws {
        let application = stack.application { router in
            router.get("/api/v1/signals") { _, _ in "list" }
            router.post("/api/v1/signals") { _, _ in "made" }
            router.post("/api/v1/signals/{id}/approve") { _, _ in "approved" }
        }
        try await application.test(.live) { client in
            let deleted = try await client.execute(uri: "/api/v1/signals", method: .delete)
            #expect(deleted.status == .methodNotAllowed)
            #expect(deleted.headers[.allow] == "GET, HEAD, POST")
            #expect(try problem(deleted)["code"] as? String == "method_not_allowed")

            let read = try await client.execute(uri: "/api/v1/signals/AAPL/approve", method: .get)
            #expect(read.status == .methodNotAllowed)
            #expect(read.headers[.allow] == "POST")

            let head = try await client.execute(uri: "/api/v1/signals", method: .head)
            #expect(head.status == .ok)
            let parent = try await client.execute(uri: "/api/v1/signals/AAPL", method: .get)
            #expect(parent.status == .notFound)
        }
    }

    @Test func `a HEAD that fails has no body`() async throws {
        try await stack.application { _ in }.test(.live) { client in
            let response = try await client.execute(uri: "/nothing", method: .head)
            #expect(response.status == .notFound)
            #expect(response.body.readableBytes == 0)
        }
    }

    @Test func `a foreign page's write and a rebound name are 403 problems that say what to do`() async throws {
        let application = stack.application { $0.post("/approve") { _, _ in "approved" } }
        try await application.test(.live) { client in
            let foreign = try await client.execute(
                uri: "/approve",
                method: .post,
                headers: [.origin: "https://evil.example"]
            )
            #expect(foreign.status == .forbidden)
            #expect(try problem(foreign)["code"] as? String == "origin_forbidden")
            #expect(try (problem(foreign)["detail"] as? String)?.contains("administrator") == true)
            let own = try await client.execute(uri: "/approve", method: .post)
            #expect(own.status == .ok)
        }
    }
}
