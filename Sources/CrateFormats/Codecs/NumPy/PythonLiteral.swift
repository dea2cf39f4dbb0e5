/// Reads the Python literals that NPY headers are made of: text, whole numbers, True, False, None, tuples, lists and
/// dictionaries. Nothing is evaluated.
struct PythonLiteral {
    indirect enum Value {
        case none
        case bool(Bool)
        case integer(Int)
        case string(String)
        case tuple([Value])
        case list([Value])
        case dictionary([(key: Value, value: Value)])
    }

    private var rest: Substring.UnicodeScalarView
    private var depth = 0
    private static let deepest = 32

    private init(_ text: String) { rest = Substring(text).unicodeScalars }

    /// `nil` for anything else, such as a call or an operator.
    static func parse(_ text: String) -> Value? {
        var parser = PythonLiteral(text)
        guard let value = parser.value() else { return nil }
        parser.skipSpace()
        return parser.rest.isEmpty ? value : nil
    }

    private mutating func skipSpace() {
        while let next = rest.first, next == " " || next == "\t" || next == "\n" || next == "\r" { rest.removeFirst() }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func value() -> Value? {
        skipSpace()
        depth += 1
        defer { depth -= 1 }
        guard depth <= PythonLiteral.deepest, let first = rest.first else { return nil }
        switch first {
        case "'", "\"": return string().map { .string($0) }
        case "(": return tuple()
        case "[": return items(from: "[", to: "]").map { .list($0.values) }
        case "{": return dictionary()
        case "-", "0"..."9": return integer()
        default: return word()
        }
    }

    private mutating func word() -> Value? {
        let letters = rest.prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
        rest.removeFirst(letters.count)
        switch String(letters) {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return Value.none
        default: return nil
        }
    }

    /// Python 2 wrote large numbers with an L.
    private mutating func integer() -> Value? {
        let sign = rest.first == "-" ? "-" : ""
        if !sign.isEmpty { rest.removeFirst() }
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest.removeFirst(digits.count)
        if rest.first == "L" { rest.removeFirst() }
        return Int(sign + String(digits)).map { .integer($0) }
    }

    private mutating func string() -> String? {
        guard let quote = rest.popFirst() else { return nil }
        var text = String.UnicodeScalarView()
        while let next = rest.popFirst() {
            if next == quote { return String(text) }
            // Field names may hold a quote or backslash; other escapes do not occur in headers.
            guard next == "\\" else {
                text.append(next)
                continue
            }
            guard let escaped = rest.popFirst(), escaped == "\\" || escaped == "'" || escaped == "\"" else { return nil }
            text.append(escaped)
        }
        return nil
    }

    /// `(a)` is a alone, `(a,)` a tuple.
    private mutating func tuple() -> Value? {
        guard let (values, endsWithComma) = items(from: "(", to: ")") else { return nil }
        return values.count == 1 && !endsWithComma ? values[0] : .tuple(values)
    }

    private mutating func items(from open: Unicode.Scalar, to close: Unicode.Scalar) -> (values: [Value], endsWithComma: Bool)? {
        guard take(open) else { return nil }
        var values: [Value] = []
        var endsWithComma = false
        while !take(close) {
            guard values.isEmpty || endsWithComma, let value = value() else { return nil }
            values.append(value)
            endsWithComma = take(",")
        }
        return (values, endsWithComma)
    }

    private mutating func dictionary() -> Value? {
        guard take("{") else { return nil }
        var entries: [(key: Value, value: Value)] = []
        var endsWithComma = false
        while !take("}") {
            guard entries.isEmpty || endsWithComma, let key = value(), take(":"), let value = value() else { return nil }
            entries.append((key, value))
            endsWithComma = take(",")
        }
        return .dictionary(entries)
    }
}
