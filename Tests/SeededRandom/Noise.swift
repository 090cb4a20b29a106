/// Text that hardly compresses, in slices that do not repeat within any DEFLATE window.
package struct Noise: Sendable {
    private static let bytes = 1 << 18
    private let all: [UInt8]
    private var next = 0

    package init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var all: [UInt8] = []
        all.reserveCapacity(Self.bytes)
        while all.count < Self.bytes {
            // Six bits a byte: 0 to o, nothing that JSON escapes but the backslash.
            withUnsafeBytes(of: random.next()) { word in
                for byte in word { all.append(48 + (byte & 63) == 92 ? 91 : 48 + (byte & 63)) }
            }
        }
        self.all = all
    }

    /// - Parameter count: at most 65,536.
    package mutating func text(bytes count: Int) -> ArraySlice<UInt8> {
        if next + count > all.count { next = 0 }
        defer { next += count }
        return all[next..<next + count]
    }
}
