import CrateValues

extension Value: CustomStringConvertible {
    /// The text of `print` and of interpolation: a string as it is, everything else as JSON writes it where it can.
    public var description: String {
        switch self {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return number.description
        case .float(let number): return Value.text(of: number)
        case .bigInt(let number): return number.description
        case .string(let text): return text
        case .object(let object): return object.description
        case .range, .function, .list, .dict:
            var writer = ValueWriter()
            writer.write(self)
            return writer.text
        }
    }

    /// The text inside a list or dict: strings quoted.
    public var nestedDescription: String {
        var writer = ValueWriter()
        writer.write(self)
        return writer.text
    }

    /// The shortest text that reads back as `number`, always with a point or an exponent: `1.0`, `1e-07`, `nan`, `inf`.
    public static func text(of number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        let magnitude = number.magnitude
        if magnitude >= 1e16 || (magnitude < 1e-4 && magnitude != 0) { return exponentText(number.description) }
        return plainText(number.description)
    }

    /// Python's form of an exponent, at least two digits and no needless fraction: `1e-07`, `2.5e+16`.
    private static func exponentText(_ text: String) -> String {
        let parts = text.split(separator: "e", maxSplits: 1)
        guard let significand = parts.first else { return text }
        guard parts.count == 2, let exponent = Int(parts[1]) else { return shiftedText(text) }
        let digits = significand.hasSuffix(".0") ? significand.dropLast(2) : significand
        let size = exponent.magnitude.description
        return "\(digits)e\(exponent < 0 ? "-" : "+")\(size.count < 2 ? "0" : "")\(size)"
    }

    /// `12345678901234567000.0` as `1.2345678901234567e+19`.
    private static func shiftedText(_ text: String) -> String {
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.dropFirst(sign.count).prefix { $0 != "." }
        var kept = digits
        while kept.count > 1, kept.last == "0" { kept = kept.dropLast() }
        let fraction = kept.dropFirst().isEmpty ? "" : ".\(kept.dropFirst())"
        return "\(sign)\(kept.prefix(1))\(fraction)e+\(digits.count < 11 ? "0" : "")\(digits.count - 1)"
    }

    /// Swift writes numbers below 0.001 … with an exponent earlier than Python does.
    private static func plainText(_ text: String) -> String {
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]), exponent < 0 else { return text }
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text[..<mark].filter { $0 != "." && $0 != "-" }
        let kept = digits.hasSuffix("0") && digits.count > 1 ? String(digits.dropLast()) : digits
        return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(kept)"
    }
}

/// Writes nested values. A list or dict inside itself shows as `[…]` or `{…}`, and so does what lies too deep or comes
/// after too many items; what no longer fits a text shows as `…`.
struct ValueWriter {
    private(set) var text = ""
    private let longest: Int
    private var open: [ObjectIdentifier] = []
    private static let deepest = 400
    private var itemsLeft = Limits.nestedItems
    private var isFull = false

    init(longest: Int = Limits.textBytes) { self.longest = longest }

    mutating func write(_ value: Value) {
        switch value {
        case .string(let string): if hasRoom(string.utf8.count) { writeQuoted(string) }
        case .list(let list): enter(list, list.items.count, "[", "]") { $0.writeItems(list) }
        case .dict(let dict): enter(dict, dict.count, "{", "}") { $0.writePairs(dict) }
        case .range(let range): text += range.upper == Int.min ? "0..<0" : "\(range.lower)..<\(range.upper)"
        case .function(let function): text += "<function \(function.name)>"
        case .object(let object):
            let part = object.nestedDescription
            if hasRoom(part.utf8.count) { text += part }
        default: text += value.description
        }
    }

    /// Whether `size` more bytes fit; when they don't, nothing is written any more but what closes the open lists.
    private mutating func hasRoom(_ size: Int) -> Bool {
        if isFull { return false }
        if text.utf8.count <= longest - size { return true }
        isFull = true
        text += "…"
        return false
    }

    private mutating func enter(_ object: AnyObject, _ count: Int, _ start: String, _ end: String, _ body: (inout ValueWriter) -> Void) {
        let identity = ObjectIdentifier(object)
        if !open.isEmpty, !isFull { itemsLeft -= count }
        text += start
        if open.contains(identity) || open.count >= ValueWriter.deepest || itemsLeft < 0 {
            text += "…"
        } else {
            open.append(identity)
            body(&self)
            open.removeLast()
        }
        text += end
    }

    private mutating func writeItems(_ list: ListObject) {
        var isFirst = true
        for item in list.items where hasRoom(0) {
            if !isFirst { text += ", " }
            isFirst = false
            write(item)
        }
    }

    private mutating func writePairs(_ dict: DictObject) {
        var isFirst = true
        for (key, value) in dict.entries where hasRoom(0) {
            if !isFirst { text += ", " }
            isFirst = false
            write(Value(key))
            text += ": "
            write(value)
        }
    }

    private mutating func writeQuoted(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case "\u{20}"..<"\u{7F}": text.unicodeScalars.append(scalar)
            // What drives a terminal or disguises what is shown, in JSON's form: none of these needs more than four digits.
            case _ where scalar.isHidden:
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
