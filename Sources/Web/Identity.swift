import Domain
import Hummingbird
import Wire

/// Who asks, while the desk is open: whoever they say they are (C12).
///
/// The desk is open only while it is bound to loopback and has no users; see ``BindPolicy``.
struct IdentityPolicy: Sendable {
    struct NotAName: Error {}

    /// - Parameter queryName: the value of `?as=`, percent-decoded.
    func identify(queryName: String?) -> Result<Me, NotAName> {
        guard let queryName, !queryName.isEmpty else { return .success(Me(name: nil, role: .trader)) }
        guard let name = UserName(queryName) else { return .failure(NotAName()) }
        return .success(Me(name: name, role: .trader))
    }
}

extension DeskContext {
    /// Who asks; they may have no name.
    func me(_ request: Request) throws -> Me {
        switch IdentityPolicy().identify(queryName: request.uri.queryParameters["as"].map(String.init)) {
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
