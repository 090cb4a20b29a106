package import NIOCore
package import NIOWebSocket

/// What stands before a frame's payload (RFC 6455 §5.2), but for the mask.
package struct FrameHead: Hashable, Sendable {
    package let opcode: WebSocketOpcode
    package let isFinal: Bool
    /// RSV1, the first frame of a compressed message (RFC 7692 §6).
    package let isCompressed: Bool
    package let payloadBytes: Int

    package init(opcode: WebSocketOpcode, isFinal: Bool, isCompressed: Bool, payloadBytes: Int) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.payloadBytes = payloadBytes
    }
}

/// Takes a client's byte stream apart into frames and hands their payload on as it arrives.
///
/// Refuses each byte of a head that cannot be right as it comes, without waiting for the next, so that how the stream was
/// cut into pieces changes nothing. Keeps no payload and, between two calls, no memory but its own. What depends on the
/// frames before (what may continue, how long a message may be) is for `InboundMachine` to judge.
package struct FrameParser {
    package enum Piece: Hashable {
        /// The length is known; the payload may be long in coming.
        case head(FrameHead)
        /// The next bytes of the payload, never none.
        case payload(MaskedBytes)
        /// The payload is complete.
        case end
    }

    private enum State {
        case start
        case length(first: FirstByte)
        case longLength(first: FirstByte, bytesLeft: Int, length: UInt64)
        case key(payloadBytes: Int, bytesLeft: Int, key: UInt32)
        case payload(bytesLeft: Int, mask: PayloadMask)
    }

    private struct FirstByte {
        let opcode: WebSocketOpcode
        let isFinal: Bool
        let isCompressed: Bool
    }

    private let allowsCompression: Bool
    private var state = State.start

    /// - Parameter allowsCompression: whether permessage-deflate was agreed on, and with it RSV1.
    package init(allowsCompression: Bool) {
        self.allowsCompression = allowsCompression
    }

    /// Takes the next piece off `bytes`; `nil` when they are used up. After an error no further call makes sense.
    package mutating func next(_ bytes: inout ByteBuffer) throws(WebSocketError) -> Piece? {
        while true {
            if case .payload(let bytesLeft, let mask) = state {
                return nextOfPayload(bytesLeft: bytesLeft, mask, &bytes)
            }
            guard let byte = bytes.readInteger(as: UInt8.self) else { return nil }
            if let head = try takeOfHead(byte) { return .head(head) }
        }
    }

    private mutating func nextOfPayload(bytesLeft: Int, _ mask: PayloadMask, _ bytes: inout ByteBuffer) -> Piece? {
        guard bytesLeft > 0 else {
            state = .start
            return .end
        }
        let count = min(bytesLeft, bytes.readableBytes)
        guard count > 0, let slice = bytes.readSlice(length: count) else { return nil }
        state = .payload(bytesLeft: bytesLeft - count, mask: mask.advanced(by: count))
        return .payload(MaskedBytes(bytes: slice, mask: mask))
    }

    private mutating func takeOfHead(_ byte: UInt8) throws(WebSocketError) -> FrameHead? {
        switch state {
        case .start:
            state = .length(first: try firstByte(byte))
        case .length(let first):
            guard byte & 0x80 != 0 else { throw Violation.unmasked }
            let length = byte & 0x7F
            guard length <= 125 || !first.opcode.isControlOpcode else { throw Violation.control }
            guard length <= 125 else {
                state = .longLength(first: first, bytesLeft: length == 126 ? 2 : 8, length: 0)
                return nil
            }
            return head(first, payloadBytes: Int(length))
        case .longLength(let first, let bytesLeft, let begun):
            // "the most significant bit MUST be 0" (RFC 6455 §5.2).
            guard bytesLeft < 8 || byte & 0x80 == 0 else { throw Violation.length }
            let length = begun << 8 | UInt64(byte)
            guard bytesLeft == 1 else {
                // "the minimal number of bytes MUST be used": of eight, one of the first six is not zero.
                guard bytesLeft != 3 || length > 0 else { throw Violation.length }
                state = .longLength(first: first, bytesLeft: bytesLeft - 1, length: length)
                return nil
            }
            guard length > 125 else { throw Violation.length }
            return head(first, payloadBytes: Int(length))
        case .key(let payloadBytes, let bytesLeft, let begun):
            let key = begun >> 8 | UInt32(byte) << 24
            state =
                bytesLeft > 1
                ? .key(payloadBytes: payloadBytes, bytesLeft: bytesLeft - 1, key: key)
                : .payload(bytesLeft: payloadBytes, mask: PayloadMask(littleEndianKey: key))
        case .payload: break
        }
        return nil
    }

    private func firstByte(_ byte: UInt8) throws(WebSocketError) -> FirstByte {
        guard byte & 0x30 == 0 else { throw Violation.reservedBit }
        guard let opcode = WebSocketOpcode(encodedWebSocketOpcode: byte & 0x0F) else { throw Violation.opcode }
        let first = FirstByte(opcode: opcode, isFinal: byte & 0x80 != 0, isCompressed: byte & 0x40 != 0)
        switch opcode {
        case .text, .binary:
            guard !first.isCompressed || allowsCompression else { throw Violation.reservedBit }
        case .continuation:
            // RSV1 belongs to the first frame of a message (RFC 7692 §6.1).
            guard !first.isCompressed else { throw Violation.reservedBit }
        case .connectionClose, .ping, .pong:
            guard !first.isCompressed else { throw Violation.reservedBit }
            guard first.isFinal else { throw Violation.control }
        default: throw Violation.opcode
        }
        return first
    }

    private mutating func head(_ first: FirstByte, payloadBytes: Int) -> FrameHead {
        state = .key(payloadBytes: payloadBytes, bytesLeft: 4, key: 0)
        return FrameHead(
            opcode: first.opcode,
            isFinal: first.isFinal,
            isCompressed: first.isCompressed,
            payloadBytes: payloadBytes
        )
    }
}
