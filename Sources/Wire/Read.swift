import Domain
import Foundation

/// How one JSON value becomes one of the desk's values (docs/Protocol.md, "Values").
enum Read {
    /// 2^53 − 1: the largest integer every reader of JSON keeps exactly.
    static let integerMax = 9_007_199_254_740_991

    static func text(_ value: JSONValue) throws(Mismatch) -> String {
        guard case .string(let text) = value else { throw Mismatch("must be a text, not \(value.kind)") }
        return text
    }

    /// One line of harmless text.
    static func line(charactersMax: Int) -> (JSONValue) throws(Mismatch) -> String {
        { value throws(Mismatch) in
            guard let line = Line(try text(value), charactersMax: charactersMax) else {
                throw Mismatch("must be one line of 1 to \(charactersMax) characters without control characters")
            }
            return line.text
        }
    }

    /// Harmless text with line breaks.
    /// - Parameter bytesMax: Of its JSON form, so that every message stays below 10 KB (ENV-09).
    static func note(charactersMax: Int, bytesMax: Int) -> (JSONValue) throws(Mismatch) -> String {
        { value throws(Mismatch) in
            guard let note = Note(try text(value), charactersMax: charactersMax) else {
                throw Mismatch(
                    "must be 1 to \(charactersMax) characters without control characters other than line breaks"
                )
            }
            // A byte of text takes at most six of JSON, so most texts need not be written to be measured.
            guard note.text.utf8.count * 6 <= bytesMax || jsonBytes(note.text) <= bytesMax else {
                throw Mismatch("must fit into \(bytesMax) bytes of JSON")
            }
            return note.text
        }
    }

    private static func jsonBytes(_ text: String) -> Int {
        var json = JSONWriter()
        json.string(text)
        return json.bytes.count - 2
    }

    static func symbol(_ value: JSONValue) throws(Mismatch) -> Symbol {
        guard let symbol = Symbol(try text(value)) else {
            throw Mismatch("must be 1 to 32 of the characters A–Z 0–9 . - _ / : ^ =")
        }
        return symbol
    }

    /// Of a signal; at least one, none twice.
    static func recipients(_ value: JSONValue) throws(Mismatch) -> [UserName] {
        guard case .array(let list) = value, (1...recipientsMax).contains(list.count) else {
            throw Mismatch("must be a list of 1 to \(recipientsMax) names; without it the whole desk is told")
        }
        var users: [UserName] = []
        for value in list {
            let user = try user(value)
            if !users.contains(user) { users.append(user) }
        }
        return users
    }

    static let recipientsMax = 100

    static func user(_ value: JSONValue) throws(Mismatch) -> UserName {
        guard let user = UserName(try text(value)) else {
            throw Mismatch("must be one line of 1 to 64 characters without control characters")
        }
        return user
    }

    static func side(_ value: JSONValue) throws(Mismatch) -> Side {
        guard let side = Side(spoken: try text(value)) else {
            throw Mismatch("must be one of \(Side.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return side
    }

    static func signalID(_ value: JSONValue) throws(Mismatch) -> SignalID {
        guard let id = SignalID(try text(value)) else {
            throw Mismatch("must be a UUID like \"550e8400-e29b-41d4-a716-446655440000\"")
        }
        return id
    }

    static func time(_ value: JSONValue) throws(Mismatch) -> Timestamp {
        guard let time = Timestamp(try text(value)) else {
            throw Mismatch("must be an RFC 3339 time like \"2026-01-23T10:30:00.000Z\"")
        }
        return time
    }

    static func flag(_ value: JSONValue) throws(Mismatch) -> Bool {
        guard case .bool(let flag) = value else { throw Mismatch("must be true or false, not \(value.kind)") }
        return flag
    }

    /// A decimal in quotes, or a plain JSON number read digit by digit.
    static func decimal(_ value: JSONValue) throws(Mismatch) -> Quantity {
        switch value {
        case .string(let text), .number(let text):
            guard let quantity = Quantity(text) else {
                throw Mismatch(
                    "must be a plain decimal like \"150.25\" with at most \(Quantity.integerDigitsMax) digits before "
                        + "the point and \(Quantity.fractionDigitsMax) after it"
                )
            }
            return quantity
        default: throw Mismatch("must be a plain decimal like \"150.25\", not \(value.kind)")
        }
    }

    static func positive(_ value: JSONValue) throws(Mismatch) -> Quantity {
        let quantity = try decimal(value)
        guard quantity > 0 else { throw Mismatch("must be more than 0") }
        return quantity
    }

    static func notNegative(_ value: JSONValue) throws(Mismatch) -> Quantity {
        let quantity = try decimal(value)
        guard quantity >= 0 else { throw Mismatch("must not be less than 0") }
        return quantity
    }

    /// A confidence on its way to 0–100.
    /// - Parameter scale: What the source calls certain: 100, or 1 when it says so. Never guessed (C15).
    static func confidence(scale: Int) -> (JSONValue) throws(Mismatch) -> Quantity {
        { value throws(Mismatch) in
            let quantity = try decimal(value)
            guard quantity >= 0, quantity <= (scale == 1 ? 1 : 100) else {
                throw Mismatch("must be between 0 and \(scale), as confidence_scale says")
            }
            guard scale == 1 else { return quantity }
            let fractionDigits = quantity.text.split(separator: ".").dropFirst().first?.count ?? 0
            return Quantity(quantity.value * 100, fractionDigits: max(0, fractionDigits - 2))
        }
    }

    static func count(_ value: JSONValue) throws(Mismatch) -> Int {
        guard case .number(let text) = value else { throw Mismatch("must be an integer, not \(value.kind)") }
        guard let count = Int(text), (0...integerMax).contains(count) else {
            throw Mismatch("must be an integer between 0 and \(integerMax)")
        }
        return count
    }

    /// One of the raw values of an enum, as it is written.
    static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _: Choice.Type
    ) -> (JSONValue) throws(Mismatch) -> Choice {
        { value throws(Mismatch) in
            guard let choice = Choice(rawValue: try text(value)) else {
                throw Mismatch("must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return choice
        }
    }

    static func patternType(_ value: JSONValue) throws(Mismatch) -> PatternType {
        try choice(PatternType.self)(.string(try text(value).uppercased()))
    }
}
