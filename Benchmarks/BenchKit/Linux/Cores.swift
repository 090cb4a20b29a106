import CLinux

/// Which cores this process may use. A child gets those of the moment in which it is started.
package enum Cores {
    package static var available: [Int] {
        var set = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return [] }
        return withUnsafeBytes(of: &set) { bytes in
            (0..<bytes.count * 8).filter { bytes[$0 / 8] & (1 << ($0 % 8)) != 0 }
        }
    }

    /// Keeps this thread, and what it starts from now on, on these cores.
    package static func pin(to cores: [Int]) throws(SystemFault) {
        var set = cpu_set_t()
        withUnsafeMutableBytes(of: &set) { bytes in
            for core in cores { bytes[core / 8] |= 1 << (core % 8) }
        }
        guard sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { throw .last("pinning to a core") }
    }
}
