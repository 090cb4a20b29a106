import CLinux
import Glibc

/// The least a WebSocket broadcast server can do, as a yardstick: what it costs is what the kernel's TCP costs.
///
/// One thread and one epoll set. It answers the handshake, keeps the sockets, and brings the body of each `POST` to every
/// tab as one text frame, with one `send` for each tab and message. No topics, no queues, no timers, no heartbeat; a tab
/// that says more than pong is hung up on.
package final class FloorServer {
    package struct Options: Sendable {
        /// Compress each message once, without memory of the others, for the tabs that offer it.
        package var deflates = false
        /// One `send` for each tab and round, for all messages that the round brought.
        package var joins = false
        /// A mistake in the third message, to prove that a checker finds it.
        package var fault: Fault?
        package init() {}
    }

    package enum Fault: Sendable, CaseIterable {
        /// One tab does not get it.
        case drop
        /// One tab gets it twice.
        case double
    }

    static let inputBytesMax = 1 << 20

    let options: Options
    let poller: Poller
    /// By descriptor.
    let connections: UnsafeMutablePointer<FloorConnection>
    let subscribers: UnsafeMutablePointer<Int32>
    var subscriberCount = 0
    var messageCount = 0
    let plain = Bytes(capacity: 1 << 16)
    let compressed = Bytes(capacity: 1 << 16)
    let deflater = Deflater()
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: inputBytesMax, alignment: 16)
    private let listener: Int32
    private let descriptorsMax: Int

    /// - Parameter listener: From `Socket.listen`; owned from now on.
    package init(_ options: Options, listener: Int32) throws(SystemFault) {
        self.options = options
        self.listener = listener
        poller = try Poller()
        descriptorsMax = FileLimit.raise()
        connections = .allocate(capacity: descriptorsMax)
        connections.initialize(repeating: FloorConnection(), count: descriptorsMax)
        subscribers = .allocate(capacity: descriptorsMax)
    }

    deinit {
        for descriptor in 0..<descriptorsMax { hangUp(Int32(descriptor)) }
        close(listener)
        connections.deinitialize(count: descriptorsMax)
        connections.deallocate()
        subscribers.deallocate()
        input.deallocate()
    }

    /// Serves until `stop` has something to read or is closed at its other end.
    package func run(until stop: Int32) throws {
        try poller.add(listener, Poller.readable, key: UInt64(listener))
        try poller.add(stop, Poller.readable, key: UInt64(stop))
        while true {
            for event in try poller.wait(nil) {
                let descriptor = Int32(truncatingIfNeeded: event.data.u64)
                if descriptor == stop { return }
                if descriptor == listener {
                    try acceptAll()
                    continue
                }
                if event.events & Poller.writable != 0 { flush(descriptor) }
                if event.events & (Poller.readable | Poller.ended) != 0 { receive(descriptor) }
            }
            broadcast()
        }
    }

    private func acceptAll() throws {
        while let descriptor = Socket.accept(listener) {
            guard descriptor < descriptorsMax else {
                close(descriptor)
                continue
            }
            connections[Int(descriptor)] = FloorConnection()
            connections[Int(descriptor)].isOpen = true
            try poller.add(descriptor, Poller.readable, key: UInt64(descriptor))
        }
    }

    func hangUp(_ descriptor: Int32) {
        let connection = connections + Int(descriptor)
        guard connection.pointee.isOpen else { return }
        if connection.pointee.place >= 0 {
            subscriberCount -= 1
            let last = subscribers[subscriberCount]
            subscribers[Int(connection.pointee.place)] = last
            connections[Int(last)].place = connection.pointee.place
        }
        connection.pointee = FloorConnection()
        close(descriptor)
    }
}

/// What the floor knows of a connection: little, because there are many and they are touched for every message.
struct FloorConnection {
    /// Among the subscribers; -1 while it speaks HTTP.
    var place: Int32 = -1
    var isOpen = false
    var deflates = false
    /// The start of what has not come whole; mostly none.
    var unread: Bytes?
    /// What the kernel did not take; mostly none.
    var unsent: Bytes?
}
