import CrateValues

extension Lexer {
    /// `12`, `1_000`, `0x1F`, `0b101`, `0o17`, `1.5`, `2e-3`. The text is read into a number by the parser.
    mutating func readNumber() throws(Failure) {
        let start = position
        if peek() == UInt8(ascii: "0"), let radix = Lexer.radix(of: peek(1)) { return try readInteger(radix: radix, from: start) }
        var kind = Token.Kind.integer
        skipDigits()
        if peek() == UInt8(ascii: "."), Lexer.isDigit(peek(1)) {
            kind = .float
            position += 1
            skipDigits()
        }
        if readExponent() { kind = .float }
        try refuseLetters(from: start)
        add(kind, from: start)
    }

    private static func radix(of letter: UInt8) -> Int? {
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): 16
        case UInt8(ascii: "b"), UInt8(ascii: "B"): 2
        case UInt8(ascii: "o"), UInt8(ascii: "O"): 8
        default: nil
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipDigits() {
        while Lexer.isDigit(peek()) || (peek() == UInt8(ascii: "_") && Lexer.isDigit(peek(1))) { position += 1 }
    }

    private mutating func readExponent() -> Bool {
        guard peek() | 0x20 == UInt8(ascii: "e") else { return false }
        let isSigned = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
        guard Lexer.isDigit(peek(isSigned ? 2 : 1)) else { return false }
        position += isSigned ? 2 : 1
        skipDigits()
        return true
    }

    private mutating func readInteger(radix: Int, from start: Int) throws(Failure) {
        position += 2
        let digits = position
        while peek().hexadecimalDigit.map({ $0 < radix }) ?? (peek() == UInt8(ascii: "_")) { position += 1 }
        if position == digits { throw failure("a digit is missing in this number", Span(start, position)) }
        try refuseLetters(from: start)
        add(.integer, from: start)
    }

    private mutating func refuseLetters(from start: Int) throws(Failure) {
        let end = position
        while Lexer.isDigit(peek()) || peek() == UInt8(ascii: "_") || (peek() | 0x20 >= UInt8(ascii: "a") && peek() | 0x20 <= UInt8(ascii: "z")) {
            position += 1
        }
        guard position > end else { return }
        throw failure("`\(source.text(Span(start, position)))` is not a number", Span(start, position), hint: "a name can't start with a digit")
    }
}
