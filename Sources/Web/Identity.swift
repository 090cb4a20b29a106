import Domain
import Engine
import Hummingbird
import Wire

/// Who asks, while the desk is open: whoever they say they are (C12).
///
/// The desk is open only while it is bound to loopback and has no users; see ``BindPolicy``.
struct IdentityPolicy: Sendable {
    /// Gives people their roles; without it everybody is a trader.
    var policies: PolicyBoard?

    struct NotAName: Error {}

    /// - Parameter queryName: the value of `?as=`, percent-decoded.
    func identify(queryName: String?) -> Result<Me, NotAName> {
        guard let queryName, !queryName.isEmpty else { return .success(me(nil)) }
        guard let name = UserName(queryName) else { return .failure(NotAName()) }
        return .success(me(name))
    }

    private func me(_ name: UserName?) -> Me { Me(name: name, role: policies?.role(of: name) ?? .trader) }
}

extension DeskContext {
    /// Who asks; they may have no name.
    func me(_ request: Request, under policies: PolicyBoard? = nil) throws -> Me {
        switch IdentityPolicy(policies: policies).identify(
            queryName: request.uri.queryParameters["as"].map(String.init)
        ) {
        case .success(let me): return me
        case .failure:
            throw Problem(.invalidRequest, "as= must be a name: 1 to 64 characters on one line, no control characters.")
        }
    }

    /// Who decides; a decision needs a name.
    func decider(_ request: Request) throws -> UserName {
        guard let name = try me(request).name else {
            throw Problem.identityRequired()
        }
        return name
    }
}
