import AsyncHTTPClient
package import NIOCore
import NIOHTTP1

/// Posts by HTTP/1.1, over TLS where the address says https (certificates are checked against the system's roots).
///
/// Isolation: immutable; the client has its own.
package final class HTTPCarrier: WebhookCarrier {
    static let responseBytesMax = 65_536
    static let connectTimeoutSeconds: Int64 = 5
    private static let reasonCharactersMax = 200

    private let client: HTTPClient
    private let userAgent: String

    /// To be ended by ``shutDown()``.
    package init(eventLoopGroup: any EventLoopGroup, userAgent: String) {
        var configuration = HTTPClient.Configuration()
        // A receiver that could send us on could send us anywhere, with the signed body.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(Self.connectTimeoutSeconds)
        configuration.httpVersion = .http1Only
        // The schedule is ours: one attempt is one attempt.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4
        client = HTTPClient(eventLoopGroupProvider: .shared(eventLoopGroup), configuration: configuration)
        self.userAgent = userAgent
    }

    package func shutDown() async throws { try await client.shutdown() }

    package func post(
        _ body: [UInt8],
        to url: String,
        fields: [(name: String, value: String)],
        timeoutSeconds: Int
    ) async -> DeliveryAttempt {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for field in fields { request.headers.add(name: field.name, value: field.value) }
        request.headers.add(name: "user-agent", value: userAgent)
        request.body = .bytes(ByteBuffer(bytes: body))
        let deadline = NIODeadline.now() + .seconds(Int64(timeoutSeconds))
        do {
            let response = try await client.execute(request, deadline: deadline)
            await Self.forget(response.body, by: deadline)
            switch response.status.code {
            case 200..<300: return .taken
            case 300..<400: return .failed("it answered \(response.status.code); redirects are not followed")
            case 410: return .gone
            default: return .failed("it answered \(response.status.code)")
            }
        } catch {
            return .failed(Self.reason("\(error)"))
        }
    }

    /// One line that is fit for a log and a page.
    private static func reason(_ text: String) -> String {
        let isPlain = { (character: Character) in
            character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        return String(text.prefix(reasonCharactersMax).map { isPlain($0) && !$0.isNewline ? $0 : " " })
    }

    /// Read to its end, so that the connection can be used again; one that does not end, or not in time, is cut off: the
    /// client's own deadline ends with the head of the answer (AsyncHTTPClient 1.37).
    private static func forget(_ body: HTTPClientResponse.Body, by deadline: NIODeadline) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var bytes = 0
                do {
                    for try await part in body {
                        bytes += part.readableBytes
                        if bytes > responseBytesMax { return }
                    }
                } catch {
                    // The status is what counts, and that has come.
                }
            }
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(max(0, (deadline - .now()).nanoseconds)))
            }
            await group.next()
            group.cancelAll()
        }
    }
}
