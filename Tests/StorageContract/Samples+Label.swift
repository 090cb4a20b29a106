package import Domain

extension Event {
    /// Tells the samples apart in one word: a signal with its version, or a notice's identifier.
    package var label: String {
        if let signal { return "\(signal.id)@\(signal.version)" }
        if case .observed(.notice(let notice)) = self { return notice.id }
        return "other"
    }
}
