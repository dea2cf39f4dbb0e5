/// Words that can't name a variable. All of them may still be dict keys, labels and field names.
public enum Keyword: String, Sendable, CaseIterable {
    case `let`, `return`, `break`, `continue`, `if`, `else`, `for`, `in`, `while`, `try`, `catch`, `finally`, def
    case and, or, not, `true`, `false`, null, `self`
}

/// Operators and punctuation.
public enum Symbol: String, Sendable, CaseIterable {
    case leftParenthesis = "(", rightParenthesis = ")", leftBracket = "[", rightBracket = "]", leftBrace = "{", rightBrace = "}"
    case comma = ",", colon = ":", semicolon = ";", dot = ".", assign = "="
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case plus = "+", minus = "-", star = "*", slash = "/", doubleSlash = "//", percent = "%", at = "@", power = "**"
    case coalesce = "??", rangeBelow = "..<", rangeThrough = "..."
    case plusAssign = "+=", minusAssign = "-=", starAssign = "*=", slashAssign = "/="
    case doubleSlashAssign = "//=", percentAssign = "%=", powerAssign = "**="
}

/// A word, number, mark or piece of a string. White space and comments stand between tokens.
public struct Token: Sendable {
    public enum Kind: Sendable, Equatable {
        case name, integer, float
        case keyword(Keyword)
        case symbol(Symbol)
        /// A raw `'…'`.
        case rawString(String)
        /// `"…"` and `"""…"""` come in pieces: start, texts and interpolations in turn, end.
        case stringStart
        /// With escapes decoded and a block's indentation taken off.
        case stringText(String)
        case interpolationStart, interpolationEnd
        case stringEnd
        case end
    }

    public var kind: Kind
    public let span: Span
    /// Not glued to what stands before it.
    public let hasSpaceBefore: Bool
    /// The first token of a line.
    public let hasNewlineBefore: Bool
}

/// A source taken to pieces.
public struct TokenList: Sendable {
    /// The last one is `end`.
    public let tokens: [Token]
    /// From `#` to the end of the line; a `#!` line too.
    public let comments: [Span]
}
