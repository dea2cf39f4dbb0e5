import CrateValues

extension Parser {
    mutating func primary() throws(Failure) -> Expression {
        let token = current
        let start = token.span.start
        // Only an operand may begin a new line: what precedes it asked for it.
        switch token.kind {
        case .integer, .float:
            advance()
            return try make(.literal(try number(token)), from: start)
        case .rawString(let text):
            advance()
            return try make(.literal(.string(text)), from: start)
        case .stringStart: return try string()
        case .name: return try name()
        case .keyword(let keyword): return try word(keyword, token)
        case .symbol(.leftBracket): return try list()
        case .symbol(.leftBrace): return try dict()
        case .symbol(.leftParenthesis):
            advance()
            let inner = try bracketed(token, .rightParenthesis) { (parser) throws(Failure) in try parser.expression() }
            return try make(inner.kind, from: start, over: inner)
        case .symbol(.dot) where next.kind == .integer && !next.hasSpaceBefore:
            throw expected("an expression", hint: "write a zero before the point: `0.\(source.text(next.span))`")
        default: throw expected("an expression", endsAtNewline: false)
        }
    }

    private mutating func word(_ keyword: Keyword, _ token: Token) throws(Failure) -> Expression {
        let literal: Literal
        switch keyword {
        case .true: literal = .bool(true)
        case .false: literal = .bool(false)
        case .null: literal = .null
        case .`self`: return try make(.name(identifier(advance())), from: token.span.start)
        default: throw expected("an expression", endsAtNewline: false)
        }
        advance()
        return try make(.literal(literal), from: token.span.start)
    }

    private mutating func name() throws(Failure) -> Expression {
        let name = identifier(advance())
        guard isAt(.leftParenthesis), !current.hasSpaceBefore else { return try make(.name(name), from: name.span.start) }
        let arguments = try arguments()
        return try make(.namedCall(CallSyntax(name: name, arguments: arguments)), from: name.span.start, over: arguments.map(\.value))
    }

    // MARK: numbers

    private func number(_ token: Token) throws(Failure) -> Literal {
        let text = source.text(token.span).filter { $0 != "_" }
        if token.kind == .float {
            guard let value = Double(text) else { throw failure("this is not a number", token.span) }
            return .float(value)
        }
        let radix = ["0x": 16, "0b": 2, "0o": 8][text.prefix(2).lowercased()]
        if let value = Int(radix == nil ? text[...] : text.dropFirst(2), radix: radix ?? 10) { return .int(value) }
        guard radix == nil, let value = BigInteger(decimal: text) else { throw failure("this number is too large", token.span) }
        return .bigInt(value)
    }

    // MARK: strings

    private mutating func string() throws(Failure) -> Expression {
        let start = advance().span.start
        var pieces: [Expression.Piece] = []
        while current.kind != .stringEnd {
            switch current.kind {
            case .stringText(let text):
                advance()
                if !text.isEmpty { pieces.append(.text(text)) }
            case .interpolationStart: pieces.append(.value(try interpolation()))
            default: throw expected("the end of the string")
            }
        }
        advance()
        switch pieces.first {
        case nil: return try make(.literal(.string("")), from: start)
        case .text(let text) where pieces.count == 1: return try make(.literal(.string(text)), from: start)
        default: return try make(.interpolation(pieces), from: start, over: pieces.compactMap { if case .value(let value) = $0 { value } else { nil } })
        }
    }

    private mutating func interpolation() throws(Failure) -> Expression {
        let opening = advance()
        if current.kind == .interpolationEnd { throw failure("expected an expression between `\\(` and `)`", Span(opening.span.start, current.span.end)) }
        brackets += 1
        let value = try expression()
        brackets -= 1
        guard current.kind == .interpolationEnd else { throw expected("`)` to end the interpolation") }
        advance()
        return value
    }

    // MARK: lists and dicts

    private mutating func list() throws(Failure) -> Expression {
        let opening = advance()
        let start = opening.span.start
        let kind = try bracketed(opening, .rightBracket) { (parser) throws(Failure) in try parser.listContents() }
        switch kind {
        case .list(let items): return try make(kind, from: start, over: items)
        case .comprehension(let body, let header, let condition):
            return try make(kind, from: start, over: [body, header.sequence] + (condition.map { [$0] } ?? []))
        default: return try make(kind, from: start)
        }
    }

    private mutating func listContents() throws(Failure) -> Expression.Kind {
        var items: [Expression] = []
        while !isAt(.rightBracket), current.kind != .end {
            items.append(try expression())
            if items.count == 1, match(.for) { return try comprehension(items[0]) }
            guard match(.comma) else { break }
        }
        return .list(items)
    }

    private mutating func comprehension(_ body: Expression) throws(Failure) -> Expression.Kind {
        let header = try forHeader()
        let condition = match(.if) ? try expression(above: .or) : nil
        return .comprehension(body, header, condition: condition)
    }

    private mutating func dict() throws(Failure) -> Expression {
        let opening = advance()
        let pairs = try bracketed(opening, .rightBrace) { (parser) throws(Failure) in try parser.pairs() }
        return try make(.dict(pairs), from: opening.span.start, over: pairs.flatMap { [$0.key, $0.value] })
    }

    private mutating func pairs() throws(Failure) -> [(key: Expression, value: Expression)] {
        var pairs: [(key: Expression, value: Expression)] = []
        while !isAt(.rightBrace), current.kind != .end {
            let key = try key()
            guard match(.colon) else { throw expected("`:` after the key") }
            pairs.append((key, try expression()))
            guard match(.comma) else { break }
        }
        return pairs
    }

    /// A word stands for itself; strings may interpolate; whole numbers are kept as such.
    private mutating func key() throws(Failure) -> Expression {
        let token = current
        switch token.kind {
        case .name, .keyword:
            advance()
            return try make(.literal(.string(source.text(token.span))), from: token.span.start)
        case .stringStart, .rawString, .integer: return try primary()
        case .symbol(.minus) where next.kind == .integer: return try expression(above: .product)
        default: throw expected("a key: a word or a string")
        }
    }
}
