/// What running a source came to.
public enum Outcome {
    /// Ran to its end; the value of a last bare expression, if it was one.
    case finished(Value?)
    /// Ends inside a block, bracket or string: more lines are needed.
    case incomplete
    case failed(Failure)
    /// `exit` was called.
    case exit(Int)
}

/// Parses, resolves and runs sources one after the other; variables and functions live on between them.
///
/// The machine keeps all values in one block of registers: the global variables first, then a frame for each call
/// under way, whose first registers are its arguments. Calls between functions of the language use no native stack.
public final class Interpreter {
    /// Most often the owner of the interpreter.
    unowned let host: any Host
    @exclusivity(unchecked) var globals = GlobalTable()
    let registers = Registers()
    /// The calls under way; `depth` is the innermost.
    let frames: UnsafeMutablePointer<Frame>
    @exclusivity(unchecked) var depth = -1
    /// Native functions that called back into the machine, which does take native stack.
    @exclusivity(unchecked) var nativeDepth = 0
    @exclusivity(unchecked) var caught: CaughtFailure?
    /// The run under way was interrupted, and its `finally` blocks are running.
    @exclusivity(unchecked) private var isInterrupted = false
    /// Stands for an argument that was left out.
    let missing = Object()
    let interruption: Interruption
    /// Everything compiled stays, as calls under way hold no reference to their code.
    private var programs: [Code] = []

    static let deepestCall = 10_000
    static let deepestNativeCall = 50

    /// - Parameters:
    ///   - host: is not kept alive.
    ///   - interruption: the wish to stop, for those who must raise it without touching the interpreter.
    public init(host: any Host, interruption: Interruption = Interruption()) {
        self.host = host
        self.interruption = interruption
        frames = .allocate(capacity: Interpreter.deepestCall + 1)
    }

    deinit { frames.deallocate() }

    /// Runs the whole of `source`.
    ///
    /// - Parameter isInteractive: an unfinished text is `incomplete` instead of a syntax error, and `let` may declare a
    ///   variable again.
    public func run(_ source: Source, isInteractive: Bool = false) -> Outcome {
        do throws(Failure) {
            let code = try compile(source, isInteractive: isInteractive)
            programs.append(code)
            let value = try run(code)
            // Native code that can't be stopped has come to its end.
            if nativeDepth == 0, interruption.take() { throw Failure("interrupted", "interrupted, when everything was done") }
            return .finished(value)
        } catch {
            if let status = error.exitStatus { return .exit(status) }
            return isInteractive && error.isIncomplete ? .incomplete : .failed(error)
        }
    }

    /// Whether `source` ends inside a block, bracket or string; runs nothing.
    public func isIncomplete(_ source: Source) -> Bool {
        do throws(Failure) {
            _ = try Parser.parse(source, isVerb: { [host] in host.verb(named: $0) != nil }, takesBlock: host.takesBlock)
            return false
        } catch { return error.isIncomplete }
    }

    private func compile(_ source: Source, isInteractive: Bool) throws(Failure) -> Code {
        let program = try Parser.parse(
            source, isVerb: { [host] in host.verb(named: $0) != nil },
            takesBlock: host.takesBlock)
        let defined = Set(globals.names.indices.lazy.filter { [self] in registers.isSet(global: $0) }.map { [self] in globals.names[$0] })
        var resolver = Resolver(
            program, globals: globals, defined: defined, isInteractive: isInteractive,
            isHostName: { [host] name in
                if host.function(named: name) != nil || host.verb(named: name) != nil { return true }
                // A constant that can't be given at the moment is a constant all the same.
                do throws(Failure) { return try host.constant(named: name) != nil } catch { return true }
            },
            hostNames: { [host] in host.names })
        let resolution = try resolver.resolve(program)
        globals = resolver.globals
        registers.openGlobals(globals.names.count)
        let first = depth < 0 ? Registers.firstFree : registers.index(of: frames[depth].end)
        return try Compiler.compile(program, resolution, host: host, firstRegister: first)
    }

