import CrateValues

/// Strings in double quotes.
extension JSONReader {
    /// The string that begins at the quote under `position`.
    mutating func readString() throws(FormatError) -> String {
        let start = position + 1
        position = plainEnd(from: start)
        if position < end, bytes[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        }
        return try readEscapedString(from: start)
    }

    /// A string with escapes, gathered piece by piece.
    private mutating func readEscapedString(from start: Int) throws(FormatError) -> String {
        var pieces: [UInt8] = []
        var pieceStart = start
        while position < end {
            pieces.append(contentsOf: bytes[pieceStart..<position])
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: pieces, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try readEscape(into: &pieces)
            default:
                throw controlCharacter()
            }
            pieceStart = position
            position = plainEnd(from: position)
        }
        position = end
        throw truncated("inside the string that begins in \(whereabouts(of: start - 1))")
    }

    private func whereabouts(of offset: Int) -> String {
        if case .line(let line, let column) = place(offset) { "line \(line), column \(column)" } else { "" }
    }

    private func controlCharacter() -> FormatError {
        let byte = bytes[position]
        if byte == 0x0A {
            return malformed("a line ends inside a string", at: position, hint: "close the quote, or write the line end as \\n")
        }
        let digits = String(byte, radix: 16)
        let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        return malformed(
            "a raw control character inside a string", at: position, hint: byte == 9 ? "write the tab as \\t" : "write it as \(escape)")
    }

    private mutating func readEscape(into pieces: inout [UInt8]) throws(FormatError) {
        let start = position
        position += 1
        guard position < end else { return }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): pieces.append(byte)
        case UInt8(ascii: "n"): pieces.append(0x0A)
        case UInt8(ascii: "t"): pieces.append(0x09)
        case UInt8(ascii: "r"): pieces.append(0x0D)
        case UInt8(ascii: "b"): pieces.append(0x08)
        case UInt8(ascii: "f"): pieces.append(0x0C)
        case UInt8(ascii: "u"): pieces.append(contentsOf: UTF8.encode(try readScalarEscape(start: start)) ?? .init())
        default:
            throw malformed(
                "an unknown escape", at: start, hint: "JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; a backslash is written \\\\")
        }
    }

    /// What `\uXXXX` or a pair of surrogates stands for.
    private mutating func readScalarEscape(start: Int) throws(FormatError) -> Unicode.Scalar {
        let unit = try readHexadecimal(start: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if unit < 0xDC00, position + 1 < end, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") {
            position += 2
            let low = try readHexadecimal(start: position - 2)
            if low >= 0xDC00, low < 0xE000, let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) { return scalar }
        }
        throw malformed("half of a surrogate pair", at: start, hint: "it is no character, and no text file can hold it")
    }

    private mutating func readHexadecimal(start: Int) throws(FormatError) -> UInt32 {
        guard end - position >= 4 else { throw truncated("inside an escape") }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = byte.hexadecimalDigit else {
                throw malformed("\\u needs four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }

    /// The first quote, backslash or control character from `offset`, or the end. Eight bytes at a time: in each comparison
    /// a byte that matches gets its top bit set (false ones may follow only behind a true one).
    @inline(__always)
    private func plainEnd(from offset: Int) -> Int {
        var offset = offset
        while offset &+ 8 <= end {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let quote = word ^ 0x2222_2222_2222_2222
            let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let ones: UInt64 = 0x0101_0101_0101_0101
            let found = ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word) & (ones &* 0x80)
            if found != 0 { return offset &+ found.trailingZeroBitCount >> 3 }
            offset &+= 8
        }
        while offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return offset }
            offset &+= 1
        }
        return end
    }
}
