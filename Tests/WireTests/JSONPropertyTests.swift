import SeededRandom
import Testing

@testable import Wire

struct JSONPropertyTests {
    @Test func `what the writer writes the parser reads back`() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            let value = Self.value(depth: 0, &generator)
            var json = JSONWriter()
            json.value(value)
            #expect(try JSONParser.parse(json.bytes) == value)
        }
    }

    @Test func `no bytes make the parsers trap`() {
        var generator = SeededGenerator(seed: 2)
        let seeds = [
            #"{"type":"signal:new","data":{"symbol":"AAPL","side":"BUY","entry_price":"150.25","stop_loss":149.5}}"#,
            #"{"type":"subscribe","channels":["user:alice","prices"],"symbols":["AAPL"]}"#,
            #"[{"type":"price_update","symbol":"\u00e9\ud83d\ude00€😀","data":{"price":1e5}},[[[[{}]]]],-0.5]"#,
        ].map(bytes)
        var accepted = 0
        for round in 0..<100_000 {
            var mutant = round % 10 == 0 ? Self.noise(&generator) : seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0...4, using: &generator) { Self.mutate(&mutant, &generator) }
            if (try? JSONParser.parse(mutant)) != nil { accepted += 1 }
            if round % 10 == 1 {
                _ = try? ClientMessage.parse(mutant)
                _ = try? SourceMessage.parseEvents(mutant, Example.context)
                _ = try? SourceMessage.parseSignal(mutant, Example.context)
                _ = try? ApproveRequest.parse(mutant)
            }
        }
        #expect(accepted > 0)
    }

    private static func value(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0...(depth < 5 ? 6 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .number(number(&generator))
        case 3, 4: return .string(text(&generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in value(depth: depth + 1, &generator) }
            )
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0...20, using: &generator)).map {
                        JSONObject.Member(key: "\($0)\(text(&generator))", value: value(depth: depth + 3, &generator))
                    }
                )
            )
        }
    }

    private static func number(_ generator: inout SeededGenerator) -> String {
        let integer = String(Int64.random(in: -1_000_000...1_000_000, using: &generator))
        return Bool.random(using: &generator)
            ? integer : "\(integer).\(UInt16.random(in: 0...999, using: &generator))e-7"
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let bound: UInt32 = [0x7F, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &generator)!
            if let scalar = Unicode.Scalar(UInt32.random(in: 1...bound, using: &generator)) { text.append(scalar) }
        }
        return String(text)
    }

    private static func noise(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard let index = bytes.indices.randomElement(using: &generator) else { return }
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(Array(#"{}[]",:\u019e-. "#.utf8).randomElement(using: &generator)!, at: index)
        default: bytes.removeSubrange(index...)
        }
    }
}