    /// Runs a source's code in a frame that begins with the global variables.
    private func run(_ code: Code) throws(Failure) -> Value? {
        try enterNative()
        defer { nativeDepth -= 1 }
        let caughtBefore = caught
        defer { caught = caughtBefore }
        guard registers.hasRoom(from: registers.globals, count: code.header.pointee.registerCount), depth < Interpreter.deepestCall - 1 else {
            throw .tooDeep
        }
        let floor = depth < 0 ? registers.globals + Registers.firstFree : frames[depth].end
        push(Frame(code: code, base: registers.globals, floor: floor))
        return try execute()
    }

    /// Calls a function of the language, or a native one, with positional arguments, then `named` ones.
    public func call(_ function: Function, _ positional: [Value], named: [(name: String, value: Value)] = []) throws(Failure) -> Value {
        let arguments = positional + named.map(\.value)
        let labels = named.map(\.name)
        if case .native(let native) = function.body {
            return try arguments.withUnsafeBufferPointer { (values) throws(Failure) in
                try callNative(native, GivenArguments(values: values, labels: labels), location ?? Location(source: Source(name: "<native>", text: ""), span: Span(0, 0)))
            }
        }
        guard case .code(let code) = function.body else { return .null }
        try enterNative()
        defer { nativeDepth -= 1 }
        let window = depth < 0 ? registers.globals + Registers.firstFree : frames[depth].end
        guard registers.hasRoom(from: window, count: arguments.count + 1 + code.parameters.count) else { throw .tooDeep }
        (window).put(.null)
        var values = arguments
        if arguments.count != code.parameters.count || !labels.isEmpty {
            values = try arguments.withUnsafeBufferPointer { (values) throws(Failure) in
                try code.bind(GivenArguments(values: values, labels: labels), missing: .object(missing))
            }
        }
        for (index, value) in values.enumerated() { (window + 1 + index).pointee = value }
        // The frame refers to the function without owning it.
        return try withExtendedLifetime(function) { () throws(Failure) in
            try enter(function, window)
            return try execute() ?? .null
        }
    }

    private func enterNative() throws(Failure) {
        if nativeDepth >= Interpreter.deepestNativeCall { throw .tooDeep }
        if nativeDepth == 0 { isInterrupted = false }
        nativeDepth += 1
    }

    // MARK: stopping

    /// Raises `interrupted` when the user asked to stop; the second time in a run, also out of `finally` blocks.
    /// Long native work calls it once per item or chunk.
    public func checkInterrupted() throws(Failure) {
        guard interruption.take() else { return }
        var failure = Failure("interrupted", "interrupted")
        failure.skipsCleanup = isInterrupted
        isInterrupted = true
        throw failure
    }

    /// Work that was asked to stop has failed with that.
    func noteInterrupted() {
        interruption.settle()
        isInterrupted = true
    }

    /// Asks the running program to stop at its next iteration or call. Safe in a signal handler.
    public func interrupt() { interruption.raise() }

    // MARK: looking at the state

    /// The failure that the innermost `catch` block under way caught.
    public var currentFailure: Failure? { caught?.failure }

    /// The calls under way, innermost first.
    public var stack: [Failure.Frame] {
        guard depth >= 0 else { return [] }
        return (0...depth).reversed().map { frames[$0].place }
    }

    /// Where the program is.
    public var location: Location? { depth >= 0 ? frames[depth].place.location : nil }

    /// Names of the variables and functions at top level, for completion.
    public var globalNames: [String] { globals.names.indices.filter { registers.isSet(global: $0) }.map { globals.names[$0] } }

    /// The value of a variable at top level.
    public func global(named name: String) -> Value? {
        guard let slot = globals[name], registers.isSet(global: slot) else { return nil }
        return (registers.globals + slot).pointee
    }
}
