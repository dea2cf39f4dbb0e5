/// A string whose pieces are being read.
struct OpenString {
    let start: Int
    /// `"""…"""`
    let isBlock: Bool
    /// Where the interpolation under way starts, for messages.
    var interpolation = 0
    /// Parentheses open inside it.
    var parentheses = 0
    /// Of a block: each text token's index and its lines, for taking the indentation off at the end.
    var pieces: [(token: Int, lines: [BlockLine])] = []
}

/// One line of a piece of a block string.
struct BlockLine {
    /// Decoded UTF-8.
    var text: [UInt8] = []
    /// Spaces and tabs it starts with, as written.
    var indentation = 0
    /// Nothing but spaces and tabs so far.
    var isBlank = true
    /// A backslash ended the line before, so that no line break stands between.
    var continuesLine = false
}

extension Lexer {
    mutating func startString() throws(Failure) {
        let start = position
        let isBlock = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
        position += isBlock ? 3 : 1
        add(.stringStart, from: start)
        open.append(OpenString(start: start, isBlock: isBlock))
        try readPiece()
    }

    /// After an interpolation's `)`.
    mutating func resumeString() throws(Failure) {
        position += 1
        add(.interpolationEnd, from: position - 1)
        try readPiece()
    }

    /// Reads text up to the string's end or its next interpolation.
    private mutating func readPiece() throws(Failure) {
        guard let index = open.indices.last else { return }
        let string = open[index]
        let start = position
        var lines = [BlockLine()]
        while true {
            guard position < bytes.count else { throw unterminated(string) }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\""), !string.isBlock || (peek(1) == byte && peek(2) == byte) {
                endPiece(lines, from: start)
                return endString(string)
            }
            if string.isBlock, byte == UInt8(ascii: "\r"), peek(1) == UInt8(ascii: "\n") {
                // A line end is one line feed in the text, however the file writes it.
                position += 1
            } else if byte == UInt8(ascii: "\n") {
                if !string.isBlock { throw unterminated(string) }
                position += 1
                lines.append(BlockLine())
            } else if byte == UInt8(ascii: "\\") {
                if peek(1) == UInt8(ascii: "(") {
                    lines[lines.count - 1].isBlank = false
                    endPiece(lines, from: start)
                    return startInterpolation()
                }
                if string.isBlock, peek(1) == UInt8(ascii: "\n") || (peek(1) == UInt8(ascii: "\r") && peek(2) == UInt8(ascii: "\n")) {
                    position += peek(1) == UInt8(ascii: "\n") ? 2 : 3
                    lines[lines.count - 1].isBlank = false
                    lines.append(BlockLine(continuesLine: true))
                } else {
                    try readEscape(into: &lines[lines.count - 1])
                }
            } else {
                lines[lines.count - 1].add(byte)
                position += 1
            }
        }
    }

    private mutating func endPiece(_ lines: [BlockLine], from start: Int) {
        guard let index = open.indices.last else { return }
        if open[index].isBlock { open[index].pieces.append((token: tokens.count, lines: lines)) }
        add(.stringText(String(decoding: lines[0].text, as: UTF8.self)), from: start)
    }

    private mutating func startInterpolation() {
        position += 2
        add(.interpolationStart, from: position - 2)
        open[open.count - 1].interpolation = position - 2
        open[open.count - 1].parentheses = 0
    }

    private mutating func endString(_ string: OpenString) {
        let pieces = open.removeLast().pieces
        if string.isBlock { for (token, text) in Indentation(pieces).texts { tokens[token].kind = .stringText(text) } }
        let end = position
        position += string.isBlock ? 3 : 1
        add(.stringEnd, from: end)
    }

    func unterminated(_ string: OpenString) -> Failure {
        var failure =
            string.isBlock
            ? failure("this string has no closing `\"\"\"`", Span(string.start, string.start + 3))
            : failure("this string has no closing `\"`", Span(string.start, min(lineEnd(string.start), bytes.count)), hint: "a string that spans lines starts with `\"\"\"`")
        failure.isIncomplete = string.isBlock && position >= bytes.count
        return failure
    }

    private func lineEnd(_ start: Int) -> Int { bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count }

    // MARK: escapes

    private mutating func readEscape(into line: inout BlockLine) throws(Failure) {
        let start = position
        position += 2
        switch bytes.indices.contains(start + 1) ? bytes[start + 1] : 0 {
        case UInt8(ascii: "n"): line.add(escaped: "\n")
        case UInt8(ascii: "t"): line.add(escaped: "\t")
        case UInt8(ascii: "r"): line.add(escaped: "\r")
        case UInt8(ascii: "b"): line.add(escaped: "\u{8}")
        case UInt8(ascii: "f"): line.add(escaped: "\u{C}")
        case UInt8(ascii: "0"): line.add(escaped: "\0")
        case UInt8(ascii: "\\"): line.add(escaped: "\\")
        case UInt8(ascii: "/"): line.add(escaped: "/")
        case UInt8(ascii: "\""): line.add(escaped: "\"")
        case UInt8(ascii: "'"): line.add(escaped: "'")
        case UInt8(ascii: "u"): line.add(escaped: try readUnicodeEscape(from: start))
        default:
            position = min(position, bytes.count)
            throw failure("unknown escape `\(source.text(Span(start, position)))`", Span(start, position), hint: "a backslash itself is written `\\\\`, or use a raw string: '…'")
        }
    }

    /// JSON's `\uD83D\uDE00` and Swift's `\u{1F600}`. Half a surrogate pair, which JSON allows, stands for U+FFFD.
    private mutating func readUnicodeEscape(from start: Int) throws(Failure) -> Unicode.Scalar {
        if peek() == UInt8(ascii: "{") { return try readBracedEscape(from: start) }
        let first = try readHex(4, from: start)
        if (0xD800..<0xDC00).contains(first), peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
            let resume = position
            position += 2
            if let second = try? readHex(4, from: start), (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            position = resume
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func readHex(_ count: Int, from start: Int) throws(Failure) -> UInt32 {
        let end = position + count
        guard end <= bytes.count, bytes[position..<end].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
        else { throw failure("`\\u` needs four hexadecimal digits", Span(start, min(position, bytes.count))) }
        position = end
        return code
    }

    private mutating func readBracedEscape(from start: Int) throws(Failure) -> Unicode.Scalar {
        position += 1
        let digits = position
        while Character(Unicode.Scalar(peek())).isHexDigit, position - digits < 8 { position += 1 }
        guard peek() == UInt8(ascii: "}"), let code = UInt32(String(decoding: bytes[digits..<position], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(code)
        else { throw failure("`\\u{…}` needs the hexadecimal number of a character", Span(start, min(position, bytes.count))) }
        position += 1
        return scalar
    }

    // MARK: raw strings

    mutating func readRawString() throws(Failure) {
        let start = position
        let end = lineEnd(start)
        guard let close = bytes[(start + 1)..<end].firstIndex(of: UInt8(ascii: "'")) else {
            throw failure("this string has no closing `'`", Span(start, end))
        }
        position = close + 1
        add(.rawString(String(decoding: bytes[(start + 1)..<close], as: UTF8.self)), from: start)
    }
}

extension BlockLine {
    mutating func add(_ byte: UInt8) {
        let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
        if isBlank, isSpace { indentation += 1 } else if byte != UInt8(ascii: "\r") { isBlank = false }
        text.append(byte)
    }

    mutating func add(escaped scalar: Unicode.Scalar) {
        isBlank = false
        text.append(contentsOf: String(Character(scalar)).utf8)
    }
}

/// Takes from a block string what only serves its layout: the line breaks beside the quotes, and the indentation that
/// all its lines (blank ones aside) and the closing quotes share. A block that begins on the line of its opening
/// quotes is kept as it is.
struct Indentation {
    private(set) var texts: [(token: Int, text: String)] = []

    init(_ pieces: [(token: Int, lines: [BlockLine])]) {
        var pieces = pieces
        guard let first = pieces.first, let last = pieces.last, first.lines.count > 1, first.lines[0].isBlank else {
            texts = pieces.map { ($0.token, Indentation.joined($0.lines)) }
            return
        }
        pieces[0].lines.removeFirst()
        let closing = last.lines.count > 1 || pieces.count == 1 ? last.lines[last.lines.count - 1] : BlockLine(isBlank: false)
        let isClosedOnOwnLine = closing.isBlank
        let common = Indentation.common(pieces, isClosedOnOwnLine: isClosedOnOwnLine)
        if isClosedOnOwnLine { pieces[pieces.count - 1].lines.removeLast() }
        for (index, piece) in pieces.enumerated() {
            let lines = piece.lines.enumerated().map { number, line in
                index == 0 || number > 0
                    ? BlockLine(text: Array(line.text.dropFirst(min(common, line.indentation))), continuesLine: line.continuesLine) : line
            }
            texts.append((piece.token, Indentation.joined(lines)))
        }
    }

    /// The least indentation of a line that counts. A piece's first line continues the line of an interpolation,
    /// except in the first piece.
    private static func common(_ pieces: [(token: Int, lines: [BlockLine])], isClosedOnOwnLine: Bool) -> Int {
        var common = Int.max
        for (index, piece) in pieces.enumerated() {
            for (number, line) in piece.lines.enumerated() where index == 0 || number > 0 {
                let isClosing = isClosedOnOwnLine && index == pieces.count - 1 && number == piece.lines.count - 1
                if !line.isBlank || isClosing { common = min(common, line.indentation) }
            }
        }
        return common == Int.max ? 0 : common
    }

    private static func joined(_ lines: [BlockLine]) -> String {
        var text: [UInt8] = []
        for (number, line) in lines.enumerated() {
            if number > 0, !line.continuesLine { text.append(UInt8(ascii: "\n")) }
            text += line.text
        }
        return String(decoding: text, as: UTF8.self)
    }
}
