import Domain
package import Wire

/// Where in a source's own JSON each member of a signal stands.
package struct SignalMapping: Sendable {
    package enum Place: Hashable, Sendable {
        case constant(JSONValue)
        /// So long after the request arrived.
        case secondsFromNow(Int)
        case pointer(JSONPointer, Reading)
    }

    /// How a value at a pointer becomes the desk's.
    package struct Reading: Hashable, Sendable {
        /// May be missing, `null` or empty; then the signal does not say it.
        package var isOptional = false
        /// What the source says, in small letters, and what it means. All else is refused.
        package var words: [String: String]?
        package var time: TimeForm = .rfc3339
        package init() {}
    }

    package enum TimeForm: String, CaseIterable, Hashable, Sendable {
        case rfc3339
        case epochSeconds = "epoch_seconds"
        case epochMilliseconds = "epoch_milliseconds"
    }

    /// When a source says that it sent something.
    package struct SentAt: Hashable, Sendable {
        let pointer: JSONPointer
        let time: TimeForm
    }

    /// In the order in which faults are told.
    package let members: [(name: String, place: Place)]

    package init(_ members: [(name: String, place: Place)]) { self.members = members }

    /// The signal in `document`.
    ///
    /// - Throws: with pointers into the source's own document.
    package func signal(
        in document: JSONValue,
        _ context: SourceMessage.Context
    ) throws(InvalidRequest) -> SourceMessage {
        var found: [JSONObject.Member] = []
        var faults: [InvalidRequest.Fault] = []
        for (name, place) in members {
            do throws(Misfit) {
                guard let value = try Self.value(place, in: document, at: context.now) else { continue }
                found.append(JSONObject.Member(key: name, value: value))
            } catch {
                faults.append(error.fault)
            }
        }
        guard faults.isEmpty else { throw InvalidRequest(faults: faults) }
        do throws(InvalidRequest) {
            return try SourceMessage.signal(JSONObject(found), context)
        } catch {
            throw InvalidRequest(faults: error.faults.map(inSource), faultsLeftOut: error.faultsLeftOut)
        }
    }

    /// A fault of the desk's member as one of the value it was made of.
    private func inSource(_ fault: InvalidRequest.Fault) -> InvalidRequest.Fault {
        let name = fault.pointer.split(separator: "/").first.map(String.init) ?? ""
        switch members.first(where: { $0.name == name })?.place {
        case .pointer(let pointer, _):
            return InvalidRequest.Fault(pointer.description, "is taken for \(name), which \(fault.detail)")
        case .constant, .secondsFromNow:
            return InvalidRequest.Fault("", "gets its \(name) from the desk's settings, which \(fault.detail)")
        case nil:
            return InvalidRequest.Fault("", "has nothing that is mapped to \(name), which \(fault.detail)")
        }
    }

    /// `nil` when there is nothing and need not be.
    private static func value(
        _ place: Place,
        in document: JSONValue,
        at now: Timestamp
    ) throws(Misfit) -> JSONValue? {
        switch place {
        case .constant(let value): return value
        case .secondsFromNow(let seconds):
            return .string(now.advanced(byMilliseconds: Int64(seconds) * 1000).description)
        case .pointer(let pointer, let reading):
            let value = pointer.value(in: document) ?? .null
            if reading.isOptional, value == .null || value == .string("") { return nil }
            guard value != .null else { throw Misfit(pointer, "is required") }
            return try reading.read(value, at: pointer)
        }
    }
}

extension SignalMapping.TimeForm {
    /// `nil` when it is no time of this form.
    func time(_ value: JSONValue) -> Timestamp? {
        switch (self, value) {
        case (.rfc3339, .string(let text)): Timestamp(text)
        case (.epochSeconds, .number(let text)), (.epochSeconds, .string(let text)): Self.time(text, unitMs: 1_000)
        case (.epochMilliseconds, .number(let text)), (.epochMilliseconds, .string(let text)):
            Self.time(text, unitMs: 1)
        default: nil
        }
    }

    /// What a source must say.
    var words: String {
        switch self {
        case .rfc3339: #"of RFC 3339 like "2026-01-23T10:30:00Z""#
        case .epochSeconds: "in whole seconds since 1970"
        case .epochMilliseconds: "in whole milliseconds since 1970"
        }
    }

    /// Up to the year 9999, which RFC 3339 ends with.
    private static func time(_ text: String, unitMs: Int64) -> Timestamp? {
        guard let count = Int64(text), (0...253_402_300_799_999 / unitMs).contains(count) else { return nil }
        return Timestamp(milliseconds: count * unitMs)
    }
}

/// A value of the source's that cannot be the desk's.
private struct Misfit: Error {
    let fault: InvalidRequest.Fault

    init(_ pointer: JSONPointer, _ detail: String) {
        fault = InvalidRequest.Fault(pointer.description, detail)
    }
}

extension SignalMapping.Reading {
    /// Whether it fits its member is for the desk's own reader to say.
    fileprivate func read(_ value: JSONValue, at pointer: JSONPointer) throws(Misfit) -> JSONValue {
        if let words { return try word(value, of: words, at: pointer) }
        guard time != .rfc3339 else { return value }
        switch value {
        case .number, .string: break
        default: throw Misfit(pointer, "must be a time as a number, not \(value.kind)")
        }
        guard let at = time.time(value) else { throw Misfit(pointer, "must be a time \(time.words)") }
        return .string(at.description)
    }

    private func word(
        _ value: JSONValue,
        of words: [String: String],
        at pointer: JSONPointer
    ) throws(Misfit) -> JSONValue {
        guard case .string(let said) = value, let meant = words[said.lowercased()] else {
            throw Misfit(pointer, "must be one of \(words.keys.sorted().joined(separator: ", "))")
        }
        return .string(meant)
    }
}
