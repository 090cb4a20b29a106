internal import Foundation

/// The host and port of a `Host` field or an origin, in one spelling: lower case, without a trailing dot, addresses in
/// their shortest form.
package struct Authority: Hashable, Sendable, CustomStringConvertible {
    private enum Address: Hashable {
        case name
        case ipv4([UInt8])
        case ipv6([UInt8])
    }

    /// An IPv6 address has its brackets.
    package let host: String
    /// nil where none was written; what that means depends on the scheme.
    package let port: Int?
    private let address: Address

    /// Reads `host`, `host:port`, `[::1]` or `[::1]:8000`; nil for anything else, user information included.
    package init?(_ text: String) {
        let hostText: Substring
        let portText: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            hostText = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            portText = rest.isEmpty ? nil : rest.dropFirst()
            guard let bytes = Self.ipv6(hostText), let shortest = Self.text(ofIPv6: bytes) else { return nil }
            host = "[\(shortest)]"
            address = .ipv6(bytes)
        } else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let name = Self.name(parts[0]) else { return nil }
            portText = parts.count == 2 ? parts[1] : nil
            host = name
            address = Self.ipv4(name).map(Address.ipv4) ?? .name
        }
        guard let portText, !portText.isEmpty else {
            port = nil
            return
        }
        guard portText.utf8.count <= 5, portText.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(portText), number <= 65_535
        else { return nil }
        port = number
    }

    /// `localhost`, 127.0.0.0/8, `::1` and the IPv4 ones in IPv6 form. Not 0.0.0.0, and not the other ways to write an
    /// IPv4 address (`127.1`, `2130706433`): browsers turn those into four numbers before they send them.
    package var isLoopback: Bool {
        switch address {
        case .name: host == "localhost"
        case .ipv4(let bytes): bytes[0] == 127
        case .ipv6(let bytes):
            bytes == [UInt8](repeating: 0, count: 15) + [1]
                || bytes.prefix(12) == [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] && bytes[12] == 127
        }
    }

    package var description: String { port.map { "\(host):\($0)" } ?? host }

    /// Letters, digits, hyphens and underscores in labels (RFC 1123, and what is met in practice); at most 253 bytes.
    private static func name(_ text: Substring) -> String? {
        let bare = text.hasSuffix(".") ? text.dropLast() : text
        let isName = bare.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        let labels = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard isName, bare.utf8.count <= 253, labels.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 63 }) else {
            return nil
        }
        return bare.lowercased()
    }

    private static func ipv4(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, text, &bytes) == 1 ? bytes : nil
    }

    private static func ipv6(_ text: Substring) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard !text.utf8.contains(0) else { return nil }
        return inet_pton(AF_INET6, String(text), &bytes) == 1 ? bytes : nil
    }

    private static func text(ofIPv6 bytes: [UInt8]) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
