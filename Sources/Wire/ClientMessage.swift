package import Domain

/// What a tab says over its socket.
package enum ClientMessage: Hashable, Sendable {
    /// - Parameter symbols: What `prices` is to cover; `nil` is every symbol. Meaningless without that channel.
    case subscribe([Channel], symbols: [Symbol]?)
    case unsubscribe([Channel])
    case subscribeSymbol(Symbol)
    case unsubscribeSymbol(Symbol)
    case ping
    /// The tab has every critical message of the log up to here.
    case acknowledge(Offset)
    /// What the tab shows for deciding; `nil` is nothing.
    case looking(SignalID?)

    package static let channelsMax = 32
    package static let symbolsMax = 200
}

/// Why a message of a tab was not understood. It is answered with `error`; the connection stays (CLI-06).
package struct ClientMessageFault: Error, Hashable, Sendable {
    package let code: ClientErrorCode
    package let text: String

    package init(_ code: ClientErrorCode, _ text: String) {
        self.code = code
        self.text = text
    }
}

extension ClientMessage {
    package static func parse(_ bytes: some Sequence<UInt8>) throws(ClientMessageFault) -> ClientMessage {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ClientMessageFault(.malformedMessage, "The message is not JSON. \(error)")
        }
        guard case .object(let message) = value else {
            throw malformed("A message is a JSON object, not \(value.kind).")
        }
        guard case .string(let type) = message["type"] else { throw malformed("The message has no type.") }
        switch type {
        case "subscribe":
            let channels = try channels(message)
            return .subscribe(channels, symbols: try symbols(message, channels))
        case "unsubscribe":
            let channels = try channels(message)
            guard isAbsent(message["symbols"]) else {
                throw malformed("unsubscribe leaves whole channels. For one symbol send unsubscribe_symbol.")
            }
            return .unsubscribe(channels)
        case "subscribe_symbol": return .subscribeSymbol(try symbol(named(in: message)))
        case "unsubscribe_symbol": return .unsubscribeSymbol(try symbol(named(in: message)))
        case "subscribe_city_state": return .subscribe([.cityState], symbols: nil)
        case "unsubscribe_city_state": return .unsubscribe([.cityState])
        case "ping": return .ping
        case "looking": return .looking(try lookedAt(message["signal_id"]))
        case "ack": return .acknowledge(try offset(message["offset"]))
        default: throw ClientMessageFault(.unknownType, "Unknown type: \(Line.shown(type))")
        }
    }

    /// Both documented forms, `channel` and `channels`, without repetition (C5).
    private static func channels(_ message: JSONObject) throws(ClientMessageFault) -> [Channel] {
        var values: [JSONValue] = []
        if let one = message["channel"], one != .null { values.append(one) }
        switch message["channels"] {
        case nil, .null: break
        case .array(let list): values += list
        case .some(let other): throw malformed("channels must be a list of texts, not \(other.kind).")
        }
        guard !values.isEmpty else { throw malformed("The message names no channel.") }
        guard values.count <= channelsMax else {
            throw malformed("At most \(channelsMax) channels fit into one message.")
        }
        var channels: [Channel] = []
        for value in values {
            guard case .string(let text) = value else { throw malformed("A channel is a text, not \(value.kind).") }
            guard let channel = Channel(text) else {
                throw ClientMessageFault(.unknownChannel, "Unknown channel: \(Line.shown(text))")
            }
            if !channels.contains(channel) { channels.append(channel) }
        }
        return channels
    }

    private static func symbols(
        _ message: JSONObject,
        _ channels: [Channel]
    ) throws(ClientMessageFault) -> [Symbol]? {
        guard let value = message["symbols"], value != .null else { return nil }
        guard channels.contains(.prices) else { throw malformed("symbols goes with the channel prices only.") }
        guard case .array(let list) = value else {
            throw malformed("symbols must be a list of texts, not \(value.kind).")
        }
        guard list.count <= symbolsMax else { throw malformed("At most \(symbolsMax) symbols fit into one message.") }
        var symbols: [Symbol] = []
        for value in list {
            let symbol = try symbol(value)
            if !symbols.contains(symbol) { symbols.append(symbol) }
        }
        return symbols
    }

    /// Document 2 nests whatever it says under `data`.
    private static func named(in message: JSONObject) -> JSONValue? {
        isAbsent(message["symbol"]) ? message["data"]?["symbol"] : message["symbol"]
    }

    private static func symbol(_ value: JSONValue?) throws(ClientMessageFault) -> Symbol {
        guard let value, value != .null else { throw malformed("The message names no symbol.") }
        guard case .string(let text) = value else { throw malformed("A symbol is a text, not \(value.kind).") }
        guard let symbol = Symbol(text) else {
            throw ClientMessageFault(.invalidSymbol, "Not a symbol: \(Line.shown(text))")
        }
        return symbol
    }

    private static func offset(_ value: JSONValue?) throws(ClientMessageFault) -> Offset {
        guard let value, let offset = try? Read.count(value) else {
            throw malformed("ack names the last offset that was applied: {\"type\":\"ack\",\"offset\":4712}.")
        }
        return Offset(Int64(offset))
    }

    private static func lookedAt(_ value: JSONValue?) throws(ClientMessageFault) -> SignalID? {
        if value == .null { return nil }
        guard let value, let signal = try? Read.signalID(value) else {
            throw malformed("looking names a signal, or null: {\"type\":\"looking\",\"signal_id\":null}.")
        }
        return signal
    }

    private static func isAbsent(_ value: JSONValue?) -> Bool { value == nil || value == .null }

    private static func malformed(_ text: String) -> ClientMessageFault { ClientMessageFault(.malformedMessage, text) }
}
