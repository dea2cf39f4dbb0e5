/// A function written in the language (or a native one passed as a value).
public final class Function {
    public let name: String
    init(name: String) { self.name = name }
    func drain(into values: inout [Value]) {}
}

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
public final class Interpreter {
    public init(host: any Host) {}

    /// Runs the whole of `source`.
    ///
    /// - Parameter isInteractive: an unfinished text is `incomplete` instead of a syntax error, and `let` may declare a
    ///   variable again.
    public func run(_ source: Source, isInteractive: Bool = false) -> Outcome { .finished(nil) }

    /// Calls a function of the language with positional arguments.
    public func call(_ function: Function, _ arguments: [Value]) throws(Failure) -> Value { .null }

    /// Raises `interrupted` when the user asked to stop. Long native work calls it once per item or chunk.
    public func checkInterrupted() throws(Failure) {}

    /// Asks the running program to stop at its next statement, iteration or call. Safe in a signal handler.
    public func interrupt() {}

    /// The failure that the innermost `catch` block under way caught.
    public var currentFailure: Failure? { nil }

    /// The calls under way, innermost first.
    public var stack: [Failure.Frame] { [] }

    /// Names of the variables and functions at top level, for completion.
    public var globalNames: [String] { [] }

    /// The value of a variable at top level.
    public func global(named name: String) -> Value? { nil }
}
