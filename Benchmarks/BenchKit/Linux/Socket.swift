import Glibc

/// TCP on loopback, never blocking.
package enum Socket {
    private static let backlog: Int32 = 4096

    /// - Parameter port: 0 takes any free one.
    package static func listen(port: UInt16) throws(SystemFault) -> (descriptor: Int32, port: UInt16) {
        let descriptor = try make()
        set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        var address = loopback(port)
        let isBound = withSocketAddress(&address) { bind(descriptor, $0, $1) == 0 }
        guard isBound, Glibc.listen(descriptor, backlog) == 0 else {
            let fault = SystemFault.last("listening on port \(port)")
            close(descriptor)
            throw fault
        }
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withSocketAddress(&address) { pointer, _ in getsockname(descriptor, pointer, &count) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// The first port from `first` on that nobody listens on.
    package static func freePort(from first: UInt16) throws(SystemFault) -> UInt16 {
        var fault = SystemFault(what: "looking for a free port", code: EADDRINUSE)
        for port in first...(first < 65_436 ? first + 99 : 65_535) {
            do {
                let (descriptor, _) = try listen(port: port)
                close(descriptor)
                return port
            } catch {
                fault = error
            }
        }
        throw fault
    }

    /// `nil` when nobody waits.
    static func accept(_ listener: Int32) -> Int32? {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        return descriptor
    }

    /// On its way: writable once it is connected, or refused.
    static func connect(port: UInt16) throws(SystemFault) -> Int32 {
        let descriptor = try make()
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        var address = loopback(port)
        let isUnderWay = withSocketAddress(&address) {
            Glibc.connect(descriptor, $0, $1) == 0 || errno == EINPROGRESS
        }
        guard isUnderWay else {
            let fault = SystemFault.last("connecting to port \(port)")
            close(descriptor)
            throw fault
        }
        return descriptor
    }

    /// How many bytes the kernel took; 0 when it has no room, `nil` when the connection is gone.
    @inline(__always)
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int? {
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
        if sent >= 0 { return sent }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// What went wrong on a connection; `nil` when nothing did.
    static func fault(of descriptor: Int32) -> SystemFault? {
        var code: Int32 = 0
        var count = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &count)
        return code == 0 ? nil : SystemFault(what: "the connection", code: code)
    }

    /// Closes with a reset: nothing lingers, so that tens of thousands of connections may follow each other.
    static func abort(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    private static func make() throws(SystemFault) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        return descriptor
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, name, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withSocketAddress<Result>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
