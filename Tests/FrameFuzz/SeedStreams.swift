import SeededRandom
import SocketSupport

/// Streams that mean something, for a fuzzer to start from. All keys are zero: it need not learn to mask.
package enum SeedStreams {
    package static let all: [[UInt8]] = {
        var random = SeededGenerator(seed: 1)
        let deflater = ReferenceDeflater()
        let text = Array("{\"type\":\"subscribe\",\"channel\":\"prices\",\"symbols\":[\"AAPL\",\"ÄPFEL 😀\"]}".utf8)
        let compressed = deflater.payload(text)
        let again = deflater.payload(text)
        let streams: [[ClientFrame]] = [
            [.text("Hel", isFinal: false), .ping([1]), .continuation(Array("lo €".utf8))],
            [.binary(Array(repeating: 7, count: 126)), .binary(Array(repeating: 7, count: 300))],
            [.binary(Array(repeating: 7, count: 70_000))],
            [.compressed(compressed), .text("between"), .compressed(again), .close(code: 1000, reason: "bye")],
            [.compressed(Array(compressed[..<9]), isFinal: false), .pong(), .continuation(Array(compressed[9...]))],
            [.compressed(deflater.payload(text, flush: 4)), .compressed(again)],
            [.compressed(ReferenceDeflater(level: 9).payload(Array(repeating: 0x61, count: 100_000)), opcode: 2)],
            [.compressed(ReferenceDeflater(windowBits: 9, level: 0).payload(text)), .ping()],
            [.compressed([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]), .compressed([0x00])],
            [.compressed(ReferenceDeflater().payload(random.text(words: 300).utf8.map { $0 }), opcode: 2)],
            [.text("", isFinal: false), .continuation([], isFinal: false), .continuation([])],
            [.close()], [.close([3])], [.init(opcode: 3, payload: [])], [.init(opcode: 1, payload: [0xF4, 0x90])],
        ]
        return streams.enumerated().map { number, frames in
            [0, UInt8(number % 8), UInt8(number)] + frames.map { with(key: [0, 0, 0, 0], $0) }.flatMap(\.wire)
        }
    }()

    static func with(key: [UInt8], _ frame: ClientFrame) -> ClientFrame {
        var frame = frame
        frame.key = key
        return frame
    }
}
