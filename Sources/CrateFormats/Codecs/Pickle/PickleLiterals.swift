import CrateValues

/// Reads the opcodes' arguments.
extension PickleMachine {
    // MARK: Numbers

    mutating func number(_ opcode: PickleOpcode) throws(FormatError) -> PickleGraph.Item {
        switch opcode {
        case .binInt: .integer(Int(try reader.littleEndian(Int32.self)))
        case .binInt1: .integer(Int(try reader.byte()))
        case .binInt2: .integer(Int(try reader.littleEndian(UInt16.self)))
        case .long1: try integer(byteCount: Int(try reader.byte()))
        case .long4: try integer(byteCount: Int(try reader.littleEndian(Int32.self)))
        default: try decimal(try asciiLine(), isLong: opcode == .long)
        }
    }

    /// Two's complement of any length, lowest byte first.
    private mutating func integer(byteCount: Int) throws(FormatError) -> PickleGraph.Item {
        guard byteCount >= 0 else { throw reader.malformed("has an integer of \(byteCount) bytes") }
        // 12 digits take 5 bytes, in round numbers.
        guard byteCount <= limits.digits / 12 * 5 + 8 else {
            throw reader.error(.limit, "has an integer of more than \(limits.digits) digits")
        }
        let digits = try reader.bytes(byteCount)
        guard byteCount > 8 else { return .integer(digits.withBytes { PickleMachine.smallInteger($0) }) }
        guard let value = digits.withBytes({ BigInteger(littleEndianTwosComplement: $0) }) else {
            throw reader.error(.limit, "has an integer of too many digits")
        }
        return value.asInt.map { .integer($0) } ?? .bigInteger(value)
    }

    private static func smallInteger(_ bytes: UnsafeRawBufferPointer) -> Int {
        var bits: UInt64 = bytes.last.map { $0 >= 0x80 ? .max : 0 } ?? 0
        for byte in bytes.reversed() { bits = bits << 8 | UInt64(byte) }
        return Int(Int64(bitPattern: bits))
    }

    /// Protocol 0: decimal digits; `00` and `01` are how it writes False and True, and a long ends with L.
    private func decimal(_ line: String, isLong: Bool) throws(FormatError) -> PickleGraph.Item {
        if !isLong, line == "00" { return .bool(false) }
        if !isLong, line == "01" { return .bool(true) }
        let digits = isLong && line.hasSuffix("L") ? line.dropLast() : Substring(line)
        if let value = Int(digits) { return .integer(value) }
        guard digits.utf8.count <= limits.digits else { throw reader.error(.limit, "has an integer of more than \(limits.digits) digits") }
        guard let value = BigInteger(decimal: digits) else { throw reader.malformed("has an integer with other signs than digits") }
        return .bigInteger(value)
    }

    mutating func lineNumber() throws(FormatError) -> Int {
        guard let value = Int(try asciiLine()), value >= 0 else { throw reader.malformed("has a memo index that is not a number") }
        return value
    }

    mutating func float(_ opcode: PickleOpcode) throws(FormatError) -> Double {
        if opcode == .binFloat { return Double(bitPattern: try reader.bigEndian(UInt64.self)) }
        guard let value = Double(try asciiLine()) else { throw reader.malformed("has a float that is not a number") }
        return value
    }

    // MARK: Text

    mutating func text(_ opcode: PickleOpcode) throws(FormatError) -> String {
        switch opcode {
        case .shortBinUnicode: try utf8(Int(try reader.byte()))
        case .binUnicode: try utf8(try reader.count(UInt32.self))
        case .binUnicode8: try utf8(try reader.count(UInt64.self))
        default: PickleText.unescapeRawUnicode(try reader.line())
        }
    }

    /// Python lets lone surrogates through, which Swift's text can't hold: they become U+FFFD.
    private mutating func utf8(_ count: Int) throws(FormatError) -> String {
        let bytes = try reader.bytes(count)
        guard let text = PickleText.decode(bytes) else { throw reader.malformed("holds text that is not UTF-8") }
        return text
    }

