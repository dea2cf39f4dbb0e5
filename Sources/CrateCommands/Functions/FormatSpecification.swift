import CrateLanguage
import CrateValues
import Glibc

/// Python's format specification: `[[fill]align][sign][#][0][width][,][.precision][type]`.
struct FormatSpecification {
    enum Alignment { case left, right, center, afterSign }

    private var fill = " "
    private var alignment: Alignment?
    private var sign: Character = "-"
    private var showsBase = false
    private var width = 0
    private var groups: Character?
    private var precision: Int?
    private var type: Character?

    init(_ text: String) throws(Failure) {
        var rest = Array(text)[...]
        readAlignment(&rest)
        if let first = rest.first, "+- ".contains(first) {
            sign = first
            rest.removeFirst()
        }
        if rest.first == "#" {
            showsBase = true
            rest.removeFirst()
        }
        if rest.first == "0" {
            rest.removeFirst()
            if alignment == nil {
                fill = "0"
                alignment = .afterSign
            }
        }
        width = try FormatSpecification.number(&rest) ?? 0
        if let first = rest.first, ",_".contains(first) {
            groups = first
            rest.removeFirst()
        }
        if rest.first == "." {
            rest.removeFirst()
            guard let digits = try FormatSpecification.number(&rest) else { throw FormatSpecification.wrong(text) }
            precision = digits
        }
        if let last = rest.first, "dbxXofFeEgG%s".contains(last) {
            type = last
            rest.removeFirst()
        }
        guard rest.isEmpty else { throw FormatSpecification.wrong(text) }
    }

    private mutating func readAlignment(_ rest: inout ArraySlice<Character>) {
        let alignments: [Character: Alignment] = ["<": .left, ">": .right, "^": .center, "=": .afterSign]
        if rest.count > 1, let found = alignments[rest[rest.startIndex + 1]] {
            fill = String(rest.removeFirst())
            alignment = found
            rest.removeFirst()
        } else if let first = rest.first, let found = alignments[first] {
            alignment = found
            rest.removeFirst()
        }
    }

    private static func number(_ rest: inout ArraySlice<Character>) throws(Failure) -> Int? {
        let digits = rest.prefix { "0"..."9" ~= $0 }
        rest = rest.dropFirst(digits.count)
        guard !digits.isEmpty else { return nil }
        guard let number = Int(String(digits)), number <= 10_000 else {
            throw Failure("value", "a format's width and precision go up to 10000")
        }
        return number
    }

    private static func wrong(_ text: String) -> Failure {
        Failure("value", "\"\(text)\" is no format specification", hint: "such as \".3f\", \">8\", \"+.2e\", \",\", \".1%\" or \"x\"")
    }

    // MARK: formatting

    func format(_ value: Value) throws(Failure) -> String {
        switch value {
        case .int(let number): return try integer(number.magnitude.description, isNegative: number < 0, Double(number), value)
        case .bigInt(let number): return try integer(number.magnitude.description, isNegative: number.signum < 0, number.toDouble, value)
        case .float(let number): return try float(number)
        default: return try text(value)
        }
    }

    private func text(_ value: Value) throws(Failure) -> String {
        guard type == nil || type == "s", groups == nil, sign == "-" else { throw mismatch(value) }
        var text = value.description
        if let precision { text = String(text.unicodeScalars.prefix(precision).map { Character($0) }) }
        return try padded(text, width, alignment == .afterSign ? .right : alignment ?? .left, fill)
    }

    private func integer(_ decimal: String, isNegative: Bool, _ number: Double, _ value: Value) throws(Failure) -> String {
        switch type {
        case nil, "d":
            guard precision == nil else { return try float(number) }
            return try fitted(isNegative, "", grouped(decimal))
        case "x", "X", "o", "b":
            guard case .int(let whole) = value, let type else {
                throw Failure("value", "a number beyond 64 bits can only be shown in decimal")
            }
            let radix = ["x": 16, "X": 16, "o": 8, "b": 2][type] ?? 10
            let digits = String(whole.magnitude, radix: radix, uppercase: type == "X")
            return try fitted(isNegative, showsBase ? "0\(type)" : "", digits)
        case "s": throw mismatch(value)
        default: return try float(number)
        }
    }

    private func float(_ number: Double) throws(Failure) -> String {
        guard let type else {
            guard let precision else { return try fitted(number.sign == .minus, "", grouped(Value.text(of: number.magnitude))) }
            return try fitted(number.sign == .minus, "", grouped(printed(number, "g", precision)))
        }
        guard "fFeEgG%".contains(type) else { throw mismatch(.float(number)) }
        let scaled = type == "%" ? number * 100 : number
        let digits = printed(scaled, type == "%" ? "f" : type, precision ?? 6)
        return try fitted(number.sign == .minus, "", grouped(digits) + (type == "%" ? "%" : ""))
    }

    /// The magnitude as C prints it.
    private func printed(_ number: Double, _ type: Character, _ precision: Int) -> String {
        if !number.isFinite { return number.isNaN ? "nan" : "inf" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: precision + 400) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            _ = withVaList([Int32(precision), number.magnitude]) { vsnprintf(start, buffer.count, "%.*\(type)", $0) }
            return String(cString: start)
        }
    }

    /// Groups of three digits before the point.
    private func grouped(_ digits: String) -> String {
        guard let groups else { return digits }
        let whole = digits.prefix { "0"..."9" ~= $0 }
        var result = ""
        for (position, digit) in whole.enumerated() {
            if position > 0, (whole.count - position).isMultiple(of: 3) { result.append(groups) }
            result.append(digit)
        }
        return result + digits.dropFirst(whole.count)
    }

    private func fitted(_ isNegative: Bool, _ prefix: String, _ digits: String) throws(Failure) -> String {
        let lead = (isNegative ? "-" : sign == "-" ? "" : String(sign)) + prefix
        guard alignment == .afterSign else { return try padded(lead + digits, width, alignment ?? .right, fill) }
        return lead + (try padded(digits, max(0, width - lead.count), .right, fill))
    }

    private func mismatch(_ value: Value) -> Failure {
        Failure("type", "this format does not fit a value of type \(typeName(of: value))")
    }
}

/// `text` filled up to `width` characters.
func padded(_ text: String, _ width: Int, _ alignment: FormatSpecification.Alignment, _ fill: String) throws(Failure) -> String {
    guard width >= 0 else { throw Failure("value", "a width can't be negative: \(width)") }
    guard width <= 1_000_000 else { throw Failure("limit", "a width of more than a million characters") }
    let missing = max(0, width - text.unicodeScalars.count)
    switch alignment {
    case .left: return text + String(repeating: fill, count: missing)
    case .right, .afterSign: return String(repeating: fill, count: missing) + text
    case .center: return String(repeating: fill, count: missing / 2) + text + String(repeating: fill, count: missing - missing / 2)
    }
}
