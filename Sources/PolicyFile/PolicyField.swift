import Domain
import Yams

/// Collects what is wrong while a file is read. A class, because all fields of a file share it; it never leaves the call
/// that made it.
final class FaultSheet {
    private(set) var faults: [PolicyFault] = []

    func add(_ fault: PolicyFault) { faults.append(fault) }
}

/// A value of a policy file, with its place. Reading notes every fault and goes on: all are reported at once.
struct PolicyField {
    let node: Node
    let path: String
    let sheet: FaultSheet

    func fault(_ detail: String) {
        sheet.add(PolicyFault(line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, path: path, detail: detail))
    }

    // MARK: Objects and lists

    var isObject: Bool { if case .mapping = node { true } else { false } }

    /// The members by their keys, in the order of the file; `nil` when it is no object.
    ///
    /// - Parameter known: A key that is not one of these is a mistake; `nil` takes any.
    func members(known: Set<String>?) -> [(key: String, value: PolicyField)]? {
        guard case .mapping(let mapping) = node else {
            fault("must be a list of keys and values, not \(kind)")
            return nil
        }
        var members: [(String, PolicyField)] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                fault("has a key that is not a text")
                continue
            }
            let name = Line.shown(scalar.string)
            let field = PolicyField(node: value, path: path.isEmpty ? name : "\(path).\(name)", sheet: sheet)
            guard known?.contains(scalar.string) != false else {
                let place = PolicyField(node: key, path: field.path, sheet: sheet)
                place.fault("is not known here; known are \(known?.sorted().joined(separator: ", ") ?? "")")
                continue
            }
            members.append((scalar.string, field))
        }
        return members
    }

    /// One value, or a list of them.
    func items(max: Int) -> [PolicyField]? {
        guard case .sequence(let sequence) = node else {
            if case .scalar = node { return [self] }
            fault("must be a list, not \(kind)")
            return nil
        }
        guard (1...max).contains(sequence.count) else {
            fault("must have 1 to \(max) entries, not \(sequence.count)")
            return nil
        }
        return sequence.enumerated().map { PolicyField(node: $1, path: "\(path)[\($0)]", sheet: sheet) }
    }

    // MARK: Values

    func text(charactersMax: Int = 80) -> String? {
        guard case .scalar(let scalar) = node else {
            fault("must be a text, not \(kind)")
            return nil
        }
        guard let line = Line(scalar.string, charactersMax: charactersMax) else {
            fault("must be one line of 1 to \(charactersMax) characters without control characters")
            return nil
        }
        return line.text
    }

    func user() -> UserName? {
        text(charactersMax: 64).flatMap { UserName($0) }
    }

    func choice<Choice: RawRepresentable<String>>(_ choices: [Choice]) -> Choice? {
        guard let text = text() else { return nil }
        guard let choice = choices.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            fault("must be one of \(choices.map(\.rawValue).joined(separator: ", ")), not \(Line.quoted(text))")
            return nil
        }
        return choice
    }

    func count(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text() else { return nil }
        guard let count = Int(text), String(count) == text, range.contains(count) else {
            fault("must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(Line.quoted(text))")
            return nil
        }
        return count
    }

    func amount() -> Quantity? {
        guard let text = text() else { return nil }
        guard let amount = Quantity(text), amount >= 0 else {
            fault("must be a plain decimal of 0 or more such as 1.5, not \(Line.quoted(text))")
            return nil
        }
        return amount
    }

    /// `90s`, `10m`, `2h` or `1d`, in milliseconds.
    func duration(_ range: ClosedRange<Int64>) -> Int64? {
        guard let text = text() else { return nil }
        let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(digits), (0...100_000).contains(number),
            digits.allSatisfy(\.isNumber), range.contains(number * unit)
        else {
            let limits = "\(Self.words(range.lowerBound)) to \(Self.words(range.upperBound))"
            fault("must be a time such as 90s, 10m, 2h or 1d, from \(limits), not \(Line.quoted(text))")
            return nil
        }
        return number * unit
    }

    private static func words(_ ms: Int64) -> String {
        ms % 86_400_000 == 0 && ms > 0 ? "\(ms / 86_400_000)d" : "\(ms / 1_000)s"
    }

    private var kind: String {
        switch node {
        case .mapping: "keys and values"
        case .sequence: "a list"
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "a text"
        case .alias: "an alias"
        }
    }
}
