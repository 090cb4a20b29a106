internal import HTTPTypes
internal import Wire

/// The problems that HTTP itself gives rise to, before any signal is looked at.
extension Problem {
    static let nothingHere = Problem(.notFound, "There is nothing at this address. Look at its spelling.")

    static let hostForbidden = Problem(
        .originForbidden,
        "The desk does not answer under this name. Open it as http://localhost or http://127.0.0.1 with its port, or have"
            + " its administrator allow the name."
    )

    static let originForbidden = Problem(
        .originForbidden,
        "The request comes from a page of another site. Act from the desk's own page, or have the desk's administrator"
            + " allow that site's origin."
    )

    /// What broke is in the log under the request's id, and nowhere else.
    static let internalError = Problem(
        .internalError,
        "The desk failed to answer. Try again; if it fails again, its log says why."
    )

    static func methodNotAllowed(_ error: MethodNotAllowed) -> Problem {
        Problem(.methodNotAllowed, "This address answers \(error.allow) only.")
    }

    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(
            .bodyTooLarge,
            "The body is larger than \(bytesMax) bytes. Send less at a time.",
            extensions: [.value("bytes_max", .number(String(bytesMax)))]
        )
    }

    static func unsupportedMediaType(accepted: Set<BoundedBody.Format>) -> Problem {
        let names = accepted.map(\.rawValue).sorted().joined(separator: " or ")
        return Problem(
            .unsupportedMediaType,
            "The body must be UTF-8 \(names), uncompressed. Say so in Content-Type."
        )
    }

    /// An error of the HTTP library below, whose status says what is meant.
    ///
    /// - Parameter reason: a sentence for the client, where the library has one.
    init(status: HTTPResponse.Status, reason: String? = nil) {
        switch status {
        case .notFound: self = .nothingHere
        case .contentTooLarge: self.init(.bodyTooLarge, "The body is too large. Send less at a time.")
        case .unsupportedMediaType: self = .unsupportedMediaType(accepted: Set(BoundedBody.Format.allCases))
        default: self.init(.invalidRequest, reason ?? "The request cannot be read: \(status.reasonPhrase).")
        }
    }
}
