import Foundation
import Glibc

/// Where it was measured: figures of different machines cannot be compared, their ratios can.
package struct Machine: Sendable, Codable {
    package let processor: String
    package let cores: Int
    package let kernel: String
    package let serverCores: [Int]?
    package let loadCores: [Int]?

    package init(serverCores: [Int]?, loadCores: [Int]?) {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        processor = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
        cores = Cores.available.count
        let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        kernel = "Linux " + (release ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        self.serverCores = serverCores
        self.loadCores = loadCores
    }

    package var summary: String {
        let pinning =
            if let serverCores, let loadCores {
                "server on core \(serverCores.map(String.init).joined(separator: ",")), "
                    + "load on core \(loadCores.map(String.init).joined(separator: ","))"
            } else {
                "server and load share one core: the figures are no measure of the server"
            }
        return "\(cores) × \(processor), \(kernel); \(pinning)"
    }
}
