import Glibc

/// What the disk can do: the least that a durable post, one after another, can cost.
package enum DiskFloor {
    private static let pageBytes = 4096

    /// Appends a page and waits until it is on the disk, again and again. Returns how often in a second.
    package static func syncsPerSecond(in folder: String, seconds: Double) throws -> Double {
        let path = folder + "/disk-floor"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault.last("writing in \(folder)") }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x5A, count: pageBytes)
        let startNs = Moment.nowNs
        var count = 0
        while Moment.secondsSince(startNs) < seconds {
            guard write(descriptor, page, page.count) == page.count, fdatasync(descriptor) == 0 else {
                throw SystemFault.last("writing in \(folder)")
            }
            count += 1
        }
        return Double(count) / Moment.secondsSince(startNs)
    }
}
