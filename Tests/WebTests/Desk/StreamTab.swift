import SocketSupport
import Testing

/// A tab that listens to an event stream: it takes the chunks of an HTTP/1.1 answer and reads events from them as the HTML
/// Living Standard says, apart from the code under test.
struct StreamTab: NumberedTab {
    struct Event {
        /// As its lines said it; `nil` for an event without one.
        let id: String?
        /// The text of the one `data` line.
        let text: String
        let data: JSON
    }

    let head: String
    /// What an `EventSource` says when it reconnects.
    private(set) var lastEventID = ""
    private(set) var retryMs: Int?
    private(set) var commentsCount = 0
    private var client: RawClient
    private var bytes: [UInt8] = []
    private var start = 0
    private var hasEnded = false
    var number = 0

    /// Asks for a stream, checks that it is answered, and closes the connection behind `body`.
    static func open<R>(
        _ desk: LiveDesk,
        _ query: String = "",
        headers: [String] = [],
        receiveBytesMax: Int? = nil,
        _ body: (inout StreamTab) async throws -> R
    ) async throws -> R {
        try await RawClient.with(port: desk.port, receiveBytesMax: receiveBytesMax) { client in
            let lines = ["GET /api/v1/events/stream\(query) HTTP/1.1", "Host: localhost"] + headers
            try await client.send(lines.map { $0 + "\r\n" }.joined() + "\r\n")
            let head = try await client.head()
            try #require(head.hasPrefix("HTTP/1.1 200 "), "\(head)")
            var tab = StreamTab(head: head, client: client)
            return try await body(&tab)
        }
    }

    /// Opens a stream and takes its greeting.
    static func greeted<R>(
        _ desk: LiveDesk,
        _ query: String = "",
        headers: [String] = [],
        receiveBytesMax: Int? = nil,
        _ body: (inout StreamTab) async throws -> R
    ) async throws -> R {
        try await open(desk, query, headers: headers, receiveBytesMax: receiveBytesMax) { tab in
            #expect(try await tab.next()["type"] == "connected")
            return try await body(&tab)
        }
    }

    private init(head: String, client: RawClient) {
        self.head = head
        self.client = client
    }

    func header(_ name: String) -> String? {
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        return line.map { $0.drop { $0 != ":" }.dropFirst().drop { $0 == " " } }.map(String.init)
    }

    /// The message of the next event.
    mutating func take() async throws -> JSON { try #require(try await event(), "the stream has ended").data }

    /// The next event; `nil` when the answer is complete.
    mutating func event() async throws -> Event? {
        var id: String?
        var data: [String] = []
        while let line = try await line() {
            if line.isEmpty {
                guard !data.isEmpty else { continue }
                try #require(data.count == 1, "JSON is one line")
                return Event(id: id, text: data[0], data: try JSON(data[0].utf8))
            }
            let (name, value) = Self.field(line)
            switch name {
            case "": commentsCount += 1
            case "id":
                id = value
                lastEventID = value
            case "data": data.append(value)
            case "retry": retryMs = Int(value)
            default: Issue.record("a field that nobody knows: \(line)")
            }
        }
        #expect(id == nil && data.isEmpty, "the stream ended within an event")
        return nil
    }

    /// Takes what comes until a comment has come, which must be before any event.
    mutating func comment() async throws {
        let before = commentsCount
        while commentsCount == before {
            let line = try #require(try await line(), "the stream has ended")
            if line.isEmpty { continue }
            try #require(line.hasPrefix(":"), "\(line)")
            commentsCount += 1
        }
    }

    private static func field(_ line: String) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: ":") else { return (line, "") }
        let value = line[line.index(after: colon)...]
        return (String(line[..<colon]), String(value.hasPrefix(" ") ? value.dropFirst() : value))
    }

    private mutating func line() async throws -> String? {
        while true {
            if let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return String(decoding: bytes[start..<end], as: UTF8.self)
            }
            guard !hasEnded else { return nil }
            bytes.removeFirst(start)
            start = 0
            let chunk = try await chunk()
            hasEnded = chunk.isEmpty
            bytes += chunk
        }
    }

    /// RFC 9112, section 7.1; an empty one is the last.
    private mutating func chunk() async throws -> [UInt8] {
        var size: [UInt8] = []
        while !size.hasSuffix([13, 10]) {
            let byte = try await client.bytes(1)
            try #require(!byte.isEmpty, "the connection ended within the answer")
            size += byte
        }
        let count = try #require(Int(String(decoding: size.dropLast(2), as: UTF8.self), radix: 16))
        let chunk = try await client.bytes(count + 2)
        try #require(chunk.count == count + 2, "the connection ended within a chunk")
        return chunk.dropLast(2)
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
        count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
    }
}
