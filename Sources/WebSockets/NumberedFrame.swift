internal import NIOWebSocket

/// A whole text frame, the same for many connections but for the number in its field. Immutable.
final class NumberedFrame: Sendable {
    let bytes: [UInt8]
    /// Counted from the start of the frame.
    let field: NumberField

    /// - Parameters:
    ///   - payload: with whatever in the places of the number.
    ///   - field: counted from the start of the payload.
    private init(payload: [UInt8], isCompressed: Bool, field: NumberField) {
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + 10)
        frame.appendFrameHead(.text, isCompressed: isCompressed, payloadBytes: payload.count)
        self.field = field.moved(by: frame.count)
        frame += payload
        bytes = frame
    }

    /// The message as it is.
    convenience init(head: [UInt8], tail: [UInt8]) {
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: NumberField.places)
        self.init(
            payload: head + spaces + tail,
            isCompressed: false,
            field: NumberField(start: head.count, coding: .ascii)
        )
    }

    /// The message compressed by itself, so that it refers to nothing before it; `nil` when that makes it no shorter.
    convenience init?(head: [UInt8], tail: [UInt8], windowBits: Int) {
        var deflater = Deflater(windowBits: windowBits)
        let (payload, field) = Self.payload(HeadBlock(head: head, distance: nil), tail, &deflater)
        guard payload.count < head.count + NumberField.places + tail.count else { return nil }
        self.init(payload: payload, isCompressed: true, field: field)
    }

    /// The message compressed with the memory of `deflater`.
    ///
    /// - Parameter distance: how long the message before it was, if there was one since the last reset.
    convenience init(head: [UInt8], tail: [UInt8], distance: Int?, deflater: inout Deflater) {
        deflater.passOver(head.count + NumberField.places)
        let (payload, field) = Self.payload(HeadBlock(head: head, distance: distance), tail, &deflater)
        self.init(payload: payload, isCompressed: true, field: field)
    }

    private static func payload(
        _ block: HeadBlock,
        _ tail: [UInt8],
        _ deflater: inout Deflater
    ) -> (bytes: [UInt8], field: NumberField) {
        var bytes = block.bytes
        tail.withUnsafeBytes { deflater.append($0, after: block.rest, to: &bytes) }
        return (bytes, block.field)
    }
}
