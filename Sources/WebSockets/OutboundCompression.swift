/// Which forms of a message a connection takes.
struct OutboundCompression: Hashable {
    /// The window of the peer; 0 for no compression.
    private let windowBits: UInt8
    /// Whether messages may refer to earlier ones, as far back as DEFLATE can.
    private let canFollow: Bool
    /// Messages shorter than this go plain, when they are not part of a shared stream.
    private let deflateBytesMin: UInt32

    init(agreement: DeflateAgreement?, deflateBytesMin: Int) {
        windowBits = agreement.map { UInt8($0.serverMaxWindowBits ?? 15) } ?? 0
        canFollow = windowBits == 15 && agreement?.serverNoContextTakeover == false
        self.deflateBytesMin = UInt32(clamping: deflateBytesMin)
    }

    /// The form to send now.
    ///
    /// - Parameter place: the ordinal of the shared stream that the connection can follow next, 0 for none; afterwards
    ///   that of the next message.
    func frame(of message: PreparedMessage, place: inout UInt64) -> NumberedFrame {
        if canFollow, let shared = message.shared {
            if shared.isFirst || shared.ordinal == place {
                place = shared.ordinal + 1
                return shared.frame
            }
            shared.waiting.wait()
        } else if place != 0 {
            // Beside the stream: uncompressed it does not enter the peer's window (RFC 7692 §7.2.3), which stays in step.
            return message.plainFrame
        }
        let (frame, isCompressed) = message.frame(
            windowBits: windowBits == 0 ? nil : Int(windowBits),
            deflateBytesMin: Int(deflateBytesMin)
        )
        if isCompressed { place = 0 }
        return frame
    }
}
