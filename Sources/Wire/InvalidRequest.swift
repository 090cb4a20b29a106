/// A request body that cannot be used, with everything that is wrong about it.
package struct InvalidRequest: Error, Hashable, Sendable {
    package struct Fault: Hashable, Sendable {
        /// An RFC 6901 pointer to the member, for example `/2/data/entry_price`; empty for the whole body.
        package let pointer: String
        /// What is wrong about it, to be read behind the pointer: `must be a plain decimal like "150.25", not a list`.
        package let detail: String

        package init(_ pointer: String, _ detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    /// More faults are counted in ``faultsLeftOut`` and not told.
    package static let faultsMax = 20

    /// True when the body is no JSON at all.
    package let isMalformed: Bool
    package let faults: [Fault]
    package let faultsLeftOut: Int

    package init(faults: [Fault], faultsLeftOut: Int = 0) {
        isMalformed = false
        self.faults = faults
        self.faultsLeftOut = faultsLeftOut
    }

    package init(_ fault: JSONFault) {
        isMalformed = true
        faults = [Fault("", fault.description)]
        faultsLeftOut = 0
    }
}

/// Collects faults while a body is read. A class, because readers of nested objects share one list; it never leaves the
/// call that made it.
final class FaultList {
    private(set) var count = 0
    private var faults: [InvalidRequest.Fault] = []

    func add(_ pointer: String, _ detail: String) {
        count += 1
        if faults.count < InvalidRequest.faultsMax { faults.append(InvalidRequest.Fault(pointer, detail)) }
    }

    func throwIfAny() throws(InvalidRequest) {
        guard count > 0 else { return }
        throw InvalidRequest(faults: faults, faultsLeftOut: count - faults.count)
    }
}
