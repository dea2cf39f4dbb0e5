extension Parser {
    /// Statements up to the token that `isEnd` knows, each ended by a newline, `;` or that token.
    mutating func statements(until isEnd: (Token.Kind) -> Bool) throws(Failure) -> [Statement] {
        var statements: [Statement] = []
        while true {
            while match(.semicolon) {}
            if isEnd(current.kind) || current.kind == .end { return statements }
            let (start, state) = (index, nesting)
            do throws(Failure) {
                statements.append(try statement())
                if isEnd(current.kind) || isAt(.semicolon) || current.hasNewlineBefore || current.kind == .end { continue }
                throw unexpectedAfterStatement(statements.last)
            } catch {
                guard recovery != nil else { throw error }
                nesting = state
                statements += recover(from: error, start: start)
            }
        }
    }

    private func unexpectedAfterStatement(_ statement: Statement?) -> Failure {
        let previous = index > 0 ? lexed.tokens[index - 1] : current
        if case .command(let call)? = statement?.kind {
            let word = Resolver.foreignWords[call.name.name].map { "in this language it is `\($0)`" }
            if word != nil || beginsArgument { return expected("the end of the statement", hint: word ?? "a comma stands between arguments") }
        }
        if isAt(.leftParenthesis) || isAt(.leftBracket), previous.kind == .name {
            let opening = source.text(current.span)
            return expected("the end of the statement", hint: "a call's `(` and an index's `[` are glued to what they follow: `\(source.text(previous.span))\(opening)…`")
        }
        if previous.kind == .name, isVerb(source.text(previous.span)) {
            return expected("the end of the statement", hint: "inside an expression a command is called with parentheses: `\(source.text(previous.span))(…)`")
        }
        return expected("the end of the statement")
    }

    /// Whether the token at hand could be an argument, had a comma stood before it.
    private var beginsArgument: Bool {
        switch current.kind {
        case .name, .integer, .float, .rawString, .stringStart, .symbol(.leftBrace): true
        default: false
        }
    }

    private mutating func statement() throws(Failure) -> Statement {
        let start = current.span.start
        let kind = try nested { (parser) throws(Failure) in try parser.statementKind() }
        return Statement(kind: kind, span: Span(start, previousEnd))
    }

    private mutating func statementKind() throws(Failure) -> Statement.Kind {
        guard case .keyword(let keyword) = current.kind else { return try simpleStatement() }
        switch keyword {
        case .let: return try declaration()
        case .if: return try conditional()
        case .for: return try loop()
        case .while: return try whileLoop()
        case .try: return try attempt()
        case .def: return .function(try function(in: nil))
        case .return: return try giveBack()
        case .break, .continue: return try leave()
        case .else, .catch, .finally, .in: throw failure("`\(keyword.rawValue)` without what it belongs to", current.span)
        default: return try simpleStatement()
        }
    }

    private func refuseLeavingBlock(_ token: Token, when isLeaving: Bool) throws(Failure) {
        guard let blockOwner, isLeaving else { return }
        throw failure("`\(source.text(token.span))` can't leave the block of `\(blockOwner)`", token.span, hint: "set a variable there, and look at it behind the block")
    }

    private mutating func declaration() throws(Failure) -> Statement.Kind {
        advance()
        let name = try declaredName("a variable")
        try expect(.assign, "and a value")
        return .declaration(name, try expression())
    }

    private mutating func giveBack() throws(Failure) -> Statement.Kind {
        let token = advance()
        try refuseLeavingBlock(token, when: functionDepth == 0)
        if functionDepth == 0 { throw failure("`return` outside a function", token.span) }
        let isBare = isAtLineEnd || isAt(.semicolon) || isAt(.rightBrace)
        return .giveBack(isBare ? nil : try expression())
    }

    private mutating func leave() throws(Failure) -> Statement.Kind {
        let token = advance()
        try refuseLeavingBlock(token, when: loopDepth == 0)
        if loopDepth == 0 { throw failure("`\(source.text(token.span))` outside a loop", token.span) }
        return token.kind == .keyword(.break) ? .leaveLoop : .nextRound
    }

    // MARK: blocks

    mutating func block(_ owner: String) throws(Failure) -> Block {
        guard isAt(.leftBrace), !isAtLineEnd else { throw expected("`{` to begin the block of `\(owner)`", hint: isAt(.assign) ? "`==` compares; `=` gives a value" : nil) }
        let opening = advance()
        // A block inside brackets can't occur, but its statements end at newlines whatever surrounds it.
        let outer = brackets
        brackets = 0
        recovery?.blocks += 1
        let body = try statements { $0 == .symbol(.rightBrace) }
        recovery?.blocks -= 1
        brackets = outer
        guard isAt(.rightBrace) else {
            var failure = failure("this `{` is never closed", opening.span)
            failure.isIncomplete = true
            guard recovery != nil else { throw failure }
            recovery?.failures.append(failure)
            return Block(statements: body, span: Span(opening.span.start, current.span.start))
        }
        let closing = advance()
        return Block(statements: body, span: Span(opening.span.start, closing.span.end))
    }

    private mutating func loopBlock(_ owner: String) throws(Failure) -> Block {
        loopDepth += 1
        let body = try block(owner)
        loopDepth -= 1
        return body
    }

    private mutating func conditional() throws(Failure) -> Statement.Kind {
        advance()
        var branches: [(condition: Expression, body: Block)] = []
        repeat {
            let condition = try expression()
            branches.append((condition, try block("if")))
            guard match(.else) else { return .conditional(branches, otherwise: nil) }
        } while match(.if)
        return .conditional(branches, otherwise: try block("else"))
    }

    mutating func forHeader() throws(Failure) -> ForHeader {
        let first = try declaredName("a loop's variable")
        let second = match(.comma) ? try declaredName("a loop's variable") : nil
        guard match(.in) else { throw expected("`in` and what to loop over") }
        return ForHeader(first: first, second: second, sequence: try expression())
    }

    private mutating func loop() throws(Failure) -> Statement.Kind {
        advance()
        let header = try forHeader()
        return .loop(header, try loopBlock("for"))
    }

    private mutating func whileLoop() throws(Failure) -> Statement.Kind {
        advance()
        let condition = try expression()
        return .whileLoop(condition, try loopBlock("while"))
    }

    private mutating func attempt() throws(Failure) -> Statement.Kind {
        advance()
        let body = try block("try")
        var rescue: Rescue?
        if match(.catch) {
            let name = isAt(.leftBrace) ? nil : try declaredName("the caught error")
            rescue = Rescue(name: name, body: try block("catch"))
        }
        let cleanup = match(.finally) ? try block("finally") : nil
        if rescue == nil, cleanup == nil {
            let word = Resolver.foreignWords[source.text(current.span)].map { "in this language it is `\($0)`" }
            throw expected("`catch` or `finally` after `try`", hint: word)
        }
        return .attempt(body, rescue: rescue, cleanup: cleanup)
    }

    // MARK: functions

    /// - Parameter handler: for a handler's method, whose name may be any word and which has `self`.
    private mutating func function(in handler: Identifier?) throws(Failure) -> FunctionSyntax {
        let start = advance().span.start
        let name = handler != nil && isAtWord ? identifier(advance()) : try declaredName("a function")
        let opening = try expect(.leftParenthesis, "and the parameters")
        let receiver = handler.map { _ in Identifier(name: "self", span: name.span, id: makeIdentifier()) }
        let parameters = try bracketed(opening, .rightParenthesis) { (parser) throws(Failure) in try parser.parameters() }
        let outer = (loopDepth, blockOwner)
        (loopDepth, blockOwner) = (0, nil)
        functionDepth += 1
        let body = try block("def")
        functionDepth -= 1
        (loopDepth, blockOwner) = outer
        return FunctionSyntax(name: name, parameters: parameters, body: body, span: Span(start, previousEnd), receiver: receiver)
    }

    private mutating func makeIdentifier() -> Int {
        identifierCount += 1
        return identifierCount - 1
    }

    private mutating func parameters() throws(Failure) -> [ParameterSyntax] {
        var parameters: [ParameterSyntax] = []
        while !isAt(.rightParenthesis) {
            let name = try declaredName("a parameter")
            if parameters.count >= Limits.names { throw failure("a function takes at most \(Limits.names) parameters", name.span, hint: "a list or a dict holds any number of values") }
            if parameters.contains(where: { $0.name.name == name.name }) { throw failure("two parameters are named `\(name.name)`", name.span) }
            let standard = match(.assign) ? try expression() : nil
            if standard == nil, parameters.last?.standard != nil {
                throw failure("`\(name.name)` needs a default value, because the parameter before it has one", name.span)
            }
            if isAt(.colon) { throw expected("`,` or `)`", hint: "a default value is written with `=`: `\(name.name) = …`") }
            parameters.append(ParameterSyntax(name: name, standard: standard))
            guard match(.comma) else { break }
        }
        return parameters
    }

    /// `handler` is a word of the language only where a name and `{` follow it.
    private mutating func handler() throws(Failure) -> Statement.Kind {
        advance()
        let name = try declaredName("a handler")
        let opening = try expect(.leftBrace, "to begin the handler")
        var methods: [FunctionSyntax] = []
        while true {
            while match(.semicolon) {}
            if isAt(.rightBrace) { break }
            if current.kind == .end {
                var failure = failure("this `{` is never closed", opening.span)
                failure.isIncomplete = true
                throw failure
            }
            guard isAt(.def) else { throw expected("`def` or `}`", hint: "a handler holds functions only") }
            let method = try function(in: name)
            if methods.contains(where: { $0.name.name == method.name.name }) {
                throw failure("two functions of this handler are named `\(method.name.name)`", method.name.span)
            }
            methods.append(method)
        }
        advance()
        return .handler(name, methods)
    }

    // MARK: commands, assignments, expressions

    private mutating func simpleStatement() throws(Failure) -> Statement.Kind {
        if current.kind == .name {
            if source.text(current.span) == "handler", next.kind == .name, !next.hasNewlineBefore,
                lexed.tokens[min(index + 2, lexed.tokens.count - 1)].kind == .symbol(.leftBrace)
            {
                return try handler()
            }
            if next.kind == .symbol(.leftBrace), !next.hasNewlineBefore, takesBlock(source.text(current.span)) { return try blockCommand() }
            if beginsArgument(after: current) { return try command() }
        }
        let target = try expression()
        if match(.assign) { return .assignment(target: try assignable(target), operation: nil, value: try expression()) }
        if case .symbol(let symbol) = current.kind, !isAtLineEnd, let operation = Parser.compound(symbol) {
            advance()
            return .assignment(target: try assignable(target), operation: operation, value: try expression())
        }
        return .expression(target)
    }

    static func compound(_ symbol: Symbol) -> BinaryOperator? {
        switch symbol {
        case .plusAssign: .add
        case .minusAssign: .subtract
        case .starAssign: .multiply
        case .slashAssign: .divide
        case .doubleSlashAssign: .floorDivide
        case .percentAssign: .remainder
        case .powerAssign: .power
        default: nil
        }
    }

    private func assignable(_ target: Expression) throws(Failure) -> Expression {
        switch target.kind {
        case .name(let name) where name.name != "self": return target
        case .member, .element: return target
        default: throw failure("this can't be assigned to", target.span, hint: "a variable, a field or an index stands on the left of `=`; `==` compares")
        }
    }

    /// The rule of commands: see the top of the parser.
    private func beginsArgument(after name: Token) -> Bool {
        let token = next
        if token.hasNewlineBefore || !token.hasSpaceBefore { return token.kind == .stringStart && !token.hasNewlineBefore }
        switch token.kind {
        case .name, .integer, .float, .rawString, .stringStart: return true
        case .keyword(let keyword):
            switch keyword {
            case .true, .false, .null, .`self`: return true
            case .not: return lexed.tokens[min(index + 2, lexed.tokens.count - 1)].kind != .keyword(.in)
            case .and, .or, .in: return false
            // A word that can only be a label here.
            default: return lexed.tokens[min(index + 2, lexed.tokens.count - 1)].kind == .symbol(.colon)
            }
        case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace): return true
        case .symbol(.minus):
            let operand = lexed.tokens[min(index + 2, lexed.tokens.count - 1)]
            return !operand.hasSpaceBefore && isVerb(source.text(name.span))
        default: return false
        }
    }

    /// `NAME { … }`: the block is a function that the command calls. It can't be left but at its end or by a failure, so that the
    /// command knows how it went.
    private mutating func blockCommand() throws(Failure) -> Statement.Kind {
        let name = identifier(advance())
        let outer = (functionDepth, loopDepth, blockOwner)
        (functionDepth, loopDepth, blockOwner) = (0, 0, name.name)
        let body = try block(name.name)
        (functionDepth, loopDepth, blockOwner) = outer
        return .blockCommand(FunctionSyntax(name: name, parameters: [], body: body, span: Span(name.span.start, previousEnd), receiver: nil))
    }

    private mutating func command() throws(Failure) -> Statement.Kind {
        let name = identifier(advance())
        var arguments: [Argument] = []
        repeat { arguments.append(try argument(after: arguments)) } while match(.comma)
        return .command(CallSyntax(name: name, arguments: arguments))
    }
}
