import NIOCore

/// Refuses to put an open desk on a network (C12).
package enum BindPolicy {
    package struct Refused: Error, CustomStringConvertible {
        package let host: String

        package var description: String {
            "Refusing to listen on \(host): the desk has no users, so whoever reaches it could decide under any name. "
                + "Listen on 127.0.0.1, ::1 or localhost."
        }
    }

    /// - Throws: ``Refused`` when `host` is anything but loopback and nobody has to log in.
    package static func check(host: String, hasUsers: Bool) throws(Refused) {
        guard hasUsers || isLoopback(host) else { throw Refused(host: host) }
    }

    /// Only literal loopback addresses and `localhost`: another name may resolve to anything, tomorrow if not today.
    static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return false }
        switch address {
        case .v4: return address.ipAddress?.hasPrefix("127.") == true
        case .v6: return address.ipAddress == "::1"
        case .unixDomainSocket: return false
        }
    }
}
