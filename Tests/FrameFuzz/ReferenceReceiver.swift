import NIOCore
import NIOEmbedded
import NIOWebSocket
import WebSockets

/// A receiver made of NIO's frame decoder and zlib alone, which waits for whole frames before it judges them.
///
/// It is written to be obvious, not fast. What it accepts must be accepted with the same content; where it fails, so must
/// the machine, though maybe earlier.
struct ReferenceReceiver {
    private let setting: InboundSetting
    private var accepted: [InboundMachine.Action] = []
    /// The codes it may fail with, once it has failed.
    private var failure: [WebSocketCloseCode]?
    private var isClosed = false
    private var message: ReferenceMessage?
    private let inflater: ReferenceWindow?

    init(_ setting: InboundSetting) {
        self.setting = setting
        inflater = setting.agreement.map { _ in ReferenceWindow() }
    }

    /// How the actions of the machine differ, or `nil`.
    consuming func disagreement(with actions: [InboundMachine.Action], on stream: [UInt8]) -> String? {
        let isWhole = receive(stream)
        var ours = actions
        var code: WebSocketCloseCode?
        if case .fail(let error)? = ours.last {
            code = error.closeCode
            ours.removeLast()
        }
        guard ours == accepted else { return "accepted \(ours), but the reference \(accepted)" }
        if let failure {
            guard let code, failure.contains(code) else {
                return "\(String(describing: code)), but the reference fails with one of \(failure)"
            }
        } else if let code, isWhole || isClosed {
            return "fails with \(code), but the reference finds nothing wrong"
        }
        return nil
    }

    /// Whether the stream ended with a frame's end.
    private mutating func receive(_ stream: [UInt8]) -> Bool {
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: setting.wireBytesMax))
        )
        let isDecoded = (try? channel.writeInbound(ByteBuffer(bytes: stream))) != nil
        var position = 0
        while let frame = try? channel.readInbound(as: WebSocketFrame.self), failure == nil, !isClosed {
            let head = FrameForm(at: position, in: stream)
            position += head.bytes + frame.length
            if head.isLongerThanNeeded {
                failure = [.protocolError]
            } else {
                take(frame)
            }
        }
        // What the decoder refuses: a frame too big, or a control frame that is fragmented or long.
        if !isDecoded, failure == nil, !isClosed { failure = [.protocolError, .messageTooBig] }
        _ = try? channel.finish()
        return position == stream.count
    }

    private mutating func take(_ frame: WebSocketFrame) {
        guard frame.maskKey != nil, !frame.rsv2, !frame.rsv3 else { return fail(.protocolError) }
        let payload = Array(frame.unmaskedData.readableBytesView)
        switch frame.opcode {
        case .ping, .pong, .connectionClose:
            guard !frame.rsv1 else { return fail(.protocolError) }
            takeControl(frame.opcode, payload)
        case .text, .binary:
            guard message == nil, !frame.rsv1 || inflater != nil else { return fail(.protocolError) }
            message = ReferenceMessage(isText: frame.opcode == .text, isCompressed: frame.rsv1)
            takeData(payload, isLast: frame.fin)
        case .continuation:
            guard message != nil, !frame.rsv1 else { return fail(.protocolError) }
            takeData(payload, isLast: frame.fin)
        default: fail(.protocolError)
        }
    }

    private mutating func takeControl(_ opcode: WebSocketOpcode, _ payload: [UInt8]) {
        switch opcode {
        case .ping: accepted.append(.ping(ByteBuffer(bytes: payload)))
        case .pong: accepted.append(.pong(ByteBuffer(bytes: payload)))
        default:
            do throws(WebSocketError) {
                accepted.append(.close(try ClosePayload(parsing: ByteBuffer(bytes: payload))))
                isClosed = true
            } catch {
                fail(error.closeCode)
            }
        }
    }

    private mutating func takeData(_ payload: [UInt8], isLast: Bool) {
        guard var message = message.take() else { return }
        message.fragments += 1
        message.wireBytes += payload.count
        let limit = message.isCompressed ? setting.wireBytesMax : setting.messageBytesMax
        guard message.fragments <= setting.fragmentsMax, message.wireBytes <= limit else {
            return fail(.messageTooBig)
        }
        if message.isCompressed, let inflater {
            let verdict = inflater.inflate(payload, isLast: isLast, into: &message, bytesMax: setting.messageBytesMax)
            // Which of several faults of one frame comes first is not the reference's to say.
            guard verdict else { return fail(.invalidPayload, .messageTooBig) }
            if isLast, setting.agreement?.clientNoContextTakeover == true { inflater.forget() }
        } else {
            message.content += payload
        }
        if message.isText, !message.isTextSoFar(isWhole: isLast) { return fail(.invalidPayload) }
        guard isLast else {
            self.message = message
            return
        }
        let content = ByteBuffer(bytes: message.content)
        accepted.append(message.isText ? .text(content) : .binary(content))
    }

    private mutating func fail(_ codes: WebSocketCloseCode...) {
        failure = codes
    }
}

/// How a frame's head is written, which NIO's decoder does not tell.
private struct FrameForm {
    let bytes: Int
    let isLongerThanNeeded: Bool

    init(at start: Int, in stream: [UInt8]) {
        let mask = stream[start + 1] & 0x80 == 0 ? 0 : 4
        let long = stream[(start + 2)...]
        switch stream[start + 1] & 0x7F {
        case 126:
            bytes = 4 + mask
            isLongerThanNeeded = long.prefix(2).reduce(0) { $0 << 8 | Int($1) } < 126
        case 127:
            bytes = 10 + mask
            isLongerThanNeeded = long.prefix(8).reduce(0) { $0 << 8 | Int($1) } < 65_536
        default:
            bytes = 2 + mask
            isLongerThanNeeded = false
        }
    }
}
