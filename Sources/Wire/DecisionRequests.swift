package import Domain

/// The body of an approval (GAP-02).
package struct ApproveRequest: Hashable, Sendable {
    package let status: Side
    package let note: String?
    /// The version of the signal that was on the screen.
    package let version: Int?
    /// The terms that were on the screen; without them the approval is of whatever the terms are.
    package let terms: TermsHash?
    /// A price away from the entry that was seen and is taken.
    package let acceptedPrice: Quantity?
    /// Who the body says decides; believed only when it is who the request is from.
    package let userID: UserName?
    /// For the form without a signal in its path.
    package let symbol: Symbol?

    /// - Parameter needsSymbol: True for `POST /approve`.
    package static func parse(
        _ bytes: some Sequence<UInt8>,
        needsSymbol: Bool = false
    ) throws(InvalidRequest) -> ApproveRequest {
        let example = needsSymbol ? #"{"symbol":"AAPL","status":"BUY"}"# : #"{"status":"BUY"}"#
        return try RequestBody.parse(bytes, example: example) { body in
            let click = body.click(needsSymbol: needsSymbol)
            let terms = body.optional("terms", as: Read.terms)
            let acceptedPrice = body.optional("accepted_price", as: Read.positive)
            guard let status = body.required("status", as: Read.side) else { return nil }
            return ApproveRequest(
                status: status,
                note: click.note,
                version: click.version,
                terms: terms,
                acceptedPrice: acceptedPrice,
                userID: click.userID,
                symbol: click.symbol
            )
        }
    }
}

/// The body of a rejection (GAP-02).
package struct RejectRequest: Hashable, Sendable {
    package let reason: String
    package let note: String?
    /// The version of the signal that was on the screen.
    package let version: Int?
    /// Who the body says decides; believed only when it is who the request is from.
    package let userID: UserName?
    /// For the form without a signal in its path.
    package let symbol: Symbol?

    /// - Parameter needsSymbol: True for `POST /reject`.
    package static func parse(
        _ bytes: some Sequence<UInt8>,
        needsSymbol: Bool = false
    ) throws(InvalidRequest) -> RejectRequest {
        let example = needsSymbol ? #"{"symbol":"AAPL","reason":"too late"}"# : #"{"reason":"too late"}"#
        return try RequestBody.parse(bytes, example: example) { body in
            let click = body.click(needsSymbol: needsSymbol)
            guard let reason = body.required("reason", as: Fields.note) else { return nil }
            return RejectRequest(
                reason: reason,
                note: click.note,
                version: click.version,
                userID: click.userID,
                symbol: click.symbol
            )
        }
    }
}

extension Fields {
    /// 500 characters, and no more bytes than 500 characters of any script in use have.
    fileprivate static var note: (JSONValue) throws(Mismatch) -> String {
        Read.note(charactersMax: Note.charactersMax, bytesMax: 1600)
    }

    fileprivate func click(
        needsSymbol: Bool
    ) -> (note: String?, version: Int?, userID: UserName?, symbol: Symbol?) {
        // An empty note field of a form is no note.
        let note = object["note"] == .string("") ? nil : optional("note", as: Self.note)
        let symbol = needsSymbol ? required("symbol", as: Read.symbol) : optional("symbol", as: Read.symbol)
        return (note, optional("version", as: Read.count), optional("user_id", as: Read.user), symbol)
    }
}
