extension Survey {
    mutating func walk(_ expressions: [Expression]) { for expression in expressions { walk(expression) } }

    mutating func walk(_ expression: Expression) {
        switch expression.kind {
        case .name(let name): walkName(name, "name")
        case .namedCall(let call): walkCall(call)
        case .methodCall(let receiver, let name, let arguments):
            walk(receiver)
            walk(arguments.map(\.value))
            calls.append(SurveyedCall(callee: .method(receiver), name: name, arguments: arguments, isTried: isTried))
        case .member(let container, let name):
            walk(container)
            members.append(SurveyedMember(container: container, name: name, isTried: isTried))
        case .comprehension(let body, let header, let condition):
            walk(header.sequence)
            note(.sequence, of: header.sequence)
            inBlock { survey in
                for name in header.names { survey.declare(name, .parameter) }
                if let condition { survey.walkCondition(condition) }
                survey.walk(body)
            }
        case .binary(let operation, let left, let right):
            walk(expression.parts)
            operations.append(SurveyedOperation(operation: operation, left: left, right: right, span: expression.span, isTried: isTried))
        case .not(let operand): walkCondition(operand)
        case .both(let left, let right), .either(let left, let right):
            walkCondition(left)
            walk(right)
        case .negative(let operand):
            walk(operand)
            note(.negation, of: operand, in: expression)
        case .element(let container, let indices):
            walk(expression.parts)
            if indices.count == 1 { note(.element(indices[0]), of: container, in: expression) }
        case .dict(let pairs):
            walk(expression.parts)
            warnOfDuplicates(pairs.map(\.key))
        default: walk(expression.parts)
        }
    }

    mutating func walkCondition(_ condition: Expression) {
        walk(condition)
        note(.condition, of: condition)
    }

    private mutating func warnOfDuplicates(_ keys: [Expression]) {
        var known: [Key: Span] = [:]
        for expression in keys {
            guard case .literal(let literal) = expression.kind, let key = Key(Value(literal)) else { continue }
            if let first = known.updateValue(expression.span, forKey: key) {
                let line = source.position(at: first.start).line
                warn("duplicate", "the key \(Value(key).nestedDescription) stands in this dict twice", expression.span, hint: "this value takes the place of the one of line \(line)")
            }
        }
    }

    private mutating func walkName(_ name: Identifier, _ what: String) {
        noteUse(name)
        guard case .late(let hint) = resolution.bindings[name.id], !unreadDeclarations.contains(name.name) else { return }
        unknownNames.insert(name.name)
        fail("name", "unknown \(what) `\(name.name)`", name.span, hint: hint)
    }

    private mutating func walkCall(_ call: CallSyntax) {
        walk(call.arguments.map(\.value))
        walkName(call.name, "function")
        if let key = keys[call.name.id] { return note(.variable(key), call) }
        guard case .host = resolution.bindings[call.name.id] else { return }
        if let native = host.function(named: call.name.name) ?? host.verb(named: call.name.name) {
            note(.native(native), call)
        } else if handlers[call.name.name] != nil {
            note(.handler(call.name.name), call)
        }
    }
}

extension Expression {
    /// The expressions directly below that are evaluated where this one stands; not those of a comprehension, which has a scope of its own.
    var parts: [Expression] {
        switch kind {
        case .literal, .name, .comprehension: []
        case .interpolation(let pieces): pieces.compactMap { if case .value(let value) = $0 { value } else { nil } }
        case .list(let items): items
        case .dict(let pairs): pairs.flatMap { [$0.key, $0.value] }
        case .negative(let operand), .not(let operand), .member(let operand, _): [operand]
        case .binary(_, let left, let right), .both(let left, let right), .either(let left, let right), .coalesce(let left, let right),
            .contains(let left, let right, _), .range(let left, let right, _):
            [left, right]
        case .namedCall(let call): call.arguments.map(\.value)
        case .call(let callee, let arguments), .methodCall(let callee, _, let arguments): [callee] + arguments.map(\.value)
        case .element(let container, let indices): [container] + indices.flatMap(\.parts)
        }
    }
}
