import Foundation

/// Numbers for people: three or four digits that matter, thousands apart.
package enum NumberText {
    /// `1,234,567`, `123`, `12.3`, `1.23`.
    package static func measured(_ value: Double) -> String {
        switch abs(value) {
        case 1000...: grouped(value)
        case 100...: fixed(value, digits: 0)
        case 10...: fixed(value, digits: 1)
        default: fixed(value, digits: 2)
        }
    }

    /// As somebody would write a bound: `1,000,000`, `110`, `0.5`.
    package static func plain(_ value: Double) -> String {
        value.rounded() == value ? grouped(value) : "\(value)"
    }

    package static func fixed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

    private static func grouped(_ value: Double) -> String {
        var digits = Array(String(Int(value.rounded().magnitude)))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (value < 0 ? "-" : "") + String(digits)
    }
}
