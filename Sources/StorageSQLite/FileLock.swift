import Foundation
import Storage
import Synchronization

/// Holds a file beside the database, so that two servers never write one log.
///
/// The operating system lets go of it when the process dies, however it dies. The file itself stays: removing it would
/// let a third process lock a new one while a second still waits on the old.
///
/// Isolation: a `Mutex` around the descriptor, so that releasing twice is harmless.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    init(path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StoreError(
                .unavailable,
                "Cannot create \(path): \(String(cString: strerror(errno))). "
                    + "The directory must exist and be writable for this user."
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw StoreError(
                .unavailable,
                "Another process\(holder) has this database open. Stop it first, or give this one another file."
            )
        }
        Self.sign(descriptor)
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor {
                // Closing is not enough: a process that is just being started has a copy of the descriptor until it runs
                // its program, and with it the lock (flock(2)).
                flock(open, LOCK_UN)
                close(open)
            }
            descriptor = nil
        }
    }

    /// Leaves the process number for whoever is refused; only a hint, so failing to write it does not matter.
    private static func sign(_ descriptor: Int32) {
        let pid = "\(getpid())\n"
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, pid, pid.utf8.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let pid = Int(String(decoding: bytes[..<count], as: UTF8.self).dropLast()) else { return "" }
        return " (process \(pid))"
    }
}
