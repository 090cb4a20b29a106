import Glibc

/// A keep-alive connection that posts, one request at a time.
final class Poster {
    let descriptor: Int32
    private(set) var isBusy = false
    private var number: UInt32 = 0
    private var sentNs: UInt64 = 0
    private let path: String
    /// Behind the path.
    private let head: String
    private let body = Bytes(capacity: 2048)
    private let unsent = Bytes(capacity: 4096)
    private let answer = Bytes(capacity: 4096)

    enum Received {
        /// Nothing whole.
        case nothing
        case answer(Answer)
        /// The server closed the connection between two posts, as it may.
        case closed
    }

    struct Answer {
        let number: UInt32
        let isAccepted: Bool
        let tookNs: UInt64
        /// Its start, to be shown when the message was refused.
        let text: String
    }

    init(port: UInt16, path: String) throws(SystemFault) {
        descriptor = try Socket.connect(port: port)
        self.path = path
        head = " HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\nContent-Length: "
    }

    deinit { Socket.abort(descriptor) }

    /// - Parameter path: another than the connection's own.
    func post(_ number: UInt32, to path: String? = nil, _ write: (Bytes) -> Void) throws(SystemFault) {
        body.removeAll()
        write(body)
        unsent.append("POST ")
        unsent.append(path ?? self.path)
        unsent.append(head)
        unsent.append("\(body.count)\r\n\r\n")
        unsent.append(body.bytes)
        self.number = number
        isBusy = true
        sentNs = Moment.nowNs
        try flush()
    }

    func flush() throws(SystemFault) {
        guard !unsent.isEmpty else { return }
        guard let sent = Socket.send(descriptor, unsent.bytes) else { throw .last("posting") }
        unsent.removeFirst(sent)
    }

    func receive() throws -> Received {
        let room = 16 << 10
        let count = recv(descriptor, answer.room(for: room), room, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return .nothing }
            guard isBusy else { return .closed }
            throw Load.Failure(description: "the server closed a connection instead of answering a post")
        }
        answer.wrote(count)
        guard let head = HTTPHead(startOf: answer.bytes) else { return .nothing }
        guard let status = head.status, let length = head.contentLength,
            head.value(of: "Transfer-Encoding") == nil
        else { throw Load.Failure(description: "an answer that cannot be read: \(answer.bytes.text.prefix(200))") }
        let size = head.bytes.count + length
        guard answer.count >= size else { return .nothing }
        guard isBusy, answer.count == size else {
            throw Load.Failure(description: "the server answered what nobody asked")
        }
        let isAccepted = (200..<300).contains(status)
        let text = isAccepted ? "" : String(answer.bytes.text.prefix(400))
        answer.removeAll()
        isBusy = false
        let tookNs = Moment.nowNs - sentNs
        return .answer(Answer(number: number, isAccepted: isAccepted, tookNs: tookNs, text: text))
    }
}
