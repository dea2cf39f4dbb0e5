/// JSON as text (RFC 8259), which the language takes as literals.
enum JSONText {
    /// Whether the whole of `text` is one JSON value.
    static func isValue(_ text: String) -> Bool {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        return scanner.skipValue(depth: 0) && scanner.rest.isEmpty
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\u{00}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The text that begins `source` as a JSON string; `nil` when none does.
    static func unquoted(_ source: some StringProtocol) -> String? {
        var scanner = Scanner(rest: Array(source.utf8)[...])
        let whole = scanner.rest
        guard scanner.skipString() else { return nil }
        return decode(whole[(whole.startIndex + 1)..<(scanner.rest.startIndex - 1)])
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        var units: [UInt16] = []
        var rest = Substring(decoding: bytes, as: UTF8.self)
        while let scalar = rest.unicodeScalars.popFirst() {
            guard scalar == "\\" else {
                units += String(scalar).utf16
                continue
            }
            guard let escape = rest.unicodeScalars.popFirst() else { return nil }
            switch escape {
            case "n": units.append(10)
            case "t": units.append(9)
            case "r": units.append(13)
            case "b": units.append(8)
            case "f": units.append(12)
            case "u":
                guard let unit = UInt16(rest.prefix(4), radix: 16) else { return nil }
                units.append(unit)
                rest = rest.dropFirst(4)
            default: units += String(escape).utf16
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}

/// Walks over JSON without building anything. Every `skip…` answers whether what it names was there.
private struct Scanner {
    var rest: ArraySlice<UInt8>

    /// Deeper nesting than anyone types on a command line would only exhaust the stack.
    static let deepest = 256

    mutating func skipValue(depth: Int) -> Bool {
        guard depth < Self.deepest, let first = rest.first else { return false }
        switch first {
        case UInt8(ascii: "{"):
            return skipItems(until: UInt8(ascii: "}")) { scanner in
                guard scanner.skipString() else { return false }
                scanner.skipSpace()
                guard scanner.skip(UInt8(ascii: ":")) else { return false }
                scanner.skipSpace()
                return scanner.skipValue(depth: depth + 1)
            }
        case UInt8(ascii: "["): return skipItems(until: UInt8(ascii: "]")) { $0.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): return skipString()
        case UInt8(ascii: "t"): return skip("true")
        case UInt8(ascii: "f"): return skip("false")
        case UInt8(ascii: "n"): return skip("null")
        default: return skipNumber()
        }
    }

    private mutating func skipItems(until close: UInt8, _ skipItem: (inout Scanner) -> Bool) -> Bool {
        rest.removeFirst()
        skipSpace()
        if skip(close) { return true }
        repeat {
            skipSpace()
            guard skipItem(&self) else { return false }
            skipSpace()
        } while skip(UInt8(ascii: ","))
        return skip(close)
    }

    mutating func skipString() -> Bool {
        guard skip(UInt8(ascii: "\"")) else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard skipEscape() else { return false }
            case 0..<0x20: return false
            default: break
            }
        }
        return false
    }

    private mutating func skipEscape() -> Bool {
        switch rest.popFirst() {
        case UInt8(ascii: "u")?:
            let digits = rest.prefix(4)
            rest = rest.dropFirst(4)
            return digits.count == 4 && digits.allSatisfy { Self.isDigit($0) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 | 0x20 }
        case let byte?: return "\"\\/bfnrt".utf8.contains(byte)
        case nil: return false
        }
    }

    private mutating func skipNumber() -> Bool {
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { guard skipDigits() else { return false } }
        if skip(UInt8(ascii: ".")) { guard skipDigits() else { return false } }
        guard let next = rest.first, next | 0x20 == UInt8(ascii: "e") else { return true }
        rest.removeFirst()
        if !skip(UInt8(ascii: "-")) { _ = skip(UInt8(ascii: "+")) }
        return skipDigits()
    }

    private mutating func skipDigits() -> Bool {
        let count = rest.prefix(while: Self.isDigit).count
        rest = rest.dropFirst(count)
        return count > 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    mutating func skipSpace() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skip(_ word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }
}
