/// A use of a name that is the host's, since no variable of the source has it.
public struct HostName: Sendable {
    public let name: String
    public let span: Span
    /// `3` in `name[3]`, and all of that; `nil` when nothing of this form stands there.
    public let index: (number: Int, span: Span)?
    /// Whether it means something only when a function is called.
    public let isInFunction: Bool
}

/// How a source's last statement gives its value.
public enum LastValue: Sendable {
    case expression(Span)
    /// A command's name, and all of the statement.
    case command(Span, Span)
}

extension Analysis {
    /// The uses of `names`, in the order of the source.
    public func hostNames(_ names: Set<String>) -> [HostName] {
        survey.hostUses.filter { names.contains($0.name.name) }.map { name, isInFunction in
            HostName(name: name.name, span: name.span, index: index(behind: name.span), isInFunction: isInFunction)
        }.sorted { $0.span.start < $1.span.start }
    }

    private func index(behind span: Span) -> (number: Int, span: Span)? {
        guard let place = tokens.firstIndex(where: { $0.span == span }) else { return nil }
        var rest = tokens[(place + 1)...]
        guard let open = rest.popFirst(), open.kind == .symbol(.leftBracket), !open.hasSpaceBefore else { return nil }
        let isNegative = rest.first?.kind == .symbol(.minus)
        if isNegative { rest.removeFirst() }
        guard let digits = rest.popFirst(), digits.kind == .integer, let number = Int(program.source.text(digits.span)) else { return nil }
        guard let close = rest.first, close.kind == .symbol(.rightBracket) else { return nil }
        return (isNegative ? -number : number, Span(span.start, close.span.end))
    }

    /// `nil` when the last statement gives none.
    public var lastValue: LastValue? {
        guard let statement = program.statements.last else { return nil }
        switch statement.kind {
        case .expression(let value):
            guard case .name(let name) = value.kind, survey.keys[name.id] == nil, survey.host.verb(named: name.name) != nil else { return .expression(statement.span) }
            return .command(name.span, statement.span)
        case .command(let call): return .command(call.name.span, statement.span)
        default: return nil
        }
    }

    /// What each `let` at top level declares, and where the `let` stands, up to the name.
    public var declarations: [(name: String, keyword: Span)] {
        program.statements.compactMap { statement in
            guard case .declaration(let name, _) = statement.kind else { return nil }
            return (name.name, Span(statement.span.start, name.span.start))
        }
    }

    /// Every word that is no keyword.
    public var words: Set<String> { words { _ in true } }

    /// The same without the names that are declared at top level, where they are.
    public var usedWords: Set<String> {
        let declared = Set(symbols.map(\.nameSpan))
        return words { !declared.contains($0) }
    }

    private func words(_ isWanted: (Span) -> Bool) -> Set<String> {
        Set(tokens.filter { $0.kind == .name && isWanted($0.span) }.map { program.source.text($0.span) })
    }
}
