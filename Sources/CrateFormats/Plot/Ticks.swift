#if canImport(Glibc)
import Glibc
#endif

/// Where an axis is marked and with which words: steps of 1, 2 or 5 times a power of ten.
///
/// A tick is a whole number of units of a power of ten, so labels are exact digits and never show a float's dust.
struct Ticks {
    var positions: [Double] = []
    var labels: [String] = []
    /// What all labels are to be multiplied by, or added to: "×10⁶", "+1 000 000". Empty for neither.
    var note = ""

    /// Ticks inside `range`, which is of sensible width (see `AxisRange`), about `wanted` of them.
    init(_ range: ClosedRange<Double>, wanted: Int) {
        let (mantissa, power) = Ticks.step(span: range.upperBound - range.lowerBound, wanted: max(wanted, 1))
        let step = Double(mantissa) * Ticks.ten(to: power)
        let slack = step * 1e-9
        guard let first = Int(exactly: ((range.lowerBound - slack) / step).rounded(.up)),
            let last = Int(exactly: ((range.upperBound + slack) / step).rounded(.down)), last >= first, last - first < 1000,
            abs(first) < 1 << 50, abs(last) < 1 << 50
        else { return }
        let units = (first...last).map { $0 * mantissa }
        // Dividing by a whole power of ten rounds once; multiplying by a negative one would round twice.
        positions = units.map { power < 0 && power > -300 ? Double($0) / Ticks.ten(to: -power) : Double($0) * Ticks.ten(to: power) }
        label(units, power: power)
    }

    /// Fixed marks with given words.
    init(positions: [Double], labels: [String]) {
        self.positions = positions
        self.labels = labels
    }

    private static func step(span: Double, wanted: Int) -> (mantissa: Int, power: Int) {
        let rough = span / Double(wanted)
        let power = Int(log10(rough).rounded(.down))
        let lead = rough / ten(to: power)
        // Midpoints on a log scale: the step whose count comes closest to what was wanted.
        if lead < 1.4142 { return (1, power) }
        if lead < 3.1623 { return (2, power) }
        if lead < 7.0711 { return (5, power) }
        return (1, power + 1)
    }

    static func ten(to power: Int) -> Double { pow(10, Double(power)) }

    /// Plain numbers where they are short; else digits before a shared power of ten, or beside a shared sum.
    private mutating func label(_ units: [Int], power: Int) {
        let widest = units.map { abs($0) }.max() ?? 0
        let digits = Ticks.digits(widest)
        // The place of the leading digit of the greatest tick: 5 means hundreds of thousands.
        let magnitude = digits + power - 1
        if widest == 0 {
            labels = units.map { _ in "0" }
        } else if digits > 5, let low = units.first, let high = units.last, low > 0 || high < 0 {
            labelWithOffset(units, power: power)
        } else if magnitude >= 5 || magnitude < -3 {
            labels = units.map { Ticks.decimal($0, power: power - magnitude) }
            note = "×10" + Ticks.superscript(magnitude)
        } else {
            labels = units.map { Ticks.decimal($0, power: power) }
        }
    }

    /// A round number to count from: the roundest one between `low` and `high` if it is much rounder than their distance,
    /// else what their leading digits share.
    private static func shared(_ low: Int, _ high: Int) -> Int {
        var unit = 1
        while unit <= high - low { unit *= 10 }
        var rounder = unit
        while rounder < max(abs(low), abs(high)) / 10 { rounder *= 10 }
        while rounder > unit {
            let multiple = Int((Double(high) / Double(rounder)).rounded(.down)) * rounder
            if multiple >= low { return multiple }
            rounder /= 10
        }
        return Int((Double(low) / Double(unit)).rounded(low > 0 ? .down : .up)) * unit
    }

    /// Far from zero and close together: what they share goes into the note, as in "+12 345 000".
    private mutating func labelWithOffset(_ units: [Int], power: Int) {
        guard let low = units.first, let high = units.last else { return }
        let shared = Ticks.shared(low, high)
        let magnitude = Ticks.digits(units.map { abs($0 - shared) }.max() ?? 0) + power - 1
        let isPlain = (-3..<5).contains(magnitude)
        labels = units.map { Ticks.decimal($0 - shared, power: isPlain ? power : power - magnitude) }
        note = (isPlain ? "" : "×10" + Ticks.superscript(magnitude) + " ") + (shared < 0 ? "−" : "+") + Ticks.short(abs(shared), power: power)
    }
}

// MARK: Digits

extension Ticks {
    /// The number of decimal digits; 1 for 0.
    fileprivate static func digits(_ value: Int) -> Int { String(value.magnitude).count }

    /// `value` times ten to `power`, written out.
    static func decimal(_ value: Int, power: Int) -> String {
        let sign = value < 0 ? "−" : ""
        var digits = String(value.magnitude)
        if value == 0 { return power < 0 ? "0." + String(repeating: "0", count: -power) : "0" }
        if power >= 0 { return sign + digits + String(repeating: "0", count: power) }
        if digits.count <= -power { digits = String(repeating: "0", count: -power - digits.count + 1) + digits }
        let point = digits.index(digits.endIndex, offsetBy: power)
        return sign + digits[..<point] + "." + digits[point...]
    }

    /// `value` times ten to `power`, with trailing zeros put into a power of ten when there are many.
    private static func short(_ value: Int, power: Int) -> String {
        var (value, power) = (value, power)
        while value != 0 && value % 10 == 0 { (value, power) = (value / 10, power + 1) }
        let magnitude = digits(value) + power - 1
        if (-4...9).contains(magnitude) { return grouped(decimal(value, power: power)) }
        return decimal(value, power: 1 - digits(value)) + "×10" + superscript(magnitude)
    }

    /// Thin spaces between groups of three digits before the point.
    private static func grouped(_ number: String) -> String {
        let whole = number.prefix { $0 != "." }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0 && (whole.count - index) % 3 == 0 { result += "\u{2009}" }
            result.append(digit)
        }
        return result + number.dropFirst(whole.count)
    }

    static func superscript(_ number: Int) -> String {
        let signs: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
        ]
        return String(String(number).map { signs[$0] ?? $0 })
    }
}
