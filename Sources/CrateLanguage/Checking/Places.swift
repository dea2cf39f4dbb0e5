// What stands where in a source, for editors.

/// Something that a source declares.
public struct DeclaredSymbol: Sendable {
    public enum Kind: Sendable {
        case variable, function, handler, method
    }

    public let name: String
    public let kind: Kind
    public let nameSpan: Span
    public let span: Span
    public let members: [DeclaredSymbol]
}

/// A call or command around a place, as far as it is written.
public struct CallContext: Sendable {
    public let name: String
    public let nameSpan: Span
    /// Whether it is called behind a `.`.
    public let isMethod: Bool
    /// What it is a method of, or its first argument, when that is a name.
    public let subject: String?
    /// Arguments before the one at the place.
    public let position: Int
    /// Of the argument at the place.
    public let label: String?
}

extension Analysis {
    /// Variables, functions and handlers at top level.
    public var symbols: [DeclaredSymbol] { program.statements.compactMap(Analysis.symbol) }

    private static func symbol(_ statement: Statement) -> DeclaredSymbol? {
        switch statement.kind {
        case .declaration(let name, _): DeclaredSymbol(name: name.name, kind: .variable, nameSpan: name.span, span: statement.span, members: [])
        case .function(let function): symbol(function, .function)
        case .handler(let name, let methods):
            DeclaredSymbol(name: name.name, kind: .handler, nameSpan: name.span, span: statement.span, members: methods.map { symbol($0, .method) })
        default: nil
        }
    }

    private static func symbol(_ function: FunctionSyntax, _ kind: DeclaredSymbol.Kind) -> DeclaredSymbol {
        DeclaredSymbol(name: function.name.name, kind: kind, nameSpan: function.name.span, span: function.span, members: [])
    }

    /// Names of all variables, functions and handlers, wherever they are declared.
    public var declaredNames: Set<String> { Set(survey.facts.values.map(\.name.name)).union(survey.handlers.keys).subtracting(["self"]) }

    /// The word at a place; a place just behind a word counts.
    public func word(at offset: Int) -> Span? {
        let isWord = { (token: Token) in
            switch token.kind {
            case .name, .keyword: token.span.start <= offset && offset <= token.span.end
            default: false
            }
        }
        return tokens.last { isWord($0) }?.span
    }

    /// Where the variable, function or handler at a place is declared.
    public func declaration(at offset: Int) -> Span? {
        if let key = survey.places.last(where: { $0.span.start <= offset && offset <= $0.span.end })?.key { return survey.facts[key]?.name.span }
        guard let word = word(at: offset) else { return nil }
        return handlerName(program.source.text(word), program.statements)
    }

    private func handlerName(_ name: String, _ statements: [Statement]) -> Span? {
        for statement in statements {
            if case .handler(let found, _) = statement.kind, found.name == name { return found.span }
            for block in statement.blocks { if let span = handlerName(name, block.statements) { return span } }
        }
        return nil
    }

    /// The parameters of the function of that name, with their defaults as they are written.
    public func parameters(ofFunction name: String) -> [(name: String, standard: String?)]? {
        for facts in survey.facts.values where facts.name.name == name {
            if case .function(let function) = facts.origin { return function.parameters.map { ($0.name.name, $0.standard.map { program.source.text($0.span) }) } }
        }
        return nil
    }

    /// The kind of the artifact that the variable of that name holds.
    public func artifactKind(ofVariable name: String) -> String? {
        for facts in survey.facts.values where facts.name.name == name {
            if case .variable(let initial) = facts.origin, case .builtIn(let kind)? = survey.kind(of: initial) { return kind }
        }
        return nil
    }

    // MARK: calls

    /// The innermost call or command whose arguments hold the place, read backwards from there: the text may be unfinished.
    public func call(at offset: Int) -> CallContext? {
        var (depth, position) = (0, 0)
        var label: String?
        for index in tokens.indices.reversed() where tokens[index].span.start < offset && tokens[index].kind != .end {
            let token = tokens[index]
            switch token.kind {
            case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace), .stringEnd, .interpolationEnd:
                // A string that the place is inside of is not closed before it.
                if token.span.end <= offset { depth += 1 }
            case .symbol(.leftParenthesis) where depth == 0 && isCall(index): return context(index - 1, position, label)
            case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace), .stringStart, .interpolationStart:
                if depth == 0 { (position, label) = (0, nil) } else { depth -= 1 }
            case .symbol(.comma) where depth == 0: position += 1
            case .symbol(.colon) where depth == 0 && position == 0 && label == nil && index > 0: label = program.source.text(tokens[index - 1].span)
            default: break
            }
            if depth == 0, beginsStatement(index) { return isCommand(index, offset) ? context(index, position, label) : nil }
        }
        return nil
    }

    private func isCall(_ index: Int) -> Bool { index > 0 && tokens[index - 1].kind == .name && !tokens[index].hasSpaceBefore }

    private func isCommand(_ index: Int, _ offset: Int) -> Bool {
        tokens[index].kind == .name && tokens[index].span.end < offset && survey.host.verb(named: program.source.text(tokens[index].span)) != nil
    }

    private func beginsStatement(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        switch tokens[index - 1].kind {
        case .symbol(.semicolon), .symbol(.leftBrace), .symbol(.rightBrace):
            // Not the key of a dict.
            return tokens[index].kind == .name && tokens[min(index + 1, tokens.count - 1)].kind != .symbol(.colon)
        case .symbol(.comma), .symbol(.colon), .symbol(.assign): return false
        default: return tokens[index].hasNewlineBefore && tokens[index].kind == .name
        }
    }

    private func context(_ index: Int, _ position: Int, _ label: String?) -> CallContext {
        let isMethod = index > 1 && tokens[index - 1].kind == .symbol(.dot)
        let following = tokens[min(index + 1, tokens.count - 1)]
        let first = following.kind == .symbol(.leftParenthesis) && !following.hasSpaceBefore ? index + 2 : index + 1
        let subject = isMethod ? tokens[index - 2] : tokens[min(first, tokens.count - 1)]
        return CallContext(
            name: program.source.text(tokens[index].span), nameSpan: tokens[index].span, isMethod: isMethod,
            subject: subject.kind == .name ? program.source.text(subject.span) : nil, position: position, label: label)
    }
}
