/// Finds what each name means, before anything runs. The rules of scope stand here and nowhere else: a `let`, `def`,
/// loop variable or caught error belongs to its block; a variable comes before a name of the host; functions see the
/// variables around them, and all those at top level, also later ones.
struct Resolver {
    let source: Source
    /// Whether the host has a verb, function or constant of that name, and all those names.
    let isHostName: (String) -> Bool
    let hostNames: () -> [String]
    /// A source typed at a prompt may declare a variable again.
    let isInteractive: Bool
    private(set) var globals: GlobalTable
    /// Names that had a value before this source, or that this source has declared so far.
    private var definedGlobals: Set<String>
    /// Declared at top level somewhere in this source, and where.
    private var laterGlobals: [String: Span] = [:]
    private var declaredHere: [String: Span] = [:]
    private var functions: [FunctionScope] = [FunctionScope()]
    private var resolution: Resolution
    /// What a checker's resolver found wrong so far; `nil` for one that stops at the first mistake.
    private(set) var failures: [Failure]?

    private struct FunctionScope {
        /// Innermost last. The first block of the outermost scope is the top level and stays empty.
        var blocks: [[String: Variable]] = [[:]]
        var captures: [CaptureSource] = []
        var captureNumbers: [ObjectIdentifier: Int] = [:]
    }

    init(
        _ program: Program, globals: GlobalTable, defined: Set<String>, isInteractive: Bool, goesOn: Bool = false,
        isHostName: @escaping (String) -> Bool, hostNames: @escaping () -> [String]
    ) {
        source = program.source
        self.globals = globals
        definedGlobals = defined
        self.isInteractive = isInteractive
        self.isHostName = isHostName
        self.hostNames = hostNames
        failures = goesOn ? [] : nil
        resolution = Resolution(bindings: Array(repeating: .host, count: program.identifierCount))
    }

    mutating func resolve(_ program: Program) throws(Failure) -> Resolution {
        for statement in program.statements {
            switch statement.kind {
            case .declaration(let name, _): laterGlobals[name.name] = name.span
            case .function(let function): laterGlobals[function.name.name] = function.name.span
            default: break
            }
        }
        for statement in program.statements { try resolve(statement) }
        return resolution
    }

    // MARK: names

    private func failure(_ message: String, _ span: Span, hint: String? = nil) -> Failure {
        Failure("syntax", message, hint: hint, location: Location(source: source, span: span))
    }

    /// Stops, or notes the failure and goes on.
    private mutating func report(_ failure: Failure) throws(Failure) {
        if failures == nil { throw failure }
        failures?.append(failure)
    }

    private var isAtTopLevel: Bool { functions.count == 1 && functions[0].blocks.count == 1 }

    private mutating func declare(_ name: Identifier) throws(Failure) {
        if isAtTopLevel { return try declareGlobal(name) }
        let function = functions.count - 1
        let block = functions[function].blocks.count - 1
        if let other = functions[function].blocks[block][name.name] {
            // A function of the block is known from the block's start.
            if other.declaration != name.span { try report(redeclared(name, other.declaration)) }
            resolution.bindings[name.id] = .local(other)
            return
        }
        let variable = Variable(name: name.name, declaration: name.span)
        functions[function].blocks[block][name.name] = variable
        resolution.bindings[name.id] = .local(variable)
    }

    private mutating func declareGlobal(_ name: Identifier) throws(Failure) {
        if let earlier = declaredHere[name.name], !isInteractive { try report(redeclared(name, earlier)) }
        guard let slot = globals.slot(for: name.name) else { throw failure("there are too many variables", name.span) }
        declaredHere[name.name] = name.span
        definedGlobals.insert(name.name)
        resolution.bindings[name.id] = .global(slot)
    }

    private func redeclared(_ name: Identifier, _ earlier: Span) -> Failure {
        let line = source.position(at: earlier.start).line
        return failure("`\(name.name)` is already declared in this block, on line \(line)", name.span, hint: "`\(name.name) = …` gives it a new value")
    }

    private mutating func use(_ name: Identifier) throws(Failure) {
        resolution.bindings[name.id] = try binding(of: name)
    }

    private mutating func binding(of name: Identifier) throws(Failure) -> Binding {
        if let local = local(name.name, in: functions.count - 1) { return .local(local) }
        if let capture = capture(name.name, in: functions.count - 1) { return .capture(capture) }
        if name.name == "self" {
            try report(failure("`self` outside a handler", name.span))
            return .host
        }
        if definedGlobals.contains(name.name), let slot = globals[name.name] { return .global(slot) }
        if functions.count > 1, laterGlobals[name.name] != nil {
            guard let slot = globals.slot(for: name.name) else { throw failure("there are too many variables", name.span) }
            return .global(slot)
        }
        return isHostName(name.name) ? .host : .late(hint: hint(for: name.name))
    }

    private func local(_ name: String, in function: Int) -> Variable? {
        for block in functions[function].blocks.reversed() {
            if let variable = block[name] { return variable }
        }
        return nil
    }

    /// The number of the capture by which `function` reaches a variable of a function around it.
    private mutating func capture(_ name: String, in function: Int) -> Int? {
        guard function > 0 else { return nil }
        if let variable = local(name, in: function - 1) {
            variable.isCaptured = true
            return number(.local(variable), ObjectIdentifier(variable), in: function)
        }
        guard let outer = capture(name, in: function - 1), let key = key(ofCapture: outer, in: function - 1) else { return nil }
        return number(.capture(outer), key, in: function)
    }

