/// How good a signal is, from its confidence score (GAP-13): A+ from 90, A from 85, B from 80, C from 70, D below.
package enum Grade: String, Sendable, Codable {
    case aPlus = "A+"
    case a = "A"
    case b = "B"
    case c = "C"
    case d = "D"

    /// - Parameter score: 0–100.
    package init(score: Quantity) {
        switch score {
        case 90...: self = .aPlus
        case 85...: self = .a
        case 80...: self = .b
        case 70...: self = .c
        default: self = .d
        }
    }
}
