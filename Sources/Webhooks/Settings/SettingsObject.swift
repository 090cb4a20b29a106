import Wire

/// One object of a file of settings, read strictly: what is missing, wrong or unknown is noted with where it stands.
///
/// A class, because nested objects share one list of faults; it never leaves the call that reads the file.
final class SettingsObject {
    final class Faults {
        var list: [String] = []
    }

    /// A JSON pointer to it, from the top of the file.
    let path: String
    private let object: JSONObject
    private let faults: Faults
    private var read: Set<String> = []

    init(_ object: JSONObject, at path: String, faults: Faults) {
        self.object = object
        self.path = path
        self.faults = faults
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    func fault(_ name: String?, _ detail: String) {
        faults.list.append("\(name.map { "\(path)/\($0)" } ?? path) \(detail)")
    }

    /// Marks the member as known; notes when it is missing and must not be.
    func value(_ name: String, isRequired: Bool = false) -> JSONValue? {
        read.insert(name)
        if object[name] == nil, isRequired { fault(name, "is missing") }
        return object[name]
    }

    func text(_ name: String, isRequired: Bool = false) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard case .string(let text) = value, !text.isEmpty else {
            fault(name, "must be a text that is not empty, not \(value.kind)")
            return nil
        }
        return text
    }

    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ name: String, of _: Choice.Type) -> Choice? {
        guard let text = text(name, isRequired: true) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            fault(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return choice
    }

    func number(_ name: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let value = value(name) else { return standard }
        guard let number = Self.whole(value), range.contains(number) else {
            fault(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    func numbers(_ name: String, in range: ClosedRange<Int>, countMax: Int, default standard: [Int]) -> [Int] {
        guard let value = value(name) else { return standard }
        guard case .array(let elements) = value, elements.count <= countMax,
            case let numbers = elements.compactMap(Self.whole), numbers.count == elements.count,
            numbers.allSatisfy(range.contains)
        else {
            let bounds = "from \(range.lowerBound) to \(range.upperBound)"
            fault(name, "must be a list of at most \(countMax) whole numbers \(bounds)")
            return standard
        }
        return numbers
    }

    func texts(_ name: String) -> [String]? {
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value, !elements.isEmpty else {
            fault(name, "must be a list of texts that is not empty, not \(value.kind)")
            return nil
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else {
                fault("\(name)/\(index)", "must be a text, not \(element.kind)")
                continue
            }
            texts.append(text)
        }
        return texts
    }

    func flag(_ name: String) -> Bool {
        guard let value = value(name) else { return false }
        guard case .bool(let flag) = value else {
            fault(name, "must be true or false, not \(value.kind)")
            return false
        }
        return flag
    }

    func pointer(_ name: String, isRequired: Bool = false) -> JSONPointer? {
        guard let text = text(name, isRequired: isRequired) else { return nil }
        guard let pointer = JSONPointer(text) else {
            fault(name, "must be a JSON pointer such as /ticker")
            return nil
        }
        return pointer
    }

    func nested(_ name: String, isRequired: Bool = false) -> SettingsObject? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard case .object(let object) = value else {
            fault(name, "must be an object, not \(value.kind)")
            return nil
        }
        return SettingsObject(object, at: "\(path)/\(name)", faults: faults)
    }

    /// The members, whatever their names, as objects.
    func members() -> [(name: String, object: SettingsObject)] {
        object.members.compactMap { member in nested(member.key).map { (name: member.key, object: $0) } }
    }

    var names: [String] { object.members.map(\.key) }

    /// Notes what nobody has asked for: a word that is misspelt must not be passed over. To be called last.
    func refuseUnknown() {
        for name in names where !read.contains(name) {
            fault(name, "is not known here; known are \(read.sorted().joined(separator: ", "))")
        }
    }

    private static func whole(_ value: JSONValue) -> Int? {
        guard case .number(let text) = value else { return nil }
        return Int(text)
    }
}

@available(*, unavailable)
extension SettingsObject: Sendable {}
