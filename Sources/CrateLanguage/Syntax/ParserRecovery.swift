/// What a parser that goes on after mistakes has found.
struct Recovery {
    var failures: [Failure] = []
    /// Names in statements that could not be read.
    var unreadNames: Set<String> = []
    /// Those of them that may be declared or changed there.
    var unreadDeclarations: Set<String> = []
    /// Blocks open around the current token.
    var blocks = 0

    /// Mistakes that are looked for in one source; it is no program that has more.
    static let most = 1000
}

/// Brackets that are open, innermost last, with a count of those that are asked for.
private struct OpenBrackets {
    private var kinds: [Token.Kind] = []
    private(set) var braces = 0
    private(set) var strings = 0

    var isEmpty: Bool { kinds.isEmpty }

    mutating func open(_ kind: Token.Kind) {
        kinds.append(kind)
        count(kind, 1)
    }

    mutating func close() { if let kind = kinds.popLast() { count(kind, -1) } }

    /// A `}` ends whatever was left open behind its `{`.
    mutating func closeBrace() {
        let wanted = braces - 1
        while braces > max(wanted, 0) || wanted < 0 && !isEmpty { close() }
    }

    private mutating func count(_ kind: Token.Kind, _ step: Int) {
        if kind == .symbol(.leftBrace) { braces += step }
        if kind == .stringStart { strings += step }
    }
}

/// A source that may have mistakes, with what could be read of it.
struct CheckedProgram {
    let program: Program
    let tokens: [Token]
    /// By place.
    let failures: [Failure]
    let unreadNames: Set<String>
    let unreadDeclarations: Set<String>
}

extension Parser {
    /// Parses as much as can be read. One mistake is told per statement and line: what follows it is often its echo.
    static func parseAll(_ source: Source, isVerb: @escaping (String) -> Bool, takesBlock: @escaping (String) -> Bool) -> CheckedProgram {
        let (lexed, lexical) = Lexer.allTokens(of: source)
        var parser = Parser(recoveringIn: source, lexed, isVerb: isVerb, takesBlock: takesBlock)
        var statements: [Statement] = []
        // The statements' own recovery takes every failure.
        do throws(Failure) { statements = try parser.statements { $0 == .end } } catch { parser.recovery?.failures.append(error) }
        if let last = parser.recovery?.failures.firstIndex(where: { $0.message == Parser.tooDeep }) {
            // Every level around it fails in its turn, and what is read between them is read wrongly.
            statements = []
            parser.recovery?.failures.removeSubrange((last + 1)...)
        }
        let program = Program(source: source, statements: statements, comments: lexed.comments, identifierCount: parser.identifierCount)
        let found = parser.recovery ?? Recovery()
        let failures = onePerLine(lexical + found.failures, LineTable(source))
        return CheckedProgram(
            program: program, tokens: lexed.tokens, failures: failures, unreadNames: found.unreadNames, unreadDeclarations: found.unreadDeclarations)
    }

    private static func onePerLine(_ failures: [Failure], _ table: LineTable) -> [Failure] {
        var lines: Set<Int> = []
        // The lexer's come first, as they are the causes.
        let first = failures.filter { failure in failure.location.map { lines.insert(table.line(at: $0.span.start)).inserted } ?? true }
        return first.sorted { ($0.location?.span.start ?? 0) < ($1.location?.span.start ?? 0) }
    }

    /// Where the parser is in the nest of constructs.
    struct Nesting {
        var depth, brackets, functions, loops: Int
        var blockOwner: String?
    }

    var nesting: Nesting {
        get { Nesting(depth: depth, brackets: brackets, functions: functionDepth, loops: loopDepth, blockOwner: blockOwner) }
        set {
            (depth, brackets, functionDepth, loopDepth) = (newValue.depth, newValue.brackets, newValue.functions, newValue.loops)
            blockOwner = newValue.blockOwner
        }
    }

