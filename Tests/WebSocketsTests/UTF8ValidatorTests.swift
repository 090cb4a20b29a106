import SeededRandom
import Testing
import WebSockets

@Suite struct UTF8ValidatorTests {
    private func isValid(_ pieces: [UInt8]...) -> Bool {
        var validator = UTF8Validator()
        for piece in pieces {
            guard piece.withUnsafeBytes({ validator.accept($0) }) else { return false }
        }
        return validator.isAtBoundary
    }

    @Test func `every scalar is valid, at every split`() {
        let samples: [UInt32] = [
            0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x10FFFF,
        ]
        for sample in samples {
            let bytes = Array(String(Unicode.Scalar(sample)!).utf8)
            for split in 0...bytes.count {
                #expect(isValid(Array(bytes[..<split]), Array(bytes[split...])), "U+\(sample) at \(split)")
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x9F, 0x80], [0xE0, 0xA0], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
            [0xE2, 0x28, 0xA1],
        ] as [[UInt8]]
    )
    func `overlong, surrogate, cut and stray bytes are refused`(_ bytes: [UInt8]) {
        #expect(!isValid(bytes))
        #expect(!isValid(Array("plain ASCII before ".utf8) + bytes))
    }

    @Test func `the first impossible byte is refused at once`() {
        var validator = UTF8Validator()
        #expect([0x61, 0xF4].withUnsafeBytes { validator.accept(UnsafeRawBufferPointer(rebasing: $0[0..<1])) })
        let begun = ([0xF4] as [UInt8]).withUnsafeBytes { validator.accept($0) }
        let impossible = ([0x90] as [UInt8]).withUnsafeBytes { validator.accept($0) }
        #expect(begun)
        #expect(!impossible)
    }

    @Test(arguments: 0..<500)
    func `random bytes are judged as the standard library judges them`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes += random.bytes(1)
            case 1: bytes += Array(repeating: 0x61, count: Int.random(in: 0...20, using: &random))
            default: bytes += Array(random.text(words: 1).utf8)
            }
        }
        let split = Int.random(in: 0...bytes.count, using: &random)
        let expected = String(validating: bytes, as: UTF8.self) != nil
        #expect(isValid(Array(bytes[..<split]), Array(bytes[split...])) == expected, "seed \(seed)")
    }
}
