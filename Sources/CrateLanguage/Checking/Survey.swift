/// A variable, wherever it is used.
enum VariableKey: Hashable {
    case local(ObjectIdentifier)
    case global(Int)
}

/// What a variable is known to be.
struct VariableFacts {
    enum Origin {
        case variable(Expression)
        case function(FunctionSyntax)
        case parameter, loop, caught
    }

    let name: Identifier
    let origin: Origin
    let isTopLevel: Bool
    /// Directly in a block of `try`, where making the value may be the point.
    let isAttempt: Bool
    var reads = 0
    var writes = 0
}

/// A call as it stands, to be held against definitions when all variables are known.
struct SurveyedCall {
    enum Callee {
        case native(NativeFunction)
        case variable(VariableKey)
        /// A kind that a handler block of this source makes.
        case handler(String)
        case method(Expression)
    }

    let callee: Callee
    /// The name that is called.
    let name: Argument.Label
    let arguments: [Argument]
    let isTried: Bool
}

/// `container.name` without a call.
struct SurveyedMember {
    let container: Expression
    let name: Argument.Label
    let isTried: Bool
}

struct SurveyedOperation {
    let operation: BinaryOperator
    let left: Expression
    let right: Expression
    let span: Span
    let isTried: Bool
}

/// A value where only some types will do.
struct SurveyedUse {
    enum Use {
        case condition, sequence, negation
        case element(IndexSyntax)
    }

    let use: Use
    let value: Expression
    let span: Span
    let isTried: Bool
}

/// Walks a resolved program once and notes its variables, calls and fields, and what is wrong with names and the order of statements.
struct Survey {
    let program: Program
    let source: Source
    let host: any Host
    let resolution: Resolution
    let resolverFailures: [Failure]
    let unreadNames: Set<String>
    let unreadDeclarations: Set<String>
    /// The methods of the kinds that this source makes; none where two blocks make one of that name.
    let handlers: [String: [FunctionSyntax]]

    var keys: [Int: VariableKey] = [:]
    /// Where variables are declared, used and changed.
    private(set) var places: [(span: Span, key: VariableKey)] = []
    /// Where names of the host are used.
    private(set) var hostUses: [(name: Identifier, isInFunction: Bool)] = []
    var facts: [VariableKey: VariableFacts] = [:]
    /// In the order of their declarations.
    var variables: [VariableKey] = []
    var calls: [SurveyedCall] = []
    var members: [SurveyedMember] = []
    var operations: [SurveyedOperation] = []
    private(set) var uses: [SurveyedUse] = []
    var findings: [Finding] = []
    /// Names that were used and meant nothing there.
    var unknownNames: Set<String> = []
    /// Captures of the functions under way, outermost first.
    private var captures: [[CaptureSource]] = [[]]
    /// Names in the open blocks of the function under way, innermost last.
    private var blocks: [[String: Span]] = [[:]]
    private var tries = 0

    init(_ checked: CheckedProgram, host: any Host) {
        program = checked.program
        source = checked.program.source
        self.host = host
        (unreadNames, unreadDeclarations) = (checked.unreadNames, checked.unreadDeclarations)
        let handlers = Survey.handlers(checked.program.statements)
        self.handlers = handlers
        var resolver = Resolver(
            checked.program, globals: GlobalTable(), defined: [], isInteractive: false, goesOn: true,
            isHostName: { name in
                if handlers[name] != nil || host.function(named: name) != nil || host.verb(named: name) != nil { return true }
                do throws(Failure) { return try host.constant(named: name) != nil } catch { return true }
            },
            hostNames: { host.names + handlers.keys.sorted() })
        var failures: [Failure] = []
        var found = Resolution(bindings: Array(repeating: .host, count: checked.program.identifierCount))
        do throws(Failure) { found = try resolver.resolve(checked.program) } catch { failures.append(error) }
        resolution = found
        resolverFailures = failures + (resolver.failures ?? [])
    }

    private static func handlers(_ statements: [Statement]) -> [String: [FunctionSyntax]] {
        var found: [String: [FunctionSyntax]] = [:]
        for statement in statements {
            if case .handler(let name, let methods) = statement.kind { found[name.name] = found[name.name] == nil ? methods : [] }
            for block in statement.blocks { found.merge(handlers(block.statements)) { _, _ in [] } }
        }
        return found
    }

    mutating func walk() { walk(program.statements) }

    var isTried: Bool { tries > 0 }

    func location(_ span: Span) -> Location { Location(source: source, span: span) }

    /// An error that happens at run time; in a block of `try` it may be meant.
    mutating func fail(_ kind: String, _ message: String, _ span: Span, hint: String? = nil) {
        let failure = Failure(kind, message, hint: hint, location: location(span))
        findings.append(Finding(severity: isTried ? .warning : .error, failure: failure))
    }

