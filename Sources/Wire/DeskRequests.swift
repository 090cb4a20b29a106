package import Domain

/// The body of `POST /api/v1/desk/stop` and of what people tell sessions; none at all is one that says nothing: a hurried hand
/// need not.
package struct StopRequest: Hashable, Sendable {
    package let reason: String?
    /// Who the body says asks; believed only when it is who the request is from.
    package let userID: UserName?

    package static func parse(_ bytes: some Collection<UInt8>) throws(InvalidRequest) -> StopRequest {
        guard !bytes.isEmpty else { return StopRequest(reason: nil, userID: nil) }
        return try RequestBody.parse(bytes, example: #"{"reason":"the feed is wrong"}"#) { body in
            // An empty field of a form is no reason.
            let reason =
                body.object["reason"] == .string("")
                ? nil : body.optional("reason", as: Read.note(charactersMax: Note.charactersMax, bytesMax: 1600))
            return StopRequest(reason: reason, userID: body.optional("user_id", as: Read.user))
        }
    }
}

/// The body of `POST /api/v1/desk/resume`; none at all resumes from whatever stop there is.
package struct ResumeRequest: Hashable, Sendable {
    /// The stop that was on the screen.
    package let stop: DecisionID?
    /// Who the body says asks; believed only when it is who the request is from.
    package let userID: UserName?

    package static func parse(_ bytes: some Collection<UInt8>) throws(InvalidRequest) -> ResumeRequest {
        guard !bytes.isEmpty else { return ResumeRequest(stop: nil, userID: nil) }
        return try RequestBody.parse(bytes, example: #"{"stop_id":"…"}"#) { body in
            ResumeRequest(
                stop: body.optional("stop_id", as: Read.line(charactersMax: 128)).map { DecisionID($0) },
                userID: body.optional("user_id", as: Read.user)
            )
        }
    }
}
