import CrateValues

/// How tightly an operator binds.
enum Precedence: Int {
    case coalesce, or, and, not, comparison, range, sum, product
}

extension Parser {
    mutating func expression() throws(Failure) -> Expression { try expression(above: .coalesce) }

    /// An expression whose operators bind at least as tightly as `lowest`: precedence climbing.
    mutating func expression(above lowest: Precedence) throws(Failure) -> Expression {
        try nested { (parser) throws(Failure) in try parser.operation(lowest.rawValue) }
    }

    private mutating func operation(_ lowest: Int) throws(Failure) -> Expression {
        var left = isAt(.not) && lowest <= Precedence.not.rawValue ? try notOperation() : try unary()
        while let (precedence, length) = binaryPrecedence(), precedence.rawValue >= lowest {
            let token = current
            for _ in 0..<length { advance() }
            // `??` groups to the right, everything else to the left.
            let operand = precedence == .coalesce ? precedence.rawValue : precedence.rawValue + 1
            let right = try nested { (parser) throws(Failure) in try parser.operation(operand) }
            left = try combine(token, left, right)
            if precedence == .comparison || precedence == .range { try refuseChain(precedence) }
        }
        return left
    }

    private mutating func notOperation() throws(Failure) -> Expression {
        let start = advance().span.start
        let operand = try nested { (parser) throws(Failure) in try parser.operation(Precedence.not.rawValue) }
        return try make(.not(operand), from: start, over: operand)
    }

    /// The operator at hand and its length in tokens (`not in` has two).
    private func binaryPrecedence() -> (Precedence, Int)? {
        if isAtLineEnd { return nil }
        switch current.kind {
        case .keyword(.or): return (.or, 1)
        case .keyword(.and): return (.and, 1)
        case .keyword(.in): return (.comparison, 1)
        case .keyword(.not): return next.kind == .keyword(.in) ? (.comparison, 2) : nil
        case .symbol(let symbol):
            switch symbol {
            case .coalesce: return (.coalesce, 1)
            case .rangeBelow, .rangeThrough: return (.range, 1)
            case .plus, .minus: return (.sum, 1)
            case .star, .slash, .doubleSlash, .percent, .at: return (.product, 1)
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return (.comparison, 1)
            default: return nil
            }
        default: return nil
        }
    }

    private func combine(_ token: Token, _ left: Expression, _ right: Expression) throws(Failure) -> Expression {
        let kind: Expression.Kind =
            switch token.kind {
            case .keyword(.or): .either(left, right)
            case .keyword(.and): .both(left, right)
            case .keyword(.in): .contains(item: left, container: right, isNegated: false)
            case .keyword(.not): .contains(item: left, container: right, isNegated: true)
            case .symbol(.coalesce): .coalesce(left, right)
            case .symbol(.rangeBelow): .range(left, right, isClosed: false)
            case .symbol(.rangeThrough): .range(left, right, isClosed: true)
            default: .binary(BinaryOperator(rawValue: source.text(token.span)) ?? .add, left, right)
            }
        return try make(kind, from: left.span.start, over: left, right)
    }

    private func refuseChain(_ precedence: Precedence) throws(Failure) {
        guard let (following, _) = binaryPrecedence(), following == precedence else { return }
        if precedence == .range { throw failure("a range can't be continued with another `\(source.text(current.span))`", current.span) }
        throw failure("comparisons can't be chained", current.span, hint: "join them with `and`: `a < b and b < c`")
    }

    private mutating func unary() throws(Failure) -> Expression {
        if isAt(.minus) {
            let start = advance().span.start
            let operand = try nested { (parser) throws(Failure) in try parser.unary() }
            return try make(.negative(operand), from: start, over: operand)
        }
        if isAt(.plus) { throw expected("an expression", hint: "a positive number has no sign") }
        if isAt(.not) { throw failure("`not` needs parentheses here", current.span, hint: "write `(not …)`") }
        let base = try postfix()
        guard !isAtLineEnd, match(.power) else { return base }
        let exponent = try nested { (parser) throws(Failure) in try parser.unary() }
        return try make(.binary(.power, base, exponent), from: base.span.start, over: base, exponent)
    }

