/// What a parser that goes on after mistakes has found.
struct Recovery {
    var failures: [Failure] = []
    /// Names in statements that could not be read: they may be declared, used or changed there.
    var unreadNames: Set<String> = []
    /// Blocks open around the current token.
    var blocks = 0
}

/// A source that may have mistakes, with what could be read of it.
struct CheckedProgram {
    let program: Program
    let tokens: [Token]
    /// By place.
    let failures: [Failure]
    let unreadNames: Set<String>
}

extension Parser {
    /// Parses as much as can be read. One mistake is told per statement and line: what follows it is often its echo.
    static func parseAll(_ source: Source, isVerb: @escaping (String) -> Bool) -> CheckedProgram {
        let (lexed, lexical) = Lexer.allTokens(of: source)
        var parser = Parser(recoveringIn: source, lexed, isVerb: isVerb)
        var statements: [Statement] = []
        // The statements' own recovery takes every failure.
        do throws(Failure) { statements = try parser.statements { $0 == .end } } catch { parser.recovery?.failures.append(error) }
        let program = Program(source: source, statements: statements, comments: lexed.comments, identifierCount: parser.identifierCount)
        let found = parser.recovery ?? Recovery()
        let failures = onePerLine(lexical + found.failures)
        return CheckedProgram(program: program, tokens: lexed.tokens, failures: failures, unreadNames: found.unreadNames)
    }

    private static func onePerLine(_ failures: [Failure]) -> [Failure] {
        var lines: Set<Int> = []
        // The lexer's come first, as they are the causes.
        let first = failures.filter { failure in failure.location.map { lines.insert($0.position.line).inserted } ?? true }
        return first.sorted { ($0.location?.span.start ?? 0) < ($1.location?.span.start ?? 0) }
    }

    /// Where the parser is in the nest of constructs.
    struct Nesting {
        var depth, brackets, functions, loops: Int
    }

    var nesting: Nesting {
        get { Nesting(depth: depth, brackets: brackets, functions: functionDepth, loops: loopDepth) }
        set { (depth, brackets, functionDepth, loopDepth) = (newValue.depth, newValue.brackets, newValue.functions, newValue.loops) }
    }

    /// Notes the failure and goes on to where the next statement seems to begin. Gives the statements of blocks on the way there.
    mutating func recover(from failure: Failure, start: Int) -> [Statement] {
        recovery?.failures.append(failure)
        var statements: [Statement] = []
        var open: [Token.Kind] = []
        for token in lexed.tokens[start..<index] { passOver(token, &open) }
        while current.kind != .end {
            if index > start, beginsStatement(after: start, open) { break }
            if isAt(.rightBrace), !open.contains(.symbol(.leftBrace)) {
                // Of a block around it, or of none.
                if (recovery?.blocks ?? 0) > 0 { break }
            } else if isAt(.leftBrace), opensBlock(start, open) {
                open = []
                statements += recoverBlock()
                continue
            }
            passOver(advance(), &open)
        }
        return statements
    }

    /// Keeps the brackets that are open after `token`.
    private mutating func passOver(_ token: Token, _ open: inout [Token.Kind]) {
        switch token.kind {
        case .name: recovery?.unreadNames.insert(source.text(token.span))
        case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace), .stringStart, .interpolationStart: open.append(token.kind)
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .stringEnd, .interpolationEnd: _ = open.popLast()
        case .symbol(.rightBrace): while let last = open.popLast(), last != .symbol(.leftBrace) {}
        default: break
        }
    }

    /// A bracket that was forgotten must not swallow the rest of the file: a line that can only be a statement, or stands no
    /// further to the right than the broken one, begins a statement all the same.
    private func beginsStatement(after start: Int, _ open: [Token.Kind]) -> Bool {
        if open.isEmpty, isAt(.semicolon) { return true }
        guard current.hasNewlineBefore, next.kind != .symbol(.colon), !open.contains(.stringStart) else { return false }
        if case .keyword(let keyword) = current.kind {
            switch keyword {
            case .let, .def, .while, .try, .return, .break, .continue: return true
            case .else, .catch, .finally: return !ownsBlocks(start)
            default: break
            }
        }
        if open.isEmpty { return true }
        guard column(current) <= column(lexed.tokens[start]) else { return false }
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
    private func opensBlock(_ start: Int, _ open: [Token.Kind]) -> Bool {
        guard ownsBlocks(start), !open.contains(.symbol(.leftBrace)) else { return false }
        let afterNext = lexed.tokens[min(index + 2, lexed.tokens.count - 1)]
        return next.hasNewlineBefore || open.isEmpty && afterNext.kind != .symbol(.colon)
    }

    /// A block whose head could not be read, which may be a loop's or a function's: it stands in a loop that says nothing.
    private mutating func recoverBlock() -> [Statement] {
        let outer = nesting
        defer { nesting = outer }
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
