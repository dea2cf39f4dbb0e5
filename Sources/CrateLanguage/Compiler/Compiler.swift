/// Turns resolved syntax into the instructions of one function; an inner function gets a compiler of its own.
///
/// An expression is compiled into a register chosen by whoever needs it, or gives an operand where it already stands
/// in one (a local variable, or at top level a global) or is a constant. Registers are handed out as a stack:
/// variables of the open blocks below, temporaries above.
struct Compiler {
    let source: Source
    let resolution: Resolution
    let host: any Host
    /// At top level the frame begins with the global variables, so they are registers too.
    let isTopLevel: Bool
    var code: CodeBuilder
    /// What `break`, `continue` and `return` must pass on their way out, outermost first.
    var exits: [Exit] = []

    init(source: Source, resolution: Resolution, host: any Host, isTopLevel: Bool, firstRegister: Int) {
        self.source = source
        self.resolution = resolution
        self.host = host
        self.isTopLevel = isTopLevel
        code = CodeBuilder(firstRegister: firstRegister)
    }

    /// Compiles a whole source, whose frame keeps the global variables below `firstRegister`.
    static func compile(_ program: Program, _ resolution: Resolution, host: any Host, firstRegister: Int) throws(Failure) -> Code {
        var compiler = Compiler(source: program.source, resolution: resolution, host: host, isTopLevel: true, firstRegister: firstRegister)
        var result: Int?
        for statement in program.statements.dropLast() { try compiler.compile(statement) }
        if let last = program.statements.last { result = try compiler.compileLast(last) }
        compiler.code.emit(.halt, result == nil ? 0 : 1, result ?? compiler.code.constant(.null), at: Span(source: program.source))
        return try compiler.finish(name: "<script>", parameters: [], requiredCount: 0)
    }

    /// The register with the value of a last expression or command; `nil` for other statements.
    private mutating func compileLast(_ statement: Statement) throws(Failure) -> Int? {
        switch statement.kind {
        case .expression(let value):
            let register = code.reserve()
            if let command = bareCommand(value) {
                try compileCommand(command, value.span, into: register)
            } else {
                try compile(value, into: register)
            }
            return register
        case .command(let call):
            let register = code.reserve()
            try compileCommand(call, statement.span, into: register)
            return register
        default:
            try compile(statement)
            return nil
        }
    }

    mutating func finish(name: String, parameters: [String], requiredCount: Int) throws(Failure) -> Code {
        // Operands have 32 bits; a frame of a million registers is no program's.
        guard code.registerCount < 1_000_000, code.position < Int(Int32.max) else {
            throw failure("this function is too large", Span(0, 0))
        }
        code.resolveJumps()
        return Code(code, name: name, source: source, parameters: parameters, requiredCount: requiredCount)
    }

    func failure(_ message: String, _ span: Span, hint: String? = nil) -> Failure {
        Failure("syntax", message, hint: hint, location: Location(source: source, span: span))
    }

    func binding(_ name: Identifier) -> Binding { resolution.bindings[name.id] }

    /// Runs `body` and frees the registers it reserved.
    mutating func temporarily<Result>(_ body: (inout Compiler) throws(Failure) -> Result) throws(Failure) -> Result {
        let top = code.top
        let result = try body(&self)
        code.release(to: top)
        return result
    }

    // MARK: functions

    /// Compiles the function and gives the instruction that makes it.
    mutating func compile(_ function: FunctionSyntax, into register: Int) throws(Failure) {
        var inner = Compiler(source: source, resolution: resolution, host: host, isTopLevel: false, firstRegister: 0)
        let compiled = try inner.compileFunction(function)
        let captures = (resolution.captures[function.name.id] ?? []).map { (source: CaptureSource) -> Prototype.Source in
            switch source {
            case .local(let variable): .register(variable.register)
            case .capture(let number): .capture(number)
            }
        }
        code.prototypes.append(Prototype(code: compiled, captures: captures))
        code.emit(.closure, register, 0, code.prototypes.count - 1, at: function.name.span)
    }

    private mutating func compileFunction(_ function: FunctionSyntax) throws(Failure) -> Code {
        let names = (function.receiver.map { [$0] } ?? []) + function.parameters.map(\.name)
        _ = code.reserve(names.count)
        if let receiver = function.receiver { openParameter(receiver, 0) }
        for (index, parameter) in function.parameters.enumerated() {
            let register = names.count - function.parameters.count + index
            if let standard = parameter.standard {
                let given = code.makeLabel()
                code.emit(.jumpIfGiven, to: given, register, at: parameter.name.span)
                try compile(standard, into: register)
                code.place(given)
            }
            openParameter(parameter.name, register)
        }
        try compileBody(function.body)
        code.emit(.giveBack, 0, code.constant(.null), at: Span(function.span.end - 1, function.span.end))
        let required = names.count - function.parameters.count(where: { $0.standard != nil })
        return try finish(name: function.name.name, parameters: names.map(\.name), requiredCount: required)
    }

    private mutating func openParameter(_ name: Identifier, _ register: Int) {
        guard case .local(let variable) = binding(name) else { return }
        variable.register = register
        if variable.isCaptured { code.emit(.newCell, register, register, at: name.span) }
    }
}

extension Span {
    /// The end of a source.
    init(source: Source) { self.init(source.bytes.count, source.bytes.count) }
}
