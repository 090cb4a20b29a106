internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A channel's socket, written to without the channel.
///
/// A write through a channel touches about as much memory as the kernel's own `send`, and a broadcast to a thousand
/// connections is all writes. So as long as the channel holds nothing that waits, bytes go straight to the kernel; what it
/// does not take goes through the channel, which waits for room. The descriptor stays the channel's, which opens, reads
/// and closes it.
///
/// To be used on the channel's event loop, while nothing waits in the channel, and only between the channel's becoming
/// active and its `channelInactive`: a channel closes its descriptor and fires `channelInactive` in one call, so that no
/// task of the loop's can come between and write into what has become somebody else's descriptor. What the channel itself
/// calls on its way down must ask ``Channel/isActive`` before.
struct DirectSocket {
    private let descriptor: CInt

    /// `nil` when the channel has no socket of its own, as in tests, or holds bytes that wait.
    init?(of channel: any Channel) {
        guard
            let waiting = try? channel.syncOptions?.getOption(.bufferedWritableBytes), waiting == 0,
            let descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self,
                { $0 }
            )
        else { return nil }
        self.descriptor = descriptor
    }

    /// How many of the bytes the kernel took; 0 too when the connection is broken, which the channel will find.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        while true {
            #if canImport(Glibc)
            let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT | MSG_NOSIGNAL))
            #elseif canImport(Musl)
            let sent = Musl.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT | MSG_NOSIGNAL))
            #else
            // Without MSG_NOSIGNAL: the channel has set SO_NOSIGPIPE.
            let sent = Darwin.send(descriptor, bytes.baseAddress, bytes.count, MSG_DONTWAIT)
            #endif
            if sent >= 0 { return sent }
            guard errno == EINTR else { return 0 }
        }
    }
}
