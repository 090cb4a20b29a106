import Glibc

extension FloorServer {
    func receive(_ descriptor: Int32) {
        let connection = connections + Int(descriptor)
        guard connection.pointee.isOpen else { return }
        var have = 0
        if let unread = connection.pointee.unread {
            input.copyMemory(from: unread.bytes)
            have = unread.count
        }
        let count = recv(descriptor, input.baseAddress! + have, input.count - have, Int32(MSG_DONTWAIT))
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { hangUp(descriptor) }
            return
        }
        connection.pointee.unread = nil
        var rest = UnsafeRawBufferPointer(rebasing: input[..<(have + count)])
        while !rest.isEmpty, connection.pointee.isOpen {
            let used = connection.pointee.place < 0 ? request(rest, on: descriptor) : frame(rest, on: descriptor)
            if used == 0 { break }
            rest = rest.dropping(used)
        }
        guard connection.pointee.isOpen, !rest.isEmpty else { return }
        guard rest.count < Self.inputBytesMax else { return hangUp(descriptor) }
        let unread = Bytes(capacity: rest.count)
        unread.append(rest)
        connection.pointee.unread = unread
    }

    /// How many bytes one whole request took; 0 while it is not whole.
    private func request(_ input: UnsafeRawBufferPointer, on descriptor: Int32) -> Int {
        guard let head = HTTPHead(startOf: input) else {
            if input.count > HTTPHead.bytesMax { hangUp(descriptor) }
            return 0
        }
        if head.bytes.starts(with: "GET ") {
            upgrade(head, on: descriptor)
            return head.bytes.count
        }
        guard let length = head.contentLength, head.bytes.count + length < Self.inputBytesMax else {
            hangUp(descriptor)
            return 0
        }
        let end = head.bytes.count + length
        guard input.count >= end else { return 0 }
        publish(UnsafeRawBufferPointer(rebasing: input[head.bytes.count..<end]))
        let answer: StaticString = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        put(UnsafeRawBufferPointer(start: answer.utf8Start, count: answer.utf8CodeUnitCount), on: descriptor)
        return end
    }

    private func upgrade(_ head: HTTPHead, on descriptor: Int32) {
        guard let key = head.value(of: "Sec-WebSocket-Key") else { return hangUp(descriptor) }
        let offer = head.value(of: "Sec-WebSocket-Extensions")
        let deflates = options.deflates && offer?.firstOffset(of: "permessage-deflate") != nil
        let answer = Bytes()
        answer.append(Handshake.answer(accept: Handshake.accept(for: key.text), deflates: deflates))
        put(answer.bytes, on: descriptor)
        connections[Int(descriptor)].deflates = deflates
        connections[Int(descriptor)].place = Int32(subscriberCount)
        subscribers[subscriberCount] = descriptor
        subscriberCount += 1
    }

    /// How many bytes one whole frame of a tab took; 0 while it is not whole. Only pong is no reason to hang up.
    private func frame(_ input: UnsafeRawBufferPointer, on descriptor: Int32) -> Int {
        guard input.count >= 2 else { return 0 }
        guard input[0] & 0x0F == FrameReader.Kind.pong.rawValue, input[1] & 0x7F <= 125 else {
            hangUp(descriptor)
            return 0
        }
        let size = 6 + Int(input[1] & 0x7F)
        return input.count >= size ? size : 0
    }
}
