/// What the load reads of a message of the desk: just enough to check it, found without reading all of its JSON.
struct DeskMessage {
    enum Kind: Equatable { case signal, connected, resumed, other }

    let kind: Kind
    /// Of this connection; it may be padded with spaces. `nil` when the message does not begin with it.
    let sequenceNumber: Int?
    let offset: Int?
    /// Of the signal.
    let number: UInt32?
    private let text: UnsafeRawBufferPointer

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
        let start: StaticString = "{\"sequence_number\":"
        sequenceNumber = text.starts(with: start) ? Decimals.leading(text.dropping(start.utf8CodeUnitCount)) : nil
        kind = Self.kind(of: text)
        offset = Self.value(of: "\"offset\":", in: text).flatMap(Decimals.leading)
        number =
            kind == .signal ? Self.value(of: "\"id\":\"", in: text).flatMap(SignalMaker.number(ofID:)) : nil
    }

    /// Of `connected`; `nil` when it does not say.
    var epoch: String? { Self.value(of: "\"epoch\":\"", in: text).map { String($0.text.prefix { $0 != "\"" }) } }

    /// Of `resumed`.
    var isRecovered: Bool { text.firstOffset(of: "\"recovered\":true") != nil }
    var replayed: Int? { Self.value(of: "\"replayed\":", in: text).flatMap(Decimals.leading) }

    /// The first `type` in a message is its own: what stands before it are numbers.
    static func kind(of text: UnsafeRawBufferPointer) -> Kind {
        guard let value = value(of: "\"type\":\"", in: text) else { return .other }
        if value.starts(with: "signal:new\"") { return .signal }
        if value.starts(with: "connected\"") { return .connected }
        return value.starts(with: "resumed\"") ? .resumed : .other
    }

    private static func value(of name: StaticString, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        text.firstOffset(of: name).map { text.dropping($0 + name.utf8CodeUnitCount) }
    }
}
