package import Domain

/// The body of `POST /api/v1/signals/{id}/undo`; none at all is one that says nothing.
package struct UndoRequest: Hashable, Sendable {
    /// The version of the signal that was on the screen.
    package let version: Int?
    /// Who the body says undoes; believed only when it is who the request is from.
    package let userID: UserName?

    package static func parse(_ bytes: some Collection<UInt8>) throws(InvalidRequest) -> UndoRequest {
        guard !bytes.isEmpty else { return UndoRequest(version: nil, userID: nil) }
        return try RequestBody.parse(bytes, example: #"{"version":2}"#) { body in
            UndoRequest(
                version: body.optional("version", as: Read.count),
                userID: body.optional("user_id", as: Read.user)
            )
        }
    }
}

/// The body of `POST /api/v1/signals/{id}/extend`; none at all asks for ``ExpiryExtension/minutesDefault``.
package struct ExtendRequest: Hashable, Sendable {
    package let minutes: Int
    /// The version of the signal that was on the screen.
    package let version: Int?
    /// Who the body says extends; believed only when it is who the request is from.
    package let userID: UserName?

    package static func parse(_ bytes: some Collection<UInt8>) throws(InvalidRequest) -> ExtendRequest {
        let standard = ExpiryExtension.minutesDefault
        guard !bytes.isEmpty else { return ExtendRequest(minutes: standard, version: nil, userID: nil) }
        return try RequestBody.parse(bytes, example: #"{"minutes":5}"#) { body in
            ExtendRequest(
                minutes: body.optional("minutes", as: readMinutes) ?? standard,
                version: body.optional("version", as: Read.count),
                userID: body.optional("user_id", as: Read.user)
            )
        }
    }

    private static func readMinutes(_ value: JSONValue) throws(Mismatch) -> Int {
        let minutes = try Read.count(value)
        guard (1...ExpiryExtension.minutesMax).contains(minutes) else {
            throw Mismatch("must be between 1 and \(ExpiryExtension.minutesMax)")
        }
        return minutes
    }
}
