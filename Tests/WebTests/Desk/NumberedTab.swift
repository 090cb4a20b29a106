import Testing

/// A tab over whatever transport: every message must have the number that follows the one before (ENV-03).
protocol NumberedTab {
    /// The number that the next message must have.
    var number: Int { get set }

    /// The next message as it came.
    mutating func take() async throws -> JSON
}

extension NumberedTab {
    mutating func next() async throws -> JSON {
        let message = try await take()
        #expect(message["sequence_number"].int == number)
        number += 1
        return message
    }

    /// The next `count` messages.
    mutating func next(_ count: Int) async throws -> [JSON] {
        var messages: [JSON] = []
        for _ in 0..<count { messages.append(try await next()) }
        return messages
    }

    /// Everything up to and including the first message of this type.
    mutating func until(_ type: String) async throws -> [JSON] {
        var messages: [JSON] = []
        repeat { messages.append(try await next()) } while messages.last?["type"] != .string(type)
        return messages
    }
}
