import Glibc

/// What the kernel refused, in words.
package struct SystemFault: Error, CustomStringConvertible {
    package let what: String
    package let code: Int32

    package var description: String { "\(what): \(String(cString: strerror(code)))" }

    /// Of the call that has just failed.
    static func last(_ what: String) -> SystemFault { SystemFault(what: what, code: errno) }
}
