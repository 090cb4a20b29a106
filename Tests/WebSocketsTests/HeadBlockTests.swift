import SeededRandom
import SocketSupport
import Testing

@testable import WebSockets

/// The one DEFLATE block that is written by hand (RFC 1951 §3.2.6), read back by zlib.
@Suite struct HeadBlockTests {
    private static let head = Array("{\"sequence_number\":".utf8)

    /// The block as a message of its own: behind it the empty block that a flush leaves.
    private func payload(_ block: HeadBlock, number: Int) -> [UInt8] {
        var payload = block.bytes
        payload.withUnsafeMutableBytes { bytes in
            block.field.write(NumberField.places(for: number), into: bytes.baseAddress!)
        }
        payload.append(block.rest.bits)
        // Three bits begin an empty stored block (RFC 1951 §3.2.4); they may not fit behind the rest.
        if block.rest.count > 5 { payload.append(0) }
        return payload
    }

    private func padded(_ number: Int) -> [UInt8] {
        let digits = Array(String(number).utf8)
        return [UInt8](repeating: UInt8(ascii: " "), count: 8 - digits.count) + digits
    }

    @Test(arguments: [0, 1, 9, 10, 99, 12_345, 9_999_999, 10_000_000, 99_999_999])
    func `a number stands right-aligned in eight places`(_ number: Int) {
        let block = HeadBlock(head: Self.head, distance: nil)
        #expect(ReferenceInflater().message(payload(block, number: number)) == Self.head + padded(number))
    }

    @Test func `a number overwrites whatever number was there`() {
        let block = HeadBlock(head: Self.head, distance: nil)
        var bytes = payload(block, number: 99_999_999)
        for number in [0, 88_888_888, 7, 12_345_678] {
            bytes.withUnsafeMutableBytes { block.field.write(NumberField.places(for: number), into: $0.baseAddress!) }
            #expect(ReferenceInflater().message(bytes) == Self.head + padded(number))
        }
    }

    @Test func `every byte can stand in a head`() {
        let all = (0...255).map { UInt8($0) }
        // One after the other, so that the places come to begin at every bit of a byte.
        for count in 0...all.count {
            for head in [Array(all.prefix(count)), Array(all.suffix(count))] {
                let block = HeadBlock(head: head, distance: nil)
                #expect(ReferenceInflater().message(payload(block, number: 42)) == head + padded(42))
            }
        }
    }

    @Test func `a head refers back to the one before, from every length and distance`() {
        var random = SeededGenerator(seed: 11)
        let distances =
            Array(300...340) + [511, 512, 513, 1_024, 1_025, 4_096, 4_097, 16_384, 16_385, 24_577, 32_767, 32_768]
        for length in Array(3...40) + [66, 67, 98, 99, 130, 131, 162, 163, 194, 195, 226, 227, 256, 257, 258] {
            let head = random.bytes(length)
            let distance = distances.randomElement(using: &random)!
            let client = ReferenceInflater()
            let history = head + random.bytes(distance - length)
            #expect(client.message(ReferenceDeflater().payload(history)) == history)
            let block = HeadBlock(head: head, distance: distance)
            #expect(block.bytes.count < 16, "it did refer back")
            #expect(client.message(payload(block, number: 5)) == head + padded(5), "\(length) at \(distance)")
        }
        for distance in distances {
            let client = ReferenceInflater()
            let history = Self.head + random.bytes(distance - Self.head.count)
            #expect(client.message(ReferenceDeflater().payload(history)) == history)
            let block = HeadBlock(head: Self.head, distance: distance)
            #expect(client.message(payload(block, number: 5)) == Self.head + padded(5), "\(distance)")
        }
    }

    @Test func `what DEFLATE cannot refer to is written out`() {
        #expect(HeadBlock(head: Self.head, distance: 32_769).bytes == HeadBlock(head: Self.head, distance: nil).bytes)
        let long = [UInt8](repeating: 7, count: 259)
        #expect(HeadBlock(head: long, distance: 300).bytes == HeadBlock(head: long, distance: nil).bytes)
        let short = Array("{\"".utf8)
        #expect(HeadBlock(head: short, distance: 300).bytes == HeadBlock(head: short, distance: nil).bytes)
    }
}
