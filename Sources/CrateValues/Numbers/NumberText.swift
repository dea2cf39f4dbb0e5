extension Double {
    /// The shortest text that reads back as the same number, as Python's `repr` writes it: always with a point or an
    /// exponent (`1.0`, `1e-07`, `1e+16`), or `nan`, `inf`, `-inf`.
    public var shortestText: String { pythonText(description) }
}

extension Float {
    /// The shortest text that reads back as the same 32-bit number, in the form of `Double.shortestText`.
    public var shortestText: String { pythonText(description) }
}

/// Swift and Python find the same digits; they differ in where the exponent form begins and how it is written.
private func pythonText(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let decimal = DecimalDigits(bytes) else { return text.hasPrefix("-nan") || text.hasPrefix("nan") ? "nan" : text }
    return decimal.point > -4 && decimal.point <= 16 ? decimal.plain : decimal.scientific
}

/// The significant digits of a printed number and where its point stands.
struct DecimalDigits {
    var isNegative = false
    /// Without leading or trailing zeros, at least one.
    var digits: [UInt8] = []
    /// Digits before the point; may be negative or beyond the digits.
    var point = 0

    /// `nil` when `text` is not a finite number as Swift prints it.
    init?(_ text: [UInt8]) {
        var hasPoint = false
        var exponent = 0
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte)
                if !hasPoint { point += 1 }
            case UInt8(ascii: "e"):
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
            default: return nil
            }
            if byte == UInt8(ascii: "e") { break }
        }
        point += exponent
        trim()
    }

    private mutating func trim() {
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if digits.isEmpty {
            digits = [UInt8(ascii: "0")]
            point = 1
        }
    }

    private var sign: String { isNegative ? "-" : "" }

    private func text(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }

    var plain: String {
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text(0..<digits.count) }
        if point >= digits.count { return sign + text(0..<digits.count) + String(repeating: "0", count: point - digits.count) + ".0" }
        return sign + text(0..<point) + "." + text(point..<digits.count)
    }

    var scientific: String {
        let exponent = point - 1
        let size = abs(exponent)
        let fraction = digits.count > 1 ? "." + text(1..<digits.count) : ""
        return sign + text(0..<1) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + String(size)
    }
}

extension Scalar {
    /// As Python prints the number.
    public var text: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .unsigned(let value): String(value)
        case .float(let value): value.shortestText
        case .complex(let real, let imaginary):
            "(" + real.shortestText + (imaginary.sign == .minus || imaginary.isNaN ? "" : "+") + imaginary.shortestText + "j)"
        }
    }
}
