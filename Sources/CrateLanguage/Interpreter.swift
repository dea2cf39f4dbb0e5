/// A function written in the language (or a native one passed as a value).
public final class Function {
    public let name: String
    init(name: String) { self.name = name }
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
    public func run(_ source: Source) -> Outcome { .finished(nil) }

    /// Calls a function of the language with positional arguments.
    public func call(_ function: Function, _ arguments: [Value]) throws(Failure) -> Value { .null }

    /// Raises `interrupted` when the user asked to stop. Long native work calls it once per item or chunk.
    public func checkInterrupted() throws(Failure) {}
}