    /// Calls, fields and indices; `(` and `[` are glued to what they follow, a `.` may begin the next line.
    private mutating func postfix() throws(Failure) -> Expression {
        var value = try primary()
        while true {
            if isAt(.dot) {
                value = try member(of: value)
            } else if isAt(.leftParenthesis), !current.hasSpaceBefore {
                let arguments = try arguments()
                value = try make(.call(value, arguments), from: value.span.start, over: [value] + arguments.map(\.value))
            } else if isAt(.leftBracket), !current.hasSpaceBefore {
                let indices = try indices()
                value = try make(.element(value, indices), from: value.span.start, over: [value] + indices.flatMap(\.parts))
            } else {
                return value
            }
        }
    }

    private mutating func member(of value: Expression) throws(Failure) -> Expression {
        advance()
        guard isAtWord, !current.hasNewlineBefore || brackets > 0 else { throw expected("a field's name after `.`") }
        let token = advance()
        let label = Argument.Label(name: source.text(token.span), span: token.span)
        guard isAt(.leftParenthesis), !current.hasSpaceBefore else {
            return try make(.member(value, label), from: value.span.start, over: value)
        }
        let arguments = try arguments()
        return try make(.methodCall(value, label, arguments), from: value.span.start, over: [value] + arguments.map(\.value))
    }

    // MARK: arguments and indices

    mutating func arguments() throws(Failure) -> [Argument] {
        let opening = advance()
        return try bracketed(opening, .rightParenthesis) { (parser) throws(Failure) -> [Argument] in
            var arguments: [Argument] = []
            while !parser.isAt(.rightParenthesis), parser.current.kind != .end {
                arguments.append(try parser.argument(after: arguments))
                guard parser.match(.comma) else { break }
            }
            return arguments
        }
    }

    mutating func argument(after others: [Argument]) throws(Failure) -> Argument {
        if isAtWord, next.kind == .symbol(.colon) {
            let token = advance()
            advance()
            let label = Argument.Label(name: source.text(token.span), span: token.span)
            if others.lazy.filter({ $0.label != nil }).count >= Limits.names { throw failure("a call takes at most \(Limits.names) named arguments", token.span) }
            if others.contains(where: { $0.label?.name == label.name }) { throw failure("`\(label.name):` is given twice", token.span) }
            return Argument(label: label, value: try expression())
        }
        let value = try expression()
        if isAt(.assign), case .name(let name) = value.kind {
            throw expected("`,` or the end of the arguments", hint: "a named argument is written with a colon: `\(name.name): …`")
        }
        if let label = others.last?.label {
            throw failure("an argument without a name can't follow `\(label.name):`", value.span)
        }
        return Argument(label: nil, value: value)
    }

    private mutating func indices() throws(Failure) -> [IndexSyntax] {
        let opening = advance()
        return try bracketed(opening, .rightBracket) { (parser) throws(Failure) -> [IndexSyntax] in
            var indices: [IndexSyntax] = []
            repeat {
                if parser.isAt(.rightBracket), !indices.isEmpty { break }
                indices.append(try parser.oneIndex())
            } while parser.match(.comma)
            return indices
        }
    }

    private mutating func oneIndex() throws(Failure) -> IndexSyntax {
        let start = isAt(.colon) ? nil : try expression()
        guard match(.colon) else {
            if let start { return .at(start) }
            throw expected("an index")
        }
        let stop = try sliceBound()
        let step = match(.colon) ? try sliceBound() : nil
        return .slice(start: start, stop: stop, step: step)
    }

    private mutating func sliceBound() throws(Failure) -> Expression? {
        isAt(.colon) || isAt(.comma) || isAt(.rightBracket) ? nil : try expression()
    }

    // MARK: nodes

    func make(_ kind: Expression.Kind, from start: Int, over parts: Expression...) throws(Failure) -> Expression {
        try make(kind, from: start, over: parts)
    }

    func make(_ kind: Expression.Kind, from start: Int, over parts: [Expression]) throws(Failure) -> Expression {
        let height = parts.reduce(0) { max($0, $1.height) } + 1
        if height > Parser.tallest { throw failure("this expression is too long to read", Span(start, start), hint: "split it with `let`") }
        return Expression(kind: kind, span: Span(start, previousEnd), height: height)
    }
}

extension IndexSyntax {
    var parts: [Expression] {
        switch self {
        case .at(let index): [index]
        case .slice(let start, let stop, let step): [start, stop, step].compactMap { $0 }
        }
    }
}