    private func key(ofCapture capture: Int, in function: Int) -> ObjectIdentifier? {
        functions[function].captureNumbers.first { $0.value == capture }?.key
    }

    private mutating func number(_ source: CaptureSource, _ key: ObjectIdentifier, in function: Int) -> Int {
        if let known = functions[function].captureNumbers[key] { return known }
        functions[function].captures.append(source)
        functions[function].captureNumbers[key] = functions[function].captures.count - 1
        return functions[function].captures.count - 1
    }

    /// What Python's users type first.
    static let foreignWords = [
        "True": "true", "False": "false", "None": "null", "elif": "else if", "except": "catch", "import": "read(\"file\")", "lambda": "def",
        "dict": "{}", "list": "[]", "open": "read_text", "quit": "exit",
    ]

    private func hint(for name: String) -> String? {
        if let word = Resolver.foreignWords[name] { return "in this language it is `\(word)`" }
        if let later = laterGlobals[name] { return "it is declared later, on line \(source.position(at: later.start).line)" }
        var candidates = functions.flatMap { $0.blocks.flatMap(\.keys) }.sorted()
        candidates += definedGlobals.sorted() + laterGlobals.keys.sorted() + hostNames()
        return nearest(name, in: candidates).map { "did you mean `\($0)`?" }
    }

    // MARK: statements

    private mutating func resolve(_ block: Block, declaring names: [Identifier] = []) throws(Failure) {
        try scope { (resolver) throws(Failure) in
            for name in names { try resolver.declare(name) }
            try resolver.resolveBody(block)
        }
    }

    /// Functions of a block may call each other, whatever their order.
    private mutating func resolveBody(_ block: Block) throws(Failure) {
        for statement in block.statements {
            if case .function(let function) = statement.kind { try declare(function.name) }
        }
        for statement in block.statements { try resolve(statement) }
    }

    private mutating func scope(_ body: (inout Resolver) throws(Failure) -> Void) throws(Failure) {
        let function = functions.count - 1
        functions[function].blocks.append([:])
        try body(&self)
        functions[function].blocks.removeLast()
    }

    private mutating func resolve(_ statement: Statement) throws(Failure) {
        switch statement.kind {
        case .declaration(let name, let value):
            try resolve(value)
            try declare(name)
        case .assignment(let target, _, let value):
            try resolve(target)
            try resolve(value)
        case .expression(let value): try resolve(value)
        case .command(let call): try resolve(call)
        case .blockCommand(let function): try resolve(function)
        case .conditional(let branches, let otherwise):
            for branch in branches {
                try resolve(branch.condition)
                try resolve(branch.body)
            }
            if let otherwise { try resolve(otherwise) }
        case .loop(let header, let body):
            try resolve(header.sequence)
            try resolve(body, declaring: [header.first] + (header.second.map { [$0] } ?? []))
        case .whileLoop(let condition, let body):
            try resolve(condition)
            try resolve(body)
        case .attempt(let body, let rescue, let cleanup):
            try resolve(body)
            if let rescue { try resolve(rescue.body, declaring: rescue.name.map { [$0] } ?? []) }
            if let cleanup { try resolve(cleanup) }
        case .function(let function):
            try declare(function.name)
            try resolve(function)
        case .handler(_, let methods): for method in methods { try resolve(method) }
        case .giveBack(let value): if let value { try resolve(value) }
        case .leaveLoop, .nextRound: break
        }
    }

    private mutating func resolve(_ function: FunctionSyntax) throws(Failure) {
        functions.append(FunctionScope())
        if let receiver = function.receiver { try declare(receiver) }
        for parameter in function.parameters {
            // A default may use the parameters before it.
            if let standard = parameter.standard { try resolve(standard) }
            try declare(parameter.name)
        }
        try resolveBody(function.body)
        resolution.captures[function.name.id] = functions.removeLast().captures
    }

    // MARK: expressions

    private mutating func resolve(_ call: CallSyntax) throws(Failure) {
        for argument in call.arguments { try resolve(argument.value) }
        try use(call.name)
    }

    private mutating func resolve(_ expressions: [Expression]) throws(Failure) {
        for expression in expressions { try resolve(expression) }
    }

    private mutating func resolve(_ expression: Expression) throws(Failure) {
        switch expression.kind {
        case .literal: break
        case .interpolation(let pieces):
            for case .value(let value) in pieces { try resolve(value) }
        case .name(let name): try use(name)
        case .list(let items): try resolve(items)
        case .comprehension(let body, let header, let condition): try resolveComprehension(body, header, condition)
        case .dict(let pairs):
            for pair in pairs {
                try resolve(pair.key)
                try resolve(pair.value)
            }
        case .negative(let operand), .not(let operand), .member(let operand, _): try resolve(operand)
        case .binary(_, let left, let right), .both(let left, let right), .either(let left, let right), .coalesce(let left, let right),
            .contains(let left, let right, _), .range(let left, let right, _):
            try resolve(left)
            try resolve(right)
        case .namedCall(let call): try resolve(call)
        case .call(let callee, let arguments), .methodCall(let callee, _, let arguments):
            try resolve(callee)
            try resolve(arguments.map(\.value))
        case .element(let container, let indices):
            try resolve(container)
            try resolve(indices.flatMap(\.parts))
        }
    }

    private mutating func resolveComprehension(_ body: Expression, _ header: ForHeader, _ condition: Expression?) throws(Failure) {
        try resolve(header.sequence)
        try scope { (resolver) throws(Failure) in
            try resolver.declare(header.first)
            if let second = header.second { try resolver.declare(second) }
            if let condition { try resolver.resolve(condition) }
            try resolver.resolve(body)
        }
    }
}
