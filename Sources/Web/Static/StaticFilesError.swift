/// The page's files cannot be served at all. Thrown at start only.
package struct StaticFilesError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notADirectory
        case unreadable
        case noIndexPage
    }

    package let code: Code
    package let message: String
    package let underlying: (any Error)?

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    package var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
