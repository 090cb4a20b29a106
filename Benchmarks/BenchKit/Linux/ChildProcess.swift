import Foundation
package import Glibc
import Synchronization

/// A server as a process of its own, on cores of its own. It ends with this object, or with this process.
///
/// Its standard input stays open as long as this process lives, so that a child may end itself when it is closed.
package final class ChildProcess {
    package let pid: pid_t
    private let input: Int32
    private let output: Int32
    private var hasEnded = false

    /// - Parameters:
    ///   - cores: those the child may use; `nil` leaves it where this process is.
    ///   - errorsPath: where its standard error goes.
    package init(_ arguments: [String], cores: [Int]?, errorsPath: String) throws(SystemFault) {
        let (childInput, input) = try Self.pipe()
        let (output, childOutput) = try Self.pipe()
        defer {
            close(childInput)
            close(childOutput)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, childInput, 0)
        posix_spawn_file_actions_adddup2(&actions, childOutput, 1)
        posix_spawn_file_actions_addopen(&actions, 2, errorsPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)

        let own = Cores.available
        if let cores { try Cores.pin(to: cores) }
        var pid: pid_t = 0
        let words = arguments.map { strdup($0) } + [nil]
        let environment = Self.environment.map { strdup($0) } + [nil]
        let code = posix_spawn(&pid, arguments[0], &actions, nil, words, environment)
        for word in words + environment { free(word) }
        if cores != nil { try Cores.pin(to: own) }
        guard code == 0 else {
            close(input)
            close(output)
            throw SystemFault(what: "starting \(arguments[0])", code: code)
        }
        self.pid = pid
        self.input = input
        self.output = output
        Children.add(pid)
    }

    deinit { kill() }

    /// The next line it prints; `nil` when it prints none in time, or has ended.
    package func line(withinSeconds secondsMax: Double) -> String? {
        let deadlineNs = Moment.nowNs + UInt64(secondsMax * 1e9)
        var line: [UInt8] = []
        while Moment.nowNs < deadlineNs {
            var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            guard read(output, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    /// SIGKILL: it gets no chance to tidy up. Returns when it is gone.
    package func kill() {
        guard !hasEnded else { return }
        hasEnded = true
        Glibc.kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        Children.remove(pid)
        close(input)
        close(output)
    }

    /// Without settings of the desk: every run measures the same one.
    private static var environment: [String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("COUNTERSIGN_") }.map { "\($0.key)=\($0.value)" }
    }

    private static func pipe() throws(SystemFault) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw .last("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// The children that live, so that none outlives this process when it is told to stop.
package enum Children {
    private static let pidsMax = 16
    /// Fixed places, read by a signal handler, which may take no lock.
    private static let pids = (0..<pidsMax).map { _ in Box() }

    private final class Box: Sendable { let pid = Atomic<pid_t>(0) }

    /// SIGINT and SIGTERM end the children, then this process.
    package static func endWithThisProcess() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                for box in Children.pids {
                    let pid = box.pid.load(ordering: .relaxed)
                    if pid != 0 { Glibc.kill(pid, SIGKILL) }
                }
                _exit(128 + number)
            }
        }
        _ = pids.count
    }

    static func add(_ pid: pid_t) {
        for box in pids where box.pid.compareExchange(expected: 0, desired: pid, ordering: .relaxed).exchanged {
            return
        }
    }

    static func remove(_ pid: pid_t) {
        for box in pids where box.pid.compareExchange(expected: pid, desired: 0, ordering: .relaxed).exchanged {
            return
        }
    }
}
