/// How broadcasts that were joined go out to one tab.
package enum JoinedOffer: Hashable, Sendable {
    /// The joined messages, all of them, numbered from here on.
    case joined(firstNumber: Int)
    /// One by one: which of them, bit by bit, and the number of the first.
    case apart(wanted: UInt64, firstNumber: Int)
}
