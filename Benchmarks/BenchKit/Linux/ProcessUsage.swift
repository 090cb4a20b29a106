import Foundation
package import Glibc

/// What a process has used, seen from outside.
package struct ProcessUsage: Sendable {
    package let cpuSeconds: Double
    package let residentBytes: Int
    /// The most that was resident at any time since it started.
    package let peakBytes: Int

    package init(of pid: pid_t) {
        // Two witnesses: the ticks count all threads, but by 10 ms; the threads' own accounts are exact to the nanosecond,
        // but those of threads that ended are gone. Both can only be too low.
        cpuSeconds = max(Self.tickSeconds(pid), Self.threadSeconds(pid))
        let pages = Self.words("/proc/\(pid)/statm").dropFirst().first.flatMap { Int($0) } ?? 0
        residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
        let peakKilobytes = Self.lines("/proc/\(pid)/status").lazy
            .filter { $0.hasPrefix("VmHWM:") }
            .compactMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } }
            .first
        peakBytes = (peakKilobytes ?? 0) * 1024
    }

    private static func tickSeconds(_ pid: pid_t) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        // The name, in brackets, may itself hold spaces; what follows begins with the third field.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return 0 }
        return Double(user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func threadSeconds(_ pid: pid_t) -> Double {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        let nanoseconds = threads.reduce(0) { sum, thread in
            sum + (words("/proc/\(pid)/task/\(thread)/schedstat").first.flatMap { Int($0) } ?? 0)
        }
        return Double(nanoseconds) / 1e9
    }

    private static func lines(_ path: String) -> [Substring] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 16_384)
        let count = fread(&text, 1, text.count, file)
        return String(decoding: text.prefix(count), as: UTF8.self).split(separator: "\n")
    }

    private static func words(_ path: String) -> [Substring] {
        // Read by hand: files of /proc say that they are empty.
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return [] }
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    }
}
