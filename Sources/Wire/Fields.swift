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
    func required<Value: Equatable>(
        _ name: String,
        _ alias: String? = nil,
        as read: (JSONValue) throws(Mismatch) -> Value
    ) -> Value? {
        guard has(name) || alias.map(has) == true else {
            fault(name, "is required")
            return nil
        }
        return optional(name, alias, as: read)
    }

    /// What a source may say. `nil` when it is absent or null, or wrong; the fault is noted then. Two names for one thing
    /// must not contradict each other.
    func optional<Value: Equatable>(
        _ name: String,
        _ alias: String? = nil,
        as read: (JSONValue) throws(Mismatch) -> Value
    ) -> Value? {
        guard let alias, has(alias) else { return value(name, read) }
        guard has(name) else { return value(alias, read) }
        guard let named = value(name, read), let other = value(alias, read) else { return nil }
        if named != other { fault(alias, "says something else than \(name), which is another name for it") }
        return named
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

    private func value<Value>(_ name: String, _ read: (JSONValue) throws(Mismatch) -> Value) -> Value? {
        guard has(name), let value = object[name] else { return nil }
        do throws(Mismatch) {
            return try read(value)
        } catch {
            fault(name, error.detail)
            return nil
        }
    }
}

/// Why a value does not fit, to be read behind its pointer: `must be …`.
struct Mismatch: Error {
    let detail: String
    init(_ detail: String) { self.detail = detail }
}
