/// Which brackets of a source belong together, and what is still open at its end; also of a source that can't be read.
public struct Nesting: Sendable {
    /// Offsets of the brackets of each pair.
    public private(set) var pairs: [(open: Int, close: Int)] = []
    /// Offsets of the brackets without an end, outermost first. Those of an interpolation count.
    public private(set) var open: [Int] = []
    /// Offsets of closing brackets that close nothing.
    public private(set) var strays: [Int] = []
    /// Where the string begins that the source ends in.
    public private(set) var openString: Int?
    /// Whether that string spans lines.
    public private(set) var isOpenStringBlock = false

    public init(of source: Source) {
        let (list, failures) = Lexer.allTokens(of: source)
        for token in list.tokens { take(token, source) }
        guard let start = failures.last?.location?.span.start, let quote = source.bytes.indices.contains(start) ? source.bytes[start] : nil else { return }
        // An interpolation that is open stands outside of its string.
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), open.last.map({ $0 < start }) ?? true else { return }
        let isBlock = quote == UInt8(ascii: "\"") && source.bytes[start...].starts(with: Array("\"\"\"".utf8))
        guard isBlock || !source.bytes[start...].contains(UInt8(ascii: "\n")) else { return }
        openString = start
        isOpenStringBlock = isBlock
    }

    private mutating func take(_ token: Token, _ source: Source) {
        switch token.kind {
        case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace): open.append(token.span.start)
        case .interpolationStart: open.append(max(0, token.span.end - 1))
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace), .interpolationEnd: close(token.span.start, source)
        default: break
        }
    }

    private mutating func close(_ offset: Int, _ source: Source) {
        guard let last = open.last, Self.closing(source.bytes[last]) == source.bytes[offset] else { return strays.append(offset) }
        open.removeLast()
        pairs.append((last, offset))
    }

    private static func closing(_ open: UInt8) -> UInt8 {
        switch open {
        case UInt8(ascii: "("): UInt8(ascii: ")")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        default: UInt8(ascii: "}")
        }
    }

    /// The pair with a bracket at the offset, or just before it.
    public func pair(at offset: Int) -> (open: Int, close: Int)? {
        pairs.last { $0.open == offset || $0.close == offset } ?? pairs.last { $0.open == offset - 1 || $0.close == offset - 1 }
    }

    /// Blanks that the line after `source` begins with: two more than the line that opened the innermost bracket, or as many when the line
    /// closes it. A statement that goes on without a bracket is indented once.
    public func indentation(in source: Source, closing: Bool) -> Int {
        if openString != nil { return 0 }
        if let bracket = open.last { return Self.blanks(source, lineOf: bracket) + (closing ? 0 : Formatter.step) }
        let last = Self.blanks(source, lineOf: source.bytes.count)
        return source.bytes.contains(UInt8(ascii: "\n")) ? last : last + Formatter.step
    }

    private static func blanks(_ source: Source, lineOf offset: Int) -> Int {
        let start = source.bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return source.bytes[start...].prefix { $0 == UInt8(ascii: " ") }.count
    }
}
