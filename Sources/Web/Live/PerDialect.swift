import Synchronization
import Wire

/// What differs between dialects, each made when it is first asked for and then shared by all loops.
final class PerDialect<Value: AnyObject & Sendable>: Sendable {
    private let approvals = AtomicLazyReference<Value>()
    private let agents = AtomicLazyReference<Value>()

    /// - Parameter make: Two loops that ask at the same moment may both call it; one value is kept.
    func value(in dialect: Dialect, make: () -> Value) -> Value {
        switch dialect {
        case .approvals: approvals.load() ?? approvals.storeIfNil(make())
        case .agents: agents.load() ?? agents.storeIfNil(make())
        }
    }
}
