import CrateValues

/// Numbers as YAML 1.1 spells them: `1_000`, `0b101`, `017`, `0x1F`, `12:30:45`, `1.5e+3`, `.inf`.
enum YAMLNumber {
    /// `nil` when `text` is no integer.
    static func integer(_ text: String, limits: Limits, at place: FormatError.Place) throws(FormatError) -> Document? {
        var cursor = TextCursor(text)
        let isNegative = cursor.takeSign()
        guard let radix = radix(&cursor) else { return try sexagesimal(text, limits: limits, at: place) }
        let digits = cursor.rest.filter { $0 != UInt8(ascii: "_") }
        guard !digits.isEmpty else { return nil }
        guard digits.count <= limits.digits else {
            throw FormatError(.limit, "YAML", "a number of more than \(limits.digits) digits", at: place)
        }
        let spelled = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
        if let value = Int(spelled, radix: radix) { return .integer(value) }
        return BigInteger(spelled, radix: radix).map(Document.bigInteger)
    }

    /// The radix that the prefix names, when all that follows are its digits and underscores. Leaves the cursor at the digits.
    private static func radix(_ cursor: inout TextCursor) -> Int? {
        guard cursor.take(UInt8(ascii: "0")) else {
            guard let first = cursor.peek, first >= UInt8(ascii: "1"), first <= UInt8(ascii: "9") else { return nil }
            return cursor.restIs(digitsOf: 10) ? 10 : nil
        }
        if cursor.isAtEnd {
            cursor.position -= 1
            return 10
        }
        if cursor.take(UInt8(ascii: "b")) { return cursor.restIs(digitsOf: 2) ? 2 : nil }
        if cursor.take(UInt8(ascii: "x")) { return cursor.restIs(digitsOf: 16) ? 16 : nil }
        // The zero counts as a digit, for "0_" is 0.
        guard cursor.restIs(digitsOf: 8) else { return nil }
        cursor.position -= 1
        return 8
    }

    /// `[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+`: groups of base 60.
    private static func sexagesimal(_ text: String, limits: Limits, at place: FormatError.Place) throws(FormatError) -> Document? {
        var cursor = TextCursor(text)
        let isNegative = cursor.takeSign()
        guard let first = cursor.peek, first >= UInt8(ascii: "1"), first <= UInt8(ascii: "9") else { return nil }
        let head = cursor.takeDigits(underscores: true)
        guard let parts = cursor.takeSexagesimalParts(), cursor.isAtEnd else { return nil }
        guard text.utf8.count <= 1000 else {
            throw FormatError(.limit, "YAML", "a number of more than 1000 characters in base 60", at: place)
        }
        guard let value = Int(head) else { return nil }
        return combine([value] + parts, isNegative: isNegative)
    }

    /// Digits of base 60.
    private static func combine(_ digits: [Int], isNegative: Bool) -> Document? {
        var value = BigInteger(0)
        for digit in digits {
            guard let shifted = value * BigInteger(60) else { return nil }
            value = shifted + BigInteger(digit)
        }
        if isNegative { value = value.negated }
        return value.asInt.map(Document.integer) ?? .bigInteger(value)
    }

    /// `nil` when `text` is no float. There must be a point, and an exponent must have a sign.
    static func float(_ text: String) -> Document? {
        var cursor = TextCursor(text)
        let isNegative = cursor.takeSign()
        let isSigned = cursor.position > 0
        if cursor.peek == UInt8(ascii: ".") {
            switch String(decoding: cursor.rest, as: UTF8.self) {
            case ".inf", ".Inf", ".INF": return .float(isNegative ? -.infinity : .infinity)
            case ".nan", ".NaN", ".NAN": return isSigned ? nil : .float(.nan)
            // Without a digit before the point no sign is allowed.
            default: if isSigned { return nil }
            }
        }
        let isDigitFirst = cursor.isAtDigit
        let head = cursor.takeDigits(underscores: true)
        guard isDigitFirst || cursor.position == 0 else { return nil }
        if cursor.peek == UInt8(ascii: ":") { return sexagesimalFloat(head, &cursor, isNegative: isNegative) }
        guard cursor.take(UInt8(ascii: ".")) else { return nil }
        guard isDigitFirst || cursor.isAtDigit else { return nil }
        let fraction = cursor.takeDigits(underscores: true)
        guard let exponent = cursor.takeExponent(), cursor.isAtEnd else { return nil }
        let value = Double((head.isEmpty ? "0" : head) + "." + (fraction.isEmpty ? "0" : fraction) + exponent)
        return value.map { .float(isNegative ? -$0 : $0) }
    }

    /// What `!!float` makes of text that needs the tag to be a float: `3`, `1e3`, `017` (which is 17 here).
    static func taggedFloat(_ text: String) -> Document? {
        let digits = text.filter { $0 != "_" }
        guard digits.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
        return Double(digits).map(Document.float)
    }

    private static func sexagesimalFloat(_ head: String, _ cursor: inout TextCursor, isNegative: Bool) -> Document? {
        guard let parts = cursor.takeSexagesimalParts(), cursor.take(UInt8(ascii: ".")) else { return nil }
        let fraction = cursor.takeDigits(underscores: true)
        guard cursor.isAtEnd, var value = Double(head), let last = Double("0." + (fraction.isEmpty ? "0" : fraction)) else { return nil }
        for part in parts { value = value * 60 + Double(part) }
        value += last
        return .float(isNegative ? -value : value)
    }
}

extension TextCursor {
    /// `(:[0-5]?[0-9])+`
    fileprivate mutating func takeSexagesimalParts() -> [Int]? {
        var parts: [Int] = []
        while take(UInt8(ascii: ":")) {
            guard let part = takeNumber(digits: 1...2), part < 60 else { return nil }
            parts.append(part)
        }
        return parts.isEmpty ? nil : parts
    }

    /// `([eE][-+][0-9]+)?` as Swift reads it; `nil` when there is an `e` without the rest.
    fileprivate mutating func takeExponent() -> String? {
        guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return "" }
        guard let sign = peek, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return nil }
        position += 1
        let digits = takeDigits(underscores: false)
        return digits.isEmpty ? nil : "e" + (sign == UInt8(ascii: "-") ? "-" : "") + digits
    }
}
