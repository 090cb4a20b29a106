import CLinux
import Glibc

/// One epoll set with room for what it reports. For one thread.
final class Poller {
    static let readable = EPOLLIN.rawValue
    static let writable = EPOLLOUT.rawValue
    /// The other side has closed, wholly or half, or the connection broke.
    static let ended = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
    /// Reported when something changed instead of as long as it is so.
    static let onChange = EPOLLET.rawValue

    private static let eventsMax = 1024

    private let descriptor: Int32
    private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: eventsMax)

    init() throws(SystemFault) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .last("epoll") }
    }

    deinit {
        close(descriptor)
        events.deallocate()
    }

    func add(_ watched: Int32, _ interest: UInt32, key: UInt64) throws(SystemFault) {
        try control(EPOLL_CTL_ADD, watched, interest, key)
    }

    func change(_ watched: Int32, _ interest: UInt32, key: UInt64) throws(SystemFault) {
        try control(EPOLL_CTL_MOD, watched, interest, key)
    }

    /// What is ready now or within the time; nothing when the time is over.
    /// - Parameter waitNs: `nil` waits for ever.
    func wait(_ waitNs: UInt64?) throws(SystemFault) -> UnsafeBufferPointer<epoll_event> {
        let ready: Int32
        if let waitNs {
            var time = timespec(tv_sec: Int(waitNs / 1_000_000_000), tv_nsec: Int(waitNs % 1_000_000_000))
            ready = epoll_pwait2(descriptor, events, Int32(Self.eventsMax), &time, nil)
        } else {
            ready = epoll_wait(descriptor, events, Int32(Self.eventsMax), -1)
        }
        guard ready >= 0 || errno == EINTR else { throw .last("epoll") }
        return UnsafeBufferPointer(start: events, count: max(0, Int(ready)))
    }

    private func control(_ what: Int32, _ watched: Int32, _ interest: UInt32, _ key: UInt64) throws(SystemFault) {
        var event = epoll_event(events: interest, data: epoll_data_t(u64: key))
        guard epoll_ctl(descriptor, what, watched, &event) == 0 else { throw .last("epoll_ctl") }
    }
}
