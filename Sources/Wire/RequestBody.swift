/// Reads a request body that is one JSON object.
enum RequestBody {
    /// - Parameters:
    ///   - example: What to send, for whoever sent nothing.
    ///   - read: Answers `nil` only after it noted a fault.
    static func parse<Value>(
        _ bytes: some Sequence<UInt8>,
        example: String,
        _ read: (Fields) -> Value?
    ) throws(InvalidRequest) -> Value {
        let bytes = Array(bytes)
        guard !bytes.isEmpty else {
            throw InvalidRequest(faults: [.init("", "must not be empty: send an object like \(example)")])
        }
        let value: JSONValue
        do throws(JSONFault) { value = try JSONParser.parse(bytes) } catch { throw InvalidRequest(error) }
        guard case .object(let object) = value else {
            throw InvalidRequest(faults: [.init("", "must be an object like \(example), not \(value.kind)")])
        }
        let faults = FaultList()
        let result = read(Fields(object: object, pointer: "", faults: faults))
        try faults.throwIfAny()
        guard let result else { throw InvalidRequest(faults: [.init("", "must be an object like \(example)")]) }
        return result
    }
}