    mutating func oldString(_ opcode: PickleOpcode) throws(FormatError) -> Bytes {
        switch opcode {
        case .shortBinString: return try reader.bytes(Int(try reader.byte()))
        case .binString:
            let count: Int32 = try reader.littleEndian()
            guard count >= 0 else { throw reader.malformed("has a string of \(count) bytes") }
            return try reader.bytes(Int(count))
        default:
            guard let content = PickleText.unquote(try reader.line().array) else { throw reader.malformed("has a string without quotes") }
            return Bytes(content)
        }
    }

    mutating func bytes(_ opcode: PickleOpcode) throws(FormatError) -> Bytes {
        switch opcode {
        case .shortBinBytes: try reader.bytes(Int(try reader.byte()))
        case .binBytes: try reader.bytes(try reader.count(UInt32.self))
        default: try reader.bytes(try reader.count(UInt64.self))
        }
    }

    mutating func asciiLine() throws(FormatError) -> String {
        guard let text = PickleText.decode(try reader.line()) else { throw reader.malformed("has a line that is not text") }
        return text
    }
}

/// The ways in which pickles write text.
enum PickleText {
    /// UTF-8 that may hold surrogates (ED A0..BF xx); `nil` for anything else that is not UTF-8.
    static func decode(_ bytes: Bytes) -> String? {
        // Bound to its type, the buffer is validated in one go.
        let text = bytes.withBytes { buffer in buffer.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) } }
        if let text { return text }
        var repaired = bytes.array
        var index = 0
        while index + 2 < repaired.count {
            if repaired[index] == 0xED, repaired[index + 1] >= 0xA0, repaired[index + 1] <= 0xBF, repaired[index + 2] & 0xC0 == 0x80 {
                repaired.replaceSubrange(index..<(index + 3), with: [0xEF, 0xBF, 0xBD])
                index += 2
            }
            index += 1
        }
        return String(validating: repaired, as: UTF8.self)
    }

    /// Latin-1, in which \uXXXX and \UXXXXXXXX stand for other characters.
    static func unescapeRawUnicode(_ line: Bytes) -> String {
        let line = line.array
        var scalars = String.UnicodeScalarView()
        var index = 0
        while index < line.count {
            if line[index] == UInt8(ascii: "\\"), let (scalar, length) = escapedScalar(line[(index + 1)...]) {
                scalars.append(scalar)
                index += 1 + length
            } else {
                scalars.append(Unicode.Scalar(line[index]))
                index += 1
            }
        }
        return String(scalars)
    }

    private static func escapedScalar(_ rest: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        guard let letter = rest.first, letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U") else { return nil }
        let digitCount = letter == UInt8(ascii: "u") ? 4 : 8
        let digits = rest.dropFirst().prefix(digitCount)
        guard digits.count == digitCount, let code = hexadecimal(digits) else { return nil }
        return (Unicode.Scalar(code) ?? "\u{FFFD}", digitCount + 1)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// The content of a Python 2 string literal; `nil` when it is not quoted.
    static func unquote(_ line: [UInt8]) -> [UInt8]? {
        let isQuote = { (byte: UInt8) in byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }
        guard line.count >= 2, let first = line.first, isQuote(first), line.last == first else { return nil }
        var content: [UInt8] = []
        var rest = line[1..<(line.count - 1)]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
                content.append(byte)
                continue
            }
            unescape(letter, &rest, into: &content)
        }
        return content
    }

    private static func unescape(_ letter: UInt8, _ rest: inout ArraySlice<UInt8>, into content: inout [UInt8]) {
        switch letter {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(letter)
        case UInt8(ascii: "x"):
            guard rest.count >= 2, let code = hexadecimal(rest.prefix(2)) else {
                content += [UInt8(ascii: "\\"), letter]
                return
            }
            rest = rest.dropFirst(2)
            content.append(UInt8(truncatingIfNeeded: code))
        default: content += [UInt8(ascii: "\\"), letter]
        }
    }
}
