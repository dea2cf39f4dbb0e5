/// What a piece of a program is, for those who show it in colour.
public enum SyntaxClass: Sendable, Equatable {
    case comment, keyword, number, string
    /// A command at the beginning of a statement.
    case verb
    /// A name that is called.
    case call
    /// A label of an argument or a key of a dict.
    case label
}

/// The pieces of `source` that have a colour, in order. What can't be read, as a text without its end, has none.
public func highlighting(of source: Source, isVerb: (String) -> Bool) -> [(span: Span, class: SyntaxClass)] {
    let (list, _) = Lexer.allTokens(of: source)
    var pieces: [(span: Span, class: SyntaxClass)] = list.comments.map { ($0, .comment) }
    var startsStatement = true
    for (index, token) in list.tokens.enumerated() {
        let next = index + 1 < list.tokens.count ? list.tokens[index + 1] : nil
        if token.hasNewlineBefore { startsStatement = true }
        if let found = syntaxClass(of: token, next, startsStatement, source, isVerb) { pieces.append((token.span, found)) }
        startsStatement = token.beginsStatements
    }
    return pieces.sorted { $0.span.start < $1.span.start }
}

private func syntaxClass(
    of token: Token, _ next: Token?, _ startsStatement: Bool, _ source: Source, _ isVerb: (String) -> Bool
) -> SyntaxClass? {
    switch token.kind {
    case .keyword: return .keyword
    case .integer, .float: return .number
    case .rawString, .stringStart, .stringText, .stringEnd: return .string
    case .name:
        let isGlued = next.map { !$0.hasSpaceBefore && $0.kind == .symbol(.leftParenthesis) } ?? false
        if isGlued { return .call }
        if next?.kind == .symbol(.colon) { return .label }
        return startsStatement && isVerb(source.word(token.span)) ? .verb : nil
    default: return nil
    }
}

extension Token {
    fileprivate var beginsStatements: Bool {
        switch kind {
        case .symbol(.semicolon), .symbol(.leftBrace), .symbol(.rightBrace): true
        default: false
        }
    }
}

extension Source {
    fileprivate func word(_ span: Span) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }
}
