/// The members of one object of a request body. Reading notes every fault and goes on: all are reported at once.
struct Fields {
    let object: JSONObject
    /// Where the object stands in the body (RFC 6901).
    let pointer: String
    let faults: FaultList

    /// What a source must say. `nil` when it is missing or wrong; the fault is noted then.
    /// - Parameters:
    ///   - name: The name of the protocol.
    ///   - alias: Another name for the same.
    func required<Value>(
        _ name: String,
        _ alias: String? = nil,
        as read: (JSONValue) throws(Mismatch) -> Value
    ) -> Value? {
        guard let member = member(name, alias) else {
            fault(name, "is required")
            return nil
        }
        return value(member, read)
    }

    /// What a source may say. `nil` when it is absent or null, or wrong; the fault is noted then.
    func optional<Value>(
        _ name: String,
        _ alias: String? = nil,
        as read: (JSONValue) throws(Mismatch) -> Value
    ) -> Value? {
        member(name, alias).flatMap { value($0, read) }
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

    /// The member under `name` or, without it, under `alias`. Two names for one thing must not contradict each other.
    private func member(_ name: String, _ alias: String?) -> (name: String, value: JSONValue)? {
        let named = object[name].flatMap { $0 == .null ? nil : $0 }
        guard let alias, let other = object[alias], other != .null else { return named.map { (name, $0) } }
        guard let named else { return (alias, other) }
        if named != other { fault(alias, "says something else than \(name), which is another name for it") }
        return (name, named)
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