    /// Notes the failure and goes on to where the next statement seems to begin. Gives the statements of blocks on the way there.
    mutating func recover(from failure: Failure, start: Int) -> [Statement] {
        recovery?.failures.append(failure)
        var statements: [Statement] = []
        if recovery?.failures.count ?? 0 >= Recovery.most { index = lexed.tokens.count - 1 }
        var open = OpenBrackets()
        let column = column(lexed.tokens[start])
        for position in start..<index { passOver(position, start, &open) }
        while current.kind != .end {
            if index > start, beginsStatement(after: start, column, open) { break }
            if isAt(.rightBrace), open.braces == 0 {
                // Of a block around it, or of none.
                if (recovery?.blocks ?? 0) > 0 { break }
            } else if isAt(.leftBrace), opensBlock(start, open) {
                open = OpenBrackets()
                statements += recoverBlock()
                continue
            }
            passOver(index, start, &open)
            advance()
        }
        return statements
    }

    /// Keeps the brackets that are open behind the token, and its name.
    private mutating func passOver(_ position: Int, _ start: Int, _ open: inout OpenBrackets) {
        let token = lexed.tokens[position]
        switch token.kind {
        case .name:
            let name = source.text(token.span)
            recovery?.unreadNames.insert(name)
            if mayDeclare(position, start) { recovery?.unreadDeclarations.insert(name) }
        case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace), .stringStart, .interpolationStart: open.open(token.kind)
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .stringEnd, .interpolationEnd: open.close()
        case .symbol(.rightBrace): open.closeBrace()
        default: break
        }
    }

    /// Whether the name may be declared or changed where it stands: in a head of `for`, `def` or `catch`, behind `let`, before `=`.
    private func mayDeclare(_ position: Int, _ start: Int) -> Bool {
        if ownsBlocks(start), lexed.tokens[start].kind != .keyword(.if), lexed.tokens[start].kind != .keyword(.while) { return true }
        if position > 0, lexed.tokens[position - 1].kind == .keyword(.let) { return true }
        guard case .symbol(let symbol) = lexed.tokens[min(position + 1, lexed.tokens.count - 1)].kind else { return false }
        return symbol == .assign || Parser.compound(symbol) != nil || source.text(lexed.tokens[start].span) == "handler"
    }

    /// A bracket that was forgotten must not swallow the rest of the file: a line that can only be a statement, or stands no
    /// further to the right than the broken one, begins a statement all the same.
    private func beginsStatement(after start: Int, _ startColumn: Int, _ open: OpenBrackets) -> Bool {
        if open.isEmpty, isAt(.semicolon) { return true }
        guard current.hasNewlineBefore, next.kind != .symbol(.colon), open.strings == 0 else { return false }
        if case .keyword(let keyword) = current.kind {
            switch keyword {
            case .let, .def, .while, .try, .return, .break, .continue: return true
            case .else, .catch, .finally: return !ownsBlocks(start)
            default: break
            }
        }
        if open.isEmpty { return true }
        guard column(current) <= startColumn else { return false }
        switch current.kind {
        case .name, .keyword(.if), .keyword(.for): return true
        default: return false
        }
    }

    private func column(_ token: Token) -> Int { token.span.start - source.lineRange(at: token.span.start).lowerBound }

    /// Whether the statement that begins at `start` is one of those with blocks.
    private func ownsBlocks(_ start: Int) -> Bool {
        switch lexed.tokens[start].kind {
        case .keyword(let keyword): [.if, .for, .while, .try, .def, .else, .catch, .finally].contains(keyword)
        default: false
        }
    }

    /// Whether the `{` at hand opens a block of the broken statement, not a dict.
    private func opensBlock(_ start: Int, _ open: OpenBrackets) -> Bool {
        guard ownsBlocks(start), open.braces == 0, depth < Parser.deepest else { return false }
        let afterNext = lexed.tokens[min(index + 2, lexed.tokens.count - 1)]
        return next.hasNewlineBefore || open.isEmpty && afterNext.kind != .symbol(.colon)
    }

    /// A block whose head could not be read, which may be a loop's or a function's: it stands in a loop that says nothing.
    private mutating func recoverBlock() -> [Statement] {
        let outer = nesting
        defer { nesting = outer }
        depth += 1
        functionDepth += 1
        loopDepth += 1
        do throws(Failure) {
            let body = try block("this")
            let condition = Expression(kind: .literal(.bool(true)), span: Span(body.span.start, body.span.start), height: 1)
            return [Statement(kind: .whileLoop(condition, body), span: body.span)]
        } catch {
            recovery?.failures.append(error)
            return []
        }
    }
}