    mutating func warn(_ kind: String, _ message: String, _ span: Span, hint: String? = nil) {
        findings.append(Finding(severity: .warning, failure: Failure(kind, message, hint: hint, location: location(span))))
    }

    mutating func note(_ use: SurveyedUse.Use, of value: Expression, in expression: Expression? = nil) {
        uses.append(SurveyedUse(use: use, value: value, span: (expression ?? value).span, isTried: isTried))
    }

    // MARK: variables

    mutating func declare(_ name: Identifier, _ origin: VariableFacts.Origin) {
        guard let key = key(resolution.bindings[name.id]) else { return }
        keys[name.id] = key
        places.append((name.span, key))
        if facts[key] == nil { variables.append(key) }
        if facts[key] != nil { facts[key]?.writes += 1 }
        let isTopLevel = captures.count == 1 && blocks.count == 1
        facts[key] = facts[key] ?? VariableFacts(name: name, origin: origin, isTopLevel: isTopLevel, isAttempt: attemptDepths.last == blocks.count)
        warnOfVerb(name)
        warnOfHidden(name, origin)
        blocks[blocks.count - 1][name.name] = name.span
    }

    /// How many blocks were open when each block of `try` under way began.
    private var attemptDepths: [Int] = []

    private func key(_ binding: Binding) -> VariableKey? {
        switch binding {
        case .local(let variable): .local(ObjectIdentifier(variable))
        case .global(let slot): .global(slot)
        case .capture(let number): key(ofCapture: number, in: captures.count - 1)
        case .host, .late: nil
        }
    }

    private func key(ofCapture number: Int, in function: Int) -> VariableKey? {
        guard captures.indices.contains(function), captures[function].indices.contains(number) else { return nil }
        switch captures[function][number] {
        case .local(let variable): return .local(ObjectIdentifier(variable))
        case .capture(let outer): return key(ofCapture: outer, in: function - 1)
        }
    }

    mutating func noteUse(_ name: Identifier) {
        if case .host = resolution.bindings[name.id] { hostUses.append((name, captures.count > 1)) }
        guard let key = key(resolution.bindings[name.id]) else { return }
        keys[name.id] = key
        places.append((name.span, key))
        facts[key]?.reads += 1
        usesBeforeDeclaration[key, default: 0] += facts[key] == nil ? 1 : 0
    }

    mutating func noteChange(_ name: Identifier) {
        guard let key = key(resolution.bindings[name.id]) else { return }
        keys[name.id] = key
        places.append((name.span, key))
        facts[key]?.writes += 1
        changesBeforeDeclaration[key, default: 0] += facts[key] == nil ? 1 : 0
    }

    /// Uses and changes by functions that stand above a variable of the top level.
    private(set) var usesBeforeDeclaration: [VariableKey: Int] = [:]
    private(set) var changesBeforeDeclaration: [VariableKey: Int] = [:]

    func reads(of key: VariableKey) -> Int { (facts[key]?.reads ?? 0) + usesBeforeDeclaration[key, default: 0] }
    func writes(of key: VariableKey) -> Int { (facts[key]?.writes ?? 0) + changesBeforeDeclaration[key, default: 0] }

    private mutating func warnOfVerb(_ name: Identifier) {
        guard name.name != "self", host.verb(named: name.name) != nil else { return }
        let hint = "a statement `\(name.name) …` runs the command; `\(name.name) = …`, `\(name.name).x` and expressions mean the variable"
        warn("verb_name", "`\(name.name)` is a command's name too", name.span, hint: hint)
    }

    private mutating func warnOfHidden(_ name: Identifier, _ origin: VariableFacts.Origin) {
        switch origin {
        case .variable, .loop, .function: break
        case .parameter, .caught: return
        }
        guard let outer = blocks.dropLast().reversed().compactMap({ $0[name.name] }).first else { return }
        let line = source.position(at: outer.start).line
        warn(
            "shadowed", "`\(name.name)` hides the `\(name.name)` of line \(line)", name.span,
            hint: "without `let` it would change that one; another name keeps both")
    }

    // MARK: blocks

    mutating func inBlock(_ body: (inout Survey) -> Void) {
        blocks.append([:])
        body(&self)
        blocks.removeLast()
    }

    mutating func inTry(_ body: (inout Survey) -> Void) {
        tries += 1
        attemptDepths.append(blocks.count + 1)
        body(&self)
        attemptDepths.removeLast()
        tries -= 1
    }

    mutating func inFunction(_ function: FunctionSyntax, _ body: (inout Survey) -> Void) {
        let (outer, attempts) = (blocks, attemptDepths)
        captures.append(resolution.captures[function.name.id] ?? [])
        (blocks, attemptDepths) = ([[:]], [])
        body(&self)
        (blocks, attemptDepths) = (outer, attempts)
        captures.removeLast()
    }
}
