/// The members of one object of a request body. Reading notes every fault and goes on: all are reported at once.
struct Fields {
    let object: JSONObject
    /// Where the object stands in the body (RFC 6901).
    let pointer: String
    let faults: FaultList

    /// What a source must say. `nil` when it is missing or wrong; the fault is noted then.
    /// - Parameter names: The name of the protocol, then its aliases.
    func required<Value>(_ names: String..., as read: (JSONValue) throws(Mismatch) -> Value) -> Value? {
        guard let member = member(names) else {
            faults.add("\(pointer)/\(names[0])", "is required")
            return nil
        }
        return value(member, read)
    }

    /// What a source may say. `nil` when it is absent or null, or wrong; the fault is noted then.
    func optional<Value>(_ names: String..., as read: (JSONValue) throws(Mismatch) -> Value) -> Value? {
        member(names).flatMap { value($0, read) }
    }

    /// The members of the object under `name`; `nil` when it is absent or no object.
    func nested(_ name: String, isRequired: Bool = false) -> Fields? {
        let read = { (value: JSONValue) throws(Mismatch) -> JSONObject in
            guard case .object(let object) = value else { throw Mismatch("must be an object, not \(value.kind)") }
            return object
        }
        guard let object = isRequired ? required(name, as: read) : optional(name, as: read) else { return nil }
        return Fields(object: object, pointer: "\(pointer)/\(name)", faults: faults)
    }

    func has(_ name: String) -> Bool {
        guard let value = object[name] else { return false }
        return value != .null
    }

    func fault(_ name: String, _ detail: String) { faults.add("\(pointer)/\(name)", detail) }

    /// The member under the first of `names` that is there. Two names for one thing must not contradict each other.
    private func member(_ names: [String]) -> (name: String, value: JSONValue)? {
        var found: (name: String, value: JSONValue)?
        for name in names {
            guard let value = object[name], value != .null else { continue }
            if let found, found.value != value {
                fault(name, "says something else than \(found.name), which is another name for it")
            }
            if found == nil { found = (name, value) }
        }
        return found
    }

    private func value<Value>(
        _ member: (name: String, value: JSONValue),
        _ read: (JSONValue) throws(Mismatch) -> Value
    ) -> Value? {
        do throws(Mismatch) {
            return try read(member.value)
        } catch {
            fault(member.name, error.detail)
            return nil
        }
    }
}

/// Why a value does not fit, to be read behind its pointer: `must be …`.
struct Mismatch: Error {
    let detail: String
    init(_ detail: String) { self.detail = detail }
}
