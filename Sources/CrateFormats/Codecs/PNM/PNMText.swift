import CrateValues

/// Netpbm's text: numbers between blanks, with comments from `#` to the end of the line.
struct PNMText {
    private(set) var reader: ByteReader

    init(_ bytes: Bytes) { reader = ByteReader(bytes, format: "PNM") }

    func malformed(_ reason: String) -> FormatError { reader.malformed(reason) }

    /// 1 to 6.
    mutating func magicNumber() throws(FormatError) -> Int {
        let letter = try reader.byte()
        let digit = try reader.byte()
        if letter == UInt8(ascii: "P"), digit == UInt8(ascii: "7") { throw reader.error(.unsupported, "is a PAM file (P7)") }
        guard letter == UInt8(ascii: "P"), (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(digit) else {
            throw FormatError(.malformed, "PNM", "does not begin with P1 to P6", at: .byte(0))
        }
        return Int(digit - UInt8(ascii: "0"))
    }

    /// The next number, which must end at a blank or at the end.
    mutating func number(_ name: @autoclosure () -> String = "a sample") throws(FormatError) -> Int {
        skipBlanks()
        var value = 0
        var digits = 0
        while let byte = reader.peek(), let digit = PNMText.digit(byte) {
            value = value * 10 + digit
            digits += 1
            guard digits <= 10 else { throw reader.malformed("has a number of more than 10 digits") }
            try reader.skip(1)
        }
        guard digits > 0 else {
            if reader.isAtEnd { throw reader.error(.truncated, "ends where \(name()) should stand") }
            throw reader.malformed("has no number where \(name()) should stand")
        }
        if let byte = reader.peek(), !PNMText.isBlank(byte), byte != UInt8(ascii: "#") {
            throw reader.malformed("has a number with other characters in it")
        }
        return value
    }

    /// A 0 or 1, which may stand next to the one before.
    mutating func bit() throws(FormatError) -> UInt8 {
        skipBlanks()
        guard let byte = reader.peek() else { throw reader.error(.truncated, "ends where a bit should stand") }
        guard let digit = PNMText.digit(byte), digit <= 1 else { throw reader.malformed("has something other than a 0 or 1") }
        try reader.skip(1)
        return UInt8(digit)
    }

    mutating func blank() throws(FormatError) {
        guard PNMText.isBlank(try reader.byte()) else { throw reader.malformed("has no blank before its samples") }
    }

    private mutating func skipBlanks() {
        var isComment = false
        while let byte = reader.peek() {
            if byte == 0x0A || byte == 0x0D { isComment = false } else if byte == UInt8(ascii: "#") { isComment = true }
            guard isComment || PNMText.isBlank(byte) else { return }
            guard (try? reader.skip(1)) != nil else { return }
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
