/// What is never taken apart: a token, or a whole string with all that is inside it.
struct Atom {
    enum Role {
        case operand, name, keyword(Keyword), `operator`, unaryMinus, comma, semicolon, colon, sliceColon, dot, range
        case open, close, openBlock, closeBlock, end
    }

    let span: Span
    let role: Role
    let text: String
    /// Columns of its first line; of its last one, when it has several.
    let width: Int
    let lastWidth: Int?
    let hasSpaceBefore: Bool
    /// Line ends between this and what stands before it.
    let newlines: Int
    let beginsStatement: Bool
    let isCommand: Bool
    /// Comments on lines of their own before it.
    var comments: [Comment] = []
    /// A comment that ends its line.
    var trailing: Comment?

    struct Comment {
        let span: Span
        let hasBlankBefore: Bool
        /// Whether it says something of the line it stands on, which must stay one: a hidden line of a lesson, a finding that is meant.
        let isPinned: Bool
    }

    var isOpen: Bool { switch role { case .open, .openBlock: true; default: false } }
    var isClose: Bool { switch role { case .close, .closeBlock: true; default: false } }
    var isKeyword: Bool { if case .keyword = role { true } else { false } }
    func `is`(_ keyword: Keyword) -> Bool { if case .keyword(keyword) = role { true } else { false } }

    /// Whether an operator after it has a left side.
    var endsOperand: Bool {
        switch role {
        case .operand, .close: true
        case .name: !isCommand
        default: false
        }
    }
}

/// The atoms of a source with its comments.
struct Atoms {
    private(set) var list: [Atom] = []
    private let source: Source
    private let roles: TokenRoles
    /// Brackets that are open: whether each is a block, an index, or anything else.
    private var open: [Bracket] = []
    private enum Bracket { case block, index, other }

    init(_ source: Source, _ tokens: TokenList, _ roles: TokenRoles) {
        self.source = source
        self.roles = roles
        var comments = tokens.comments[...]
        var position = 0
        var index = 0
        while index < tokens.tokens.count {
            let token = tokens.tokens[index]
            let last = Atoms.end(of: index, tokens.tokens)
            let end = tokens.tokens[last].span.end
            let own = take(&comments, before: token.span.start, from: &position)
            add(token, Span(token.span.start, end), own, from: position)
            // Comments inside a string's interpolation belong to its text.
            while let comment = comments.first, comment.start < end { comments.removeFirst() }
            position = end
            index = last + 1
        }
    }

    /// The index of the string's last token; of the token itself, when it begins no string.
    private static func end(of index: Int, _ tokens: [Token]) -> Int {
        guard tokens[index].kind == .stringStart else { return index }
        var depth = 0
        for position in index..<tokens.count {
            if tokens[position].kind == .stringStart { depth += 1 }
            if tokens[position].kind == .stringEnd { depth -= 1 }
            if depth == 0 { return position }
        }
        return index
    }

    /// The comments between `position` and `start`. One that stands behind something on its line is given to the atom before.
    private mutating func take(_ comments: inout ArraySlice<Span>, before start: Int, from position: inout Int) -> [Atom.Comment] {
        var own: [Atom.Comment] = []
        while let span = comments.first, span.start < start {
            comments.removeFirst()
            let newlines = self.newlines(position, span.start)
            let comment = Atom.Comment(span: span, hasBlankBefore: newlines > 1, isPinned: isPinned(span))
            if newlines == 0, own.isEmpty, let last = list.indices.last, list[last].trailing == nil {
                list[last].trailing = comment
            } else {
                own.append(comment)
            }
            position = span.end
        }
        return own
    }

    private func isPinned(_ comment: Span) -> Bool { ["#-", "#~", Suppression.mark].contains { source.text(comment).hasPrefix($0) } }

    private func newlines(_ start: Int, _ end: Int) -> Int { source.bytes[start..<max(start, end)].count { $0 == UInt8(ascii: "\n") } }

    private mutating func add(_ token: Token, _ span: Span, _ comments: [Atom.Comment], from position: Int) {
        let text = source.text(span)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        list.append(
            Atom(
                span: span, role: role(token), text: text, width: displayWidth(lines.first ?? ""),
                lastWidth: lines.count > 1 ? displayWidth(lines.last ?? "") : nil, hasSpaceBefore: token.hasSpaceBefore,
                newlines: newlines(position, span.start), beginsStatement: roles.statementStarts.contains(span.start),
                isCommand: roles.commandNames.contains(span.start), comments: comments))
    }

    private mutating func role(_ token: Token) -> Atom.Role {
        switch token.kind {
        case .end: return .end
        case .name: return .name
        case .keyword(let keyword): return isWord(keyword) ? .operand : .keyword(keyword)
        case .symbol(let symbol): return role(symbol, token)
        default: return .operand
        }
    }

    /// Whether the keyword stands for a value, or names a field.
    private func isWord(_ keyword: Keyword) -> Bool {
        if case .dot? = list.last?.role { return true }
        return [.true, .false, .null, .`self`].contains(keyword)
    }

    private mutating func role(_ symbol: Symbol, _ token: Token) -> Atom.Role {
        switch symbol {
        case .comma: return .comma
        case .semicolon: return .semicolon
        case .dot: return .dot
        case .rangeBelow, .rangeThrough: return .range
        case .colon: return open.last == .index ? .sliceColon : .colon
        case .leftBrace where roles.blocks.contains(token.span.start):
            open.append(.block)
            return .openBlock
        case .leftBracket where !token.hasSpaceBefore && list.last?.endsOperand == true:
            open.append(.index)
            return .open
        case .leftParenthesis, .leftBracket, .leftBrace:
            open.append(.other)
            return .open
        case .rightParenthesis, .rightBracket, .rightBrace: return open.popLast() == .block ? .closeBlock : .close
        case .minus:
            let hasLeftSide = !roles.statementStarts.contains(token.span.start) && list.last?.endsOperand == true
            return hasLeftSide ? .operator : .unaryMinus
        default: return .operator
        }
    }
}
