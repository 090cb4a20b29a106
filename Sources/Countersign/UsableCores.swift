import Foundation

/// The cores this process may run on. Under `taskset`, or in a container bound to some, they are fewer than the machine has,
/// and event loops that share one only take turns.
enum UsableCores {
    static var count: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return count(inStatus: status) ?? ProcessInfo.processInfo.activeProcessorCount
    }

    /// From `Cpus_allowed:`, a mask in groups of hexadecimal digits (proc(5)); `nil` where there is none.
    static func count(inStatus status: String) -> Int? {
        let name = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        let count = line.dropFirst(name.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : nil
    }
}
