import NIOCore

#if os(Linux)
import Glibc
#endif

extension NIOCore.Channel {
    /// Bytes that the kernel has taken and the other end's kernel has not acknowledged; 0 where that cannot be asked. To be
    /// called on the channel's event loop.
    var unacknowledgedBytes: Int {
        #if os(Linux)
        // SIOCOUTQ of linux/sockios.h, which is no constant that Swift sees: the same as TIOCOUTQ, as tcp(7) says.
        let bytes = try? pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            socket in
            var bytes: CInt = 0
            return ioctl(socket, UInt(TIOCOUTQ), &bytes) == 0 ? Int(bytes) : 0
        }
        return bytes ?? 0
        #else
        return 0
        #endif
    }
}
