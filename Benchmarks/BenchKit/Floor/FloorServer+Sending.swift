import Glibc

// The hot path.
extension FloorServer {
    /// A tab that takes nothing while this much waits for it is hung up on.
    private static let unsentBytesMax = 16 << 20

    func publish(_ message: UnsafeRawBufferPointer) {
        messageCount += 1
        FrameWriter.append(message, isCompressed: false, to: plain)
        if options.deflates { FrameWriter.append(deflater.message(message), isCompressed: true, to: compressed) }
        if !options.joins { broadcast() }
    }

    func broadcast() {
        guard !plain.isEmpty else { return }
        let plain = plain.bytes
        let compressed = compressed.bytes
        let connections = connections
        let subscribers = subscribers
        var first = 0
        if messageCount == 3, options.fault == .drop { first = 1 }
        if messageCount == 3, options.fault == .double, subscriberCount > 0 {
            put(connections[Int(subscribers[0])].deflates ? compressed : plain, on: subscribers[0])
        }
        for index in first..<max(first, subscriberCount) {
            let descriptor = subscribers[index]
            put(connections[Int(descriptor)].deflates ? compressed : plain, on: descriptor)
        }
        self.plain.removeAll()
        self.compressed.removeAll()
    }

    @inline(__always)
    func put(_ bytes: UnsafeRawBufferPointer, on descriptor: Int32) {
        guard connections[Int(descriptor)].unsent == nil else { return keep(bytes, for: descriptor) }
        // A connection that is gone will be told by epoll.
        guard let sent = Socket.send(descriptor, bytes), sent < bytes.count else { return }
        keep(bytes.dropping(sent), for: descriptor)
    }

    /// What the kernel refused waits in its order for room.
    private func keep(_ bytes: UnsafeRawBufferPointer, for descriptor: Int32) {
        let connection = connections + Int(descriptor)
        if connection.pointee.unsent == nil {
            connection.pointee.unsent = Bytes(capacity: bytes.count * 2)
            try? poller.change(descriptor, Poller.readable | Poller.writable, key: UInt64(descriptor))
        }
        connection.pointee.unsent?.append(bytes)
        if let unsent = connection.pointee.unsent, unsent.count > Self.unsentBytesMax {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    func flush(_ descriptor: Int32) {
        let connection = connections + Int(descriptor)
        guard let unsent = connection.pointee.unsent, let sent = Socket.send(descriptor, unsent.bytes) else { return }
        unsent.removeFirst(sent)
        guard unsent.isEmpty else { return }
        connection.pointee.unsent = nil
        try? poller.change(descriptor, Poller.readable, key: UInt64(descriptor))
    }
}
