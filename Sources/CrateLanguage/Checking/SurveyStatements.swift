extension Survey {
    mutating func walk(_ statements: [Statement]) {
        for (index, statement) in statements.enumerated() {
            walk(statement)
            if statement.leaves, index + 1 < statements.count, !isUnreachableFound(statements, before: index) {
                let next = statements[index + 1]
                warn("unreachable", "this never runs", next.firstLine(in: source), hint: "the statement before always leaves this block")
            }
        }
    }

    /// One warning per block is enough.
    private func isUnreachableFound(_ statements: [Statement], before index: Int) -> Bool { statements[..<index].contains { $0.leaves } }

    private mutating func walk(_ block: Block, declaring names: [(Identifier, VariableFacts.Origin)] = []) {
        inBlock { survey in
            for (name, origin) in names { survey.declare(name, origin) }
            survey.walk(block.statements)
        }
    }

    private mutating func walk(_ statement: Statement) {
        switch statement.kind {
        case .declaration(let name, let value):
            walk(value)
            declare(name, .variable(value))
        case .assignment(let target, _, let value): walkAssignment(target, value)
        case .expression(let value): walkExpressionStatement(value)
        case .command(let call): walkCommand(call)
        case .blockCommand(let function): walk(function)
        case .conditional(let branches, let otherwise):
            for branch in branches {
                walkCondition(branch.condition)
                walk(branch.body)
            }
            if let otherwise { walk(otherwise) }
        case .loop(let header, let body):
            walk(header.sequence)
            note(.sequence, of: header.sequence)
            walk(body, declaring: header.names.map { ($0, .loop) })
        case .whileLoop(let condition, let body):
            walkCondition(condition)
            walk(body)
        case .attempt(let body, let rescue, let cleanup):
            if rescue == nil { walk(body) } else { inTry { $0.walk(body) } }
            if let rescue { walk(rescue.body, declaring: rescue.name.map { [($0, .caught)] } ?? []) }
            if let cleanup { walk(cleanup) }
        case .function(let function):
            declare(function.name, .function(function))
            walk(function)
        case .handler(_, let methods): for method in methods { walk(method) }
        case .giveBack(let value): if let value { walk(value) }
        case .leaveLoop, .nextRound: break
        }
    }

    private mutating func walk(_ function: FunctionSyntax) {
        inFunction(function) { survey in
            if let receiver = function.receiver { survey.declare(receiver, .parameter) }
            for parameter in function.parameters {
                if let standard = parameter.standard { survey.walk(standard) }
                survey.declare(parameter.name, .parameter)
            }
            survey.walk(function.body.statements)
        }
    }

    private mutating func walkAssignment(_ target: Expression, _ value: Expression) {
        walk(value)
        guard case .name(let name) = target.kind else { return walk(target) }
        noteChange(name)
        switch resolution.bindings[name.id] {
        case .host where handlers[name.name] == nil:
            fail("name", "`\(name.name)` is no variable", name.span, hint: "declare it with `let \(name.name) = …`")
        case .late where !unreadDeclarations.contains(name.name):
            unknownNames.insert(name.name)
            let near = nearest(name.name, in: variables.compactMap { facts[$0]?.name.name })
            let hint = near.map { "did you mean `\($0)`?" } ?? "declare it with `let \(name.name) = …`"
            fail("name", "unknown variable `\(name.name)`", name.span, hint: hint)
        default: break
        }
    }

    /// A name alone is the command of that name when no variable has it.
    private mutating func walkExpressionStatement(_ value: Expression) {
        if case .name(let name) = value.kind, case .host = resolution.bindings[name.id], host.verb(named: name.name) != nil {
            return walkCommand(CallSyntax(name: name, arguments: []))
        }
        walk(value)
    }

    private mutating func walkCommand(_ call: CallSyntax) {
        let before = findings.count
        for argument in call.arguments { walkBareWord(argument.value) }
        guard let verb = host.verb(named: call.name.name) else {
            // What stands behind a command that is none may be no argument either.
            findings.removeLast(findings.count - before)
            if unreadDeclarations.contains(call.name.name) { return }
            var failure = Failure.unknownCommand(call.name.name, resolution.bindings[call.name.id])
            failure.location = location(call.name.span)
            return findings.append(Finding(severity: isTried ? .warning : .error, failure: failure))
        }
        note(.native(verb), call)
    }

    /// Who comes from a shell leaves the quotes off.
    private mutating func walkBareWord(_ value: Expression) {
        guard case .name(let name) = value.kind, case .late(nil) = resolution.bindings[name.id], !unreadDeclarations.contains(name.name)
        else { return walk(value) }
        fail("name", "unknown name `\(name.name)`", name.span, hint: "text is written in quotes: \"\(name.name)\"")
    }

    mutating func note(_ callee: SurveyedCall.Callee, _ call: CallSyntax) {
        let name = Argument.Label(name: call.name.name, span: call.name.span)
        calls.append(SurveyedCall(callee: callee, name: name, arguments: call.arguments, isTried: isTried))
    }
}

extension Failure {
    /// A statement that looks like a command, whose name is none.
    static func unknownCommand(_ name: String, _ binding: Binding) -> Failure {
        let hint: String?
        switch binding {
        case .host, .local, .global, .capture: hint = "a function is called with parentheses: `\(name)(…)`; only commands go without"
        case .late(let near): hint = near
        }
        return Failure("name", "unknown command `\(name)`", hint: hint)
    }
}

extension ForHeader {
    var names: [Identifier] { [first] + (second.map { [$0] } ?? []) }
}

extension Statement {
    /// Whether nothing after it in its block can run.
    var leaves: Bool {
        switch kind {
        case .giveBack, .leaveLoop, .nextRound: true
        case .conditional(let branches, let otherwise?): branches.allSatisfy { $0.body.leaves } && otherwise.leaves
        case .attempt(let body, let rescue, let cleanup): (cleanup?.leaves ?? false) || body.leaves && (rescue?.body.leaves ?? true)
        default: false
        }
    }

    /// Blocks directly below, functions' included.
    var blocks: [Block] {
        switch kind {
        case .conditional(let branches, let otherwise): branches.map(\.body) + (otherwise.map { [$0] } ?? [])
        case .loop(_, let body), .whileLoop(_, let body): [body]
        case .attempt(let body, let rescue, let cleanup): [body] + [rescue?.body, cleanup].compactMap { $0 }
        case .function(let function), .blockCommand(let function): [function.body]
        case .handler(_, let methods): methods.map(\.body)
        default: []
        }
    }

    fileprivate func firstLine(in source: Source) -> Span { Span(span.start, min(span.end, source.lineRange(at: span.start).upperBound)) }
}

extension Block {
    var leaves: Bool { statements.contains { $0.leaves } }
}
