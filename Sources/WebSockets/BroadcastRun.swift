/// Messages that go out to the connections of one event loop together. Event-loop-bound.
///
/// Connections that get the same forms of the same messages get the same bytes but for the numbers: so the frames are
/// joined once, and per connection only the numbers are overwritten before the write.
package final class BroadcastRun {
    package static let messagesMax = 64
    /// What differs between connections beside the numbers is where in the shared stream they are, and what they want to
    /// hear. Beyond so many ways the frames are joined anew.
    private static let joinedMax = 8

    private let messages: [PreparedMessage]
    private var joined: [JoinedFrames] = []
    /// Asked for every connection; see `OutboundLanes.lanes`.
    @exclusivity(unchecked)
    private var last: JoinedFrames?

    package init(_ messages: [PreparedMessage]) {
        precondition(messages.count <= Self.messagesMax, "a run's messages are named by the bits of a word")
        self.messages = messages
    }

    /// The joined frames for a connection.
    ///
    /// - Parameters:
    ///   - wanted: bit by bit, which of the messages it gets.
    ///   - place: the ordinal of the shared stream that it can follow next; 0 for none.
    func frames(wanted: UInt64, taking compression: OutboundCompression, place: UInt64) -> JoinedFrames {
        let key = JoinedFrames.Key(wanted: wanted, compression: compression, place: place)
        if let last, last.key == key { return last }
        if let known = joined.first(where: { $0.key == key }) {
            last = known
            return known
        }
        let new = join(key)
        if joined.count == Self.joinedMax { joined.removeFirst() }
        joined.append(new)
        last = new
        return new
    }

    func forEach(_ wanted: UInt64, _ body: (PreparedMessage) -> Void) {
        var rest = wanted
        while rest != 0 {
            body(messages[rest.trailingZeroBitCount])
            rest &= rest - 1
        }
    }

    private func join(_ key: JoinedFrames.Key) -> JoinedFrames {
        var place = key.place
        var frames: [NumberedFrame] = []
        forEach(key.wanted) { frames.append(key.compression.frame(of: $0, place: &place)) }
        return JoinedFrames(key, frames, placeAfter: place)
    }
}

/// Frames in the order in which they go out, as one piece of memory. Event-loop-bound.
final class JoinedFrames {
    struct Key: Hashable {
        let wanted: UInt64
        let compression: OutboundCompression
        let place: UInt64
    }

    let key: Key
    let placeAfter: UInt64
    /// Written for every connection; see `OutboundLanes.lanes`.
    @exclusivity(unchecked)
    private(set) var bytes: [UInt8] = []
    private var fields: [NumberField] = []

    init(_ key: Key, _ frames: [NumberedFrame], placeAfter: UInt64) {
        self.key = key
        self.placeAfter = placeAfter
        bytes.reserveCapacity(frames.reduce(0) { $0 + $1.bytes.count })
        fields.reserveCapacity(frames.count)
        for frame in frames {
            fields.append(frame.field.moved(by: bytes.count))
            bytes += frame.bytes
        }
    }

    /// Numbers the frames from `first` on.
    func number(from first: Int) {
        bytes.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            var number = first
            for field in fields {
                field.write(NumberField.places(for: number), into: start)
                number += 1
            }
        }
    }
}
