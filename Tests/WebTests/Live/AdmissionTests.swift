import Logging
import Realtime
import SocketSupport
import Testing

@testable import Web

/// Who is let in, and how those are told who are not.
@Suite(.timeLimit(.minutes(5))) struct AdmissionTests {
    @Test(arguments: [
        "/ws?as=%0A", "/ws?as=%20", "/ws?since=1", "/ws?epoch=epoch-1", "/ws?epoch=&since=1",
        "/ws?epoch=epoch-1&since=",
        "/ws?epoch=epoch-1&since=x", "/ws?epoch=epoch-1&since=-1", "/ws?epoch=epoch-1&since=1.5",
    ])
    func `a wrong question is told by 4500, for it is no use to ask again`(_ path: String) async throws {
        try await TestDesk.live { desk in
            try await Tab.open(desk, path) { tab in
                let closing = try await tab.closing()
                #expect(closing.code == 4500 && !closing.reason.isEmpty)
            }
            #expect(desk.test.logs.lines.contains { $0.message == "websocket turned away" })
        }
    }

    @Test(arguments: ["/ws", "/ws/", "/ws/wall", "/ws/a%20b", "/ws/%C3%BC", "/ws/" + String(repeating: "x", count: 64)])
    func `a label is free to choose`(_ path: String) async throws {
        try await TestDesk.live { desk in try await Tab.greeted(desk, path) { _ in } }
    }

    @Test(arguments: [
        "/ws/stats", "/ws/%73tats", "/ws/a/b", "/ws/%0A", "/ws/%FF", "/elsewhere", "/",
        "/ws/" + String(repeating: "x", count: 65),
    ])
    func `other addresses and the reserved label are not found`(_ path: String) async throws {
        try await TestDesk.live { desk in
            try await RawClient.with(port: desk.port) { client in
                try await client.send(Tab.handshake(path))
                #expect(try await client.head().hasPrefix("HTTP/1.1 404 "))
            }
        }
    }

    @Test(arguments: ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost:1"])
    func `a page of another site opens no socket`(_ origin: String) async throws {
        try await TestDesk.live { desk in
            try await RawClient.with(port: desk.port) { client in
                try await client.send(Tab.handshake("/ws?as=alice", headers: ["Origin: \(origin)"]))
                #expect(try await client.head().hasPrefix("HTTP/1.1 403 "))
            }
            let line = desk.test.logs.lines.first { $0.message == "websocket refused" }
            #expect(line?.metadata["origin"].map { "\($0)" }?.contains(origin) == true)
        }
    }

    @Test func `the desk's own page and programs without an Origin open one`() async throws {
        try await TestDesk.live { desk in
            try await Tab.open(desk, headers: ["Origin: http://localhost"]) { tab async throws in
                #expect(try await tab.next()["type"] == "connected")
            }
            try await Tab.greeted(desk) { _ in }
        }
    }

    @Test func `a name that was made to resolve to this machine is refused, for sockets and for requests`() async throws
    {
        try await TestDesk.live { desk in
            try await RawClient.with(port: desk.port) { client in
                let headers = ["Origin: http://evil.example:8000"]
                try await client.send(Tab.handshake("/ws", headers: headers, host: "evil.example:8000"))
                #expect(try await client.head().hasPrefix("HTTP/1.1 403 "))
            }
            try await RawClient.with(port: desk.port) { client in
                try await client.send("GET /api/v1/snapshot HTTP/1.1\r\nHost: evil.example:8000\r\n\r\n")
                #expect(try await client.head().hasPrefix("HTTP/1.1 403 "))
            }
        }
    }

    @Test func `a full desk says so by 4003, and has room again when a tab leaves`() async throws {
        try await TestDesk.live({ $0.limits.connectionsMax = 2 }) { desk in
            try await Tab.greeted(desk) { _ in
                try await Tab.greeted(desk, "/ws?as=alice") { tab in
                    try await Tab.open(desk, "/ws?as=bob") { late in
                        let closing = try await late.closing()
                        #expect(closing.code == 4003 && closing.reason.contains("2 tabs"))
                    }
                    try await Self.leave(&tab)
                }
                try await Tab.greeted(desk, "/ws?as=bob") { _ in }
            }
        }
    }

    @Test func `one user cannot take all the room`() async throws {
        try await TestDesk.live({ $0.limits.connectionsPerUserMax = 1 }) { desk in
            try await Tab.greeted(desk, "/ws?as=alice") { tab in
                try await Tab.open(desk, "/ws?as=alice") { tab async throws in
                    #expect(try await tab.closing().code == 4003)
                }
                try await Tab.greeted(desk, "/ws?as=bob") { _ in }
                try await Tab.greeted(desk) { _ in }
                try await Self.leave(&tab)
            }
            try await Tab.greeted(desk, "/ws?as=alice") { _ in }
        }
    }

    @Test func `a store that does not answer keeps nobody out, nor who missed nothing`() async throws {
        try await TestDesk.live({ $0.noticesBefore = 2 }) { desk in
            desk.test.store.reads(fail: true)
            try await Tab.greeted(desk) { _ in }
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=2") { tab async throws in
                #expect(try await tab.next()["data"]["recovered"] == true)
            }
        }
    }

    @Test func `SEC-06 a tab that says too much is told, then closed by 4002`() async throws {
        try await TestDesk.live({ $0.limits.session.messagesPerMinuteMax = 3 }) { desk in
            try await Tab.greeted(desk) { tab in
                for _ in 0..<4 { try await tab.say(#"{"type":"ping"}"#) }
                let messages = try await tab.next(4)
                #expect(messages.map { $0["type"].text } == ["pong", "pong", "pong", "error"])
                #expect(messages[3]["code"] == "rate_limited")
                #expect(try await tab.closing().code == 4002)
            }
        }
    }

    private static let violations: [(frame: ClientFrame, code: UInt16)] = [
        (.binary([1]), 1003), (.text(String(repeating: "x", count: 65_537)), 1009),
        (ClientFrame(opcode: 1, payload: [0xFF]), 1007),
        (ClientFrame(opcode: 1, payload: [0x7B], isMasked: false), 1002), (ClientFrame(opcode: 3, payload: []), 1002),
    ]

    @Test(arguments: violations)
    func `what is no message of the protocol ends this connection and no other`(_ frame: ClientFrame, _ code: UInt16)
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { other in
                try await Tab.greeted(desk) { tab in
                    try await tab.send(frame)
                    #expect(try await tab.closing().code == code)
                }
                _ = try await desk.caller.signal()
                #expect(try await other.next()["type"] == "signal:new")
            }
        }
    }

    /// Leaves properly: when the server has ended the connection it has given the room back.
    private static func leave(_ tab: inout Tab) async throws {
        try await tab.send(.close(code: 1000))
        _ = try await tab.rest()
    }
}
