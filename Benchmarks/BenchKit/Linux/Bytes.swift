import CLinux
import Glibc

/// A growing run of bytes. What `bytes` points to stays valid until the next call that changes it.
///
/// A class, so that the many connections that need none pay for one reference only.
final class Bytes {
    private(set) var count = 0
    private var base: UnsafeMutableRawPointer
    private var capacity: Int

    init(capacity: Int = 512) {
        base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    var isEmpty: Bool { count == 0 }

    /// Room behind the last byte; `wrote` says how much of it was used.
    func room(for more: Int) -> UnsafeMutableRawPointer {
        if count + more > capacity {
            capacity = (count + more) * 2
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
            larger.copyMemory(from: base, byteCount: count)
            base.deallocate()
            base = larger
        }
        return base + count
    }

    func wrote(_ more: Int) { count += more }

    func append(_ other: UnsafeRawBufferPointer) {
        guard let start = other.baseAddress, !other.isEmpty else { return }
        room(for: other.count).copyMemory(from: start, byteCount: other.count)
        count += other.count
    }

    func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    func append(byte: UInt8) {
        room(for: 1).storeBytes(of: byte, as: UInt8.self)
        count += 1
    }

    func removeFirst(_ used: Int) {
        count -= used
        memmove(base, base + used, count)
    }

    func removeAll() { count = 0 }
}

extension UnsafeRawBufferPointer {
    /// Where `text` first stands in these bytes.
    func firstOffset(of text: StaticString) -> Int? {
        guard let baseAddress, let found = memmem(baseAddress, count, text.utf8Start, text.utf8CodeUnitCount) else {
            return nil
        }
        return UnsafeRawPointer(found) - baseAddress
    }

    func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        guard let baseAddress, offset + text.utf8CodeUnitCount <= count else { return false }
        return memcmp(baseAddress + offset, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    func dropping(_ used: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[used...]) }

    var text: String { String(decoding: self, as: UTF8.self) }
}
