/// Tokens to a tree, by recursive descent. Newlines are no tokens: each token knows whether it starts a line, and
/// inside brackets that does not matter.
///
/// ## Commands and variables
/// A statement that begins with a name is a command when what follows could begin an argument: a literal, a name, a
/// `{`, a `(` or `[` after a space, `not`, a label, or a `-` glued to its operand after a space when the name is a
/// verb. Otherwise it is an expression: `note = 3`, `note + 1`, `note(3)`, `note.size`, `note[0]`, `note - 1`.
/// A `{` behind a command that takes a block begins the block: `transaction { … }`.
/// A name that stands alone is the variable if there is one in scope, else the command without arguments.
/// Inside expressions a variable always comes before a verb or function of its name. So a new verb breaks no old
/// script: no statement that is an expression today becomes a command.
public struct Parser {
    let source: Source
    let lexed: TokenList
    var index = 0
    /// Brackets open around the current token; inside, newlines are white space.
    var brackets = 0
    /// Nested constructs under way, bounded so that no source can exhaust the call stack.
    var depth = 0
    var identifierCount = 0
    var functionDepth = 0
    var loopDepth = 0
    /// The command whose block is being parsed, outside of functions in it.
    var blockOwner: String?
    let isVerb: (String) -> Bool
    let takesBlock: (String) -> Bool
    /// What a checker's parser found wrong so far; `nil` for one that stops at the first mistake.
    var recovery: Recovery?

    static let deepest = 200
    static let tooDeep = "this is nested too deeply"
    static let tallest = 1000

    init(_ source: Source, isVerb: @escaping (String) -> Bool, takesBlock: @escaping (String) -> Bool) throws(Failure) {
        self.source = source
        self.isVerb = isVerb
        self.takesBlock = takesBlock
        lexed = try Lexer.tokens(of: source)
    }

    /// A parser that goes on after mistakes.
    init(recoveringIn source: Source, _ lexed: TokenList, isVerb: @escaping (String) -> Bool, takesBlock: @escaping (String) -> Bool) {
        self.source = source
        self.isVerb = isVerb
        self.takesBlock = takesBlock
        self.lexed = lexed
        recovery = Recovery()
    }

    /// Parses a whole source.
    ///
    /// - Parameters:
    ///   - isVerb: whether a name is a command's; only `verb -1` depends on it.
    ///   - takesBlock: whether what follows as `{` begins a command's block rather than a dict.
    /// - Throws: a failure of kind `syntax` with the place and what was expected.
    public static func parse(_ source: Source, isVerb: @escaping (String) -> Bool = { _ in false }, takesBlock: @escaping (String) -> Bool = { _ in false })
        throws(Failure) -> Program
    {
        var parser = try Parser(source, isVerb: isVerb, takesBlock: takesBlock)
        let statements = try parser.statements { $0 == .end }
        return Program(source: source, statements: statements, comments: parser.lexed.comments, identifierCount: parser.identifierCount)
    }

    // MARK: tokens

    var current: Token { lexed.tokens[index] }

    var next: Token { lexed.tokens[min(index + 1, lexed.tokens.count - 1)] }

    var previousEnd: Int { index > 0 ? lexed.tokens[index - 1].span.end : 0 }

    /// Whether a newline ends the statement here.
    var isAtLineEnd: Bool { current.kind == .end || (brackets == 0 && current.hasNewlineBefore) }

    @discardableResult
    mutating func advance() -> Token {
        let token = current
        if index < lexed.tokens.count - 1 { index += 1 }
        return token
    }

    func isAt(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

    func isAt(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }

    mutating func match(_ symbol: Symbol) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    mutating func match(_ keyword: Keyword) -> Bool {
        guard isAt(keyword) else { return false }
        advance()
        return true
    }

    @discardableResult
    mutating func expect(_ symbol: Symbol, _ purpose: String, hint: String? = nil) throws(Failure) -> Token {
        guard isAt(symbol) else { throw expected("`\(symbol.rawValue)` \(purpose)", hint: hint) }
        return advance()
    }

    /// Reads what stands between an opening bracket, just read, and its closing one.
    mutating func bracketed<Result>(
        _ opening: Token, _ closing: Symbol, _ body: (inout Parser) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        brackets += 1
        let result = try body(&self)
        guard isAt(closing) else { throw unclosed(opening, closing) }
        brackets -= 1
        advance()
        return result
    }

    mutating func nested<Result>(_ body: (inout Parser) throws(Failure) -> Result) throws(Failure) -> Result {
        depth += 1
        if depth > Parser.deepest { throw failure(Parser.tooDeep, current.span) }
        let result = try body(&self)
        depth -= 1
        return result
    }

    mutating func identifier(_ token: Token) -> Identifier {
        identifierCount += 1
        return Identifier(name: source.text(token.span), span: token.span, id: identifierCount - 1)
    }

    /// The name of a variable, function or parameter.
    mutating func declaredName(_ what: String) throws(Failure) -> Identifier {
        if case .keyword(let keyword) = current.kind {
            throw failure("`\(keyword.rawValue)` is a word of the language and can't name \(what)", current.span)
        }
        guard current.kind == .name, !isAtLineEnd else { throw expected("a name for \(what)") }
        return identifier(advance())
    }

    /// A word that may be a keyword: a field, label or key.
    var isAtWord: Bool {
        switch current.kind {
        case .name, .keyword: true
        default: false
        }
    }

    // MARK: messages

    func failure(_ message: String, _ span: Span, hint: String? = nil) -> Failure {
        Failure("syntax", message, hint: hint, location: Location(source: source, span: span))
    }

    /// - Parameter endsAtNewline: whether a newline is the unexpected thing; not where an operand may begin a line.
    func expected(_ what: String, hint: String? = nil, endsAtNewline: Bool = true) -> Failure {
        let isLineEnd = isAtLineEnd && (endsAtNewline || current.kind == .end)
        // The end of a line is pointed to where it is, not where the next line starts.
        let span = isLineEnd ? Span(previousEnd, previousEnd) : current.span
        var failure = failure("expected \(what), found \(isLineEnd ? lineEnd : found)", span, hint: hint)
        failure.isIncomplete = current.kind == .end
        return failure
    }

    private func unclosed(_ opening: Token, _ closing: Symbol) -> Failure {
        if current.kind == .end {
            var failure = failure("this `\(source.text(opening.span))` is never closed", opening.span)
            failure.isIncomplete = true
            return failure
        }
        let (line, here) = (source.position(at: opening.span.start).line, source.position(at: current.span.start).line)
        return expected("`,` or `\(closing.rawValue)`", hint: line == here ? nil : "the `\(source.text(opening.span))` on line \(line) is still open")
    }

    private var lineEnd: String { current.kind == .end ? "the end" : "the end of the line" }

    private var found: String {
        switch current.kind {
        case .stringStart, .rawString: return "a string"
        case .stringText, .interpolationStart, .stringEnd: return "more of the string"
        case .interpolationEnd: return "`)`"
        default: return "`\(source.text(current.span))`"
        }
    }
}
