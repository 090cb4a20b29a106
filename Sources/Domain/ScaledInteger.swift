/// An exact decimal number as a whole number of `10^-scale`: what amounts are compared and divided by.
///
/// Up to 38 digits. A ``Quantity`` within its limits has 32, so differences of two, and ratios of those to a few decimals,
/// always fit.
struct ScaledInteger {
    let units: Int128
    /// Digits behind the point.
    let scale: Int

    static let digitsMax = 38

    init(units: Int128, scale: Int) {
        self.units = units
        self.scale = scale
    }

    /// Reads plain decimal text: an optional minus, digits, and at most one point with digits behind it; `nil` for anything
    /// else, and for more digits than the limits.
    init?(_ text: String, integerDigitsMax: Int, fractionDigitsMax: Int) {
        var isNegative = false
        var units: Int128 = 0
        var integerDigits = 0
        var fractionDigits: Int?
        for byte in text.utf8 {
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                if let digits = fractionDigits { fractionDigits = digits + 1 } else { integerDigits += 1 }
                guard integerDigits <= integerDigitsMax, fractionDigits ?? 0 <= fractionDigitsMax,
                    integerDigits + (fractionDigits ?? 0) <= Self.digitsMax
                else { return nil }
                units = units &* 10 &+ Int128(digit)
            } else if byte == UInt8(ascii: "."), fractionDigits == nil, integerDigits > 0 {
                fractionDigits = 0
            } else if byte == UInt8(ascii: "-"), !isNegative, integerDigits == 0 {
                isNegative = true
            } else {
                return nil
            }
        }
        guard integerDigits > 0, fractionDigits != 0 else { return nil }
        self.init(units: isNegative ? -units : units, scale: fractionDigits ?? 0)
    }

    static func - (one: ScaledInteger, other: ScaledInteger) -> ScaledInteger {
        let scale = max(one.scale, other.scale)
        return ScaledInteger(units: one.units(at: scale) - other.units(at: scale), scale: scale)
    }

    var magnitude: ScaledInteger { ScaledInteger(units: abs(units), scale: scale) }

    /// `self` × `factor` ÷ `divisor` in units of `10^-scale`, rounded half to even.
    func divided(by divisor: ScaledInteger, times factor: Int128 = 1, scale: Int) -> ScaledInteger {
        let common = max(self.scale, divisor.scale)
        let dividend = units(at: common) * factor * Self.power(of10: scale)
        let (quotient, rest) = dividend.magnitude.quotientAndRemainder(dividingBy: divisor.units(at: common).magnitude)
        let missing = divisor.units(at: common).magnitude - rest
        let roundsUp = rest > missing || (rest == missing && !quotient.isMultiple(of: 2))
        let rounded = Int128(quotient) + (roundsUp ? 1 : 0)
        return ScaledInteger(units: (units < 0) != (divisor.units < 0) ? -rounded : rounded, scale: scale)
    }

    /// Plain decimal text with exactly ``scale`` digits behind the point.
    var text: String {
        var digits = String(units.magnitude)
        guard scale > 0 else { return units < 0 ? "-" + digits : digits }
        if digits.utf8.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits }
        return "\(units < 0 ? "-" : "")\(digits.dropLast(scale)).\(digits.suffix(scale))"
    }

    private func units(at scale: Int) -> Int128 { units * Self.power(of10: scale - self.scale) }

    private static func power(of10 exponent: Int) -> Int128 {
        var power: Int128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}

extension ScaledInteger: Hashable, Comparable {
    static func == (one: ScaledInteger, other: ScaledInteger) -> Bool { one.compared(to: other) == 0 }
    static func < (one: ScaledInteger, other: ScaledInteger) -> Bool { one.compared(to: other) < 0 }

    /// Equal numbers hash alike, however many zeros they were written with.
    func hash(into hasher: inout Hasher) {
        var units = units
        var scale = scale
        while scale > 0, units.isMultiple(of: 10) {
            units /= 10
            scale -= 1
        }
        hasher.combine(units)
        hasher.combine(scale)
    }

    /// Below, at or above zero as `self` is below, at or above `other`.
    private func compared(to other: ScaledInteger) -> Int {
        if scale > other.scale { return -other.compared(to: self) }
        let (units, overflows) = units.multipliedReportingOverflow(by: Self.power(of10: other.scale - scale))
        // What does not even fit is further from zero than what does.
        if overflows { return self.units < 0 ? -1 : 1 }
        return units < other.units ? -1 : units == other.units ? 0 : 1
    }
}
