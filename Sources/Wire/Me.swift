package import Domain

/// Who a connection or a request is, as the server sees it.
package struct Me: Hashable, Sendable {
    /// `nil` for a connection that did not say who it is: it sees everything and decides nothing.
    package let name: UserName?
    package let role: Role

    package init(name: UserName?, role: Role) {
        self.name = name
        self.role = role
    }

    package var isNamed: Bool { name != nil }
}

extension Me: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("name", name?.text)
            json.text("role", role.rawValue)
            json.flag("named", isNamed)
        }
    }
}
