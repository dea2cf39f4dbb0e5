/// Takes a source to pieces in one pass. A string's interpolation may hold strings in turn: `open` is the stack of
/// those under way, so the depth costs no call stack.
struct Lexer {
    let source: Source
    let bytes: [UInt8]
    var position = 0
    var tokens: [Token] = []
    var comments: [Span] = []
    var hasSpace = true
    var hasNewline = true
    /// Strings whose interpolation is being read, outermost first.
    var open: [OpenString] = []

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
        tokens.reserveCapacity(bytes.count / 4 + 4)
    }

    static func tokens(of source: Source) throws(Failure) -> TokenList {
        var lexer = Lexer(source)
        lexer.skipFirstLine()
        try lexer.run()
        return TokenList(tokens: lexer.tokens, comments: lexer.comments)
    }

    mutating func skipFirstLine() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if peek() == UInt8(ascii: "#"), peek(1) == UInt8(ascii: "!") { skipComment() }
    }

    mutating func run() throws(Failure) {
        while true {
            skipBlank()
            guard position < bytes.count else { break }
            try readToken()
        }
        if let string = open.last { throw unterminated(string) }
        add(.end, from: bytes.count)
    }

    func peek(_ distance: Int = 0) -> UInt8 {
        let index = position + distance
        return index < bytes.count ? bytes[index] : 0
    }

    mutating func add(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, span: Span(start, position), hasSpaceBefore: hasSpace, hasNewlineBefore: hasNewline))
        hasSpace = false
        hasNewline = false
    }

    func failure(_ message: String, _ span: Span, hint: String? = nil) -> Failure {
        Failure("syntax", message, hint: hint, location: Location(source: source, span: span))
    }

    private mutating func skipBlank() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n"):
                // An interpolation of a one-line string ends with its line, or one slip would swallow the file.
                if let string = open.last, !string.isBlock { return }
                hasNewline = true
                position += 1
            case UInt8(ascii: "#"): skipComment()
            default: return
            }
            hasSpace = true
        }
    }

    private mutating func skipComment() {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        // Of a file with the line ends of DOS.
        let end = bytes[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
        comments.append(Span(start, end))
    }

    private mutating func readToken() throws(Failure) {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): readWord()
        case UInt8(ascii: "\""): try startString()
        case UInt8(ascii: "'"): try readRawString()
        case UInt8(ascii: "\n"): throw open.last.map(unterminated) ?? failure("unexpected end of line", Span(position, position))
        case 0x80...: try readUnicodeWord()
        default: try readSymbol(byte)
        }
    }

    // MARK: words

    private mutating func readWord() {
        let start = position
        while position < bytes.count, Lexer.continuesWord(bytes[position]) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        add(Keyword(rawValue: word).map { .keyword($0) } ?? .name, from: start)
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }

    private mutating func readUnicodeWord() throws(Failure) {
        let start = position
        var end = position
        while end < bytes.count, Lexer.continuesWord(bytes[end]) { end += 1 }
        let word = String(decoding: bytes[start..<end], as: UTF8.self)
        guard let first = word.unicodeScalars.first, first.properties.isXIDStart,
            word.unicodeScalars.allSatisfy({ $0.properties.isXIDContinue })
        else {
            let stranger = word.first.map(String.init) ?? ""
            throw failure("unexpected character `\(stranger)`", Span(start, start + stranger.utf8.count), hint: Lexer.look(alike: stranger))
        }
        position = end
        add(.name, from: start)
    }

    /// Text copied from a formatted page has marks that only look right.
    private static func look(alike character: String) -> String? {
        switch character {
        case "\u{201C}", "\u{201D}", "\u{201E}": "use plain quotes: \""
        case "\u{2018}", "\u{2019}": "use plain quotes: '"
        case "\u{2013}", "\u{2014}", "\u{2212}": "use a plain minus: -"
        case "\u{A0}": "this is a no-break space: use a plain one"
        default: nil
        }
    }

    // MARK: marks

    private mutating func readSymbol(_ byte: UInt8) throws(Failure) {
        let start = position
        for length in stride(from: 3, through: 1, by: -1) where start + length <= bytes.count {
            guard let symbol = Symbol(rawValue: String(decoding: bytes[start..<start + length], as: UTF8.self)) else { continue }
            if closesInterpolation(symbol) { return try resumeString() }
            position += length
            return add(.symbol(symbol), from: start)
        }
        throw strangeMark(byte, start)
    }

    /// Counts the parentheses of an interpolation; its own closing one is not a mark of the expression.
    private mutating func closesInterpolation(_ symbol: Symbol) -> Bool {
        guard let last = open.indices.last else { return false }
        switch symbol {
        case .leftParenthesis: open[last].parentheses += 1
        case .rightParenthesis:
            if open[last].parentheses == 0 { return true }
            open[last].parentheses -= 1
        default: break
        }
        return false
    }

    private func strangeMark(_ byte: UInt8, _ start: Int) -> Failure {
        let pair = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self)
        switch pair {
        case "&&": return failure("unexpected `&&`", Span(start, start + 2), hint: "write `and`")
        case "||": return failure("unexpected `||`", Span(start, start + 2), hint: "write `or`")
        default: break
        }
        let mark = byte < 0x20 || byte == 0x7F ? "control character \(byte)" : "`\(Character(Unicode.Scalar(byte)))`"
        return failure("unexpected \(mark)", Span(start, start + 1), hint: byte == UInt8(ascii: "!") ? "write `not`" : nil)
    }
}
