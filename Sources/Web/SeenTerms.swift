import Domain
import Engine
import Wire

/// Finds the terms that a hash stands for among those that a signal has, or had once: then the desk can say field by field
/// what is different now. A hash names a content, so it does not matter that time passes before the desk decides.
struct SeenTerms {
    let desk: Desk

    /// `nil` where the desk will refuse for another reason: no such signal, or more than one.
    func terms(of hash: TermsHash, for target: Command.Target) async throws -> Terms? {
        guard let signal = try await signal(target) else { return nil }
        if TermsHash(signal.terms) == hash { return signal.terms }
        for recorded in try await desk.history(of: signal.id) {
            if let terms = recorded.event.signal?.terms, TermsHash(terms) == hash { return terms }
        }
        throw Problem(
            .termsUnknown,
            "\(signal.symbol) never had these terms. Load the signal again and look at it before you approve.",
            extensions: [.signal(signal)]
        )
    }

    private func signal(_ target: Command.Target) async throws -> Signal? {
        switch target {
        case .signal(let id): return try await desk.signal(id)
        case .symbol(let symbol):
            let pending = await desk.changes(after: .start) { $0.symbol == symbol && $0.status.isAwaitingApproval }
            return pending.signals.count == 1 ? pending.signals.first?.signal : nil
        }
    }
}

extension Command {
    /// The same decision by somebody who has seen these terms.
    func seeing(_ terms: Terms?) -> Command {
        guard case .approve(let target, let side, var click) = self else { return self }
        click.terms = terms
        return .approve(target, as: side, click)
    }
}
