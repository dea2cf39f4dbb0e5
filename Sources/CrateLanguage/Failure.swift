/// What went wrong while parsing, checking or running: the one error type of the language.
///
/// `kind` is stable and short, for `catch e` and for tools: `syntax`, `name`, `type`, `value`, `index`, `key`,
/// `division_by_zero`, `overflow`, `argument`, `recursion`, `assertion`, `raised`, `interrupted`, or what a command gives
/// (`not_found`, `malformed`, `exists`, `confirm` …).
public struct Failure: Error, Sendable {
    public var kind: String
    /// One sentence without a final full stop: what happened, with the names and values in it.
    public var message: String
    /// What to do next, or the nearest name.
    public var hint: String?
    /// Where; filled in by the evaluator when the thrower does not know.
    public var location: Location?
    /// The calls that were under way, innermost first.
    public var stack: [Frame]

    /// The status that `exit` asked for. Neither `catch` nor the stack of calls stops it; `finally` blocks run.
    public private(set) var exitStatus: Int?

    /// What the body of `exit` throws to end the run with `status`.
    public static func exit(_ status: Int) -> Failure {
        var failure = Failure("exit", "exit \(status)")
        failure.exitStatus = status
        return failure
    }

    /// A syntax failure that further lines could mend.
    var isIncomplete = false

    /// A second interruption: the `finally` blocks that the first one left running may never end by themselves.
    var skipsCleanup = false

    /// Whether `catch` may stop it.
    var isCatchable: Bool { exitStatus == nil && kind != "interrupted" }

    /// One call that was under way.
    public struct Frame: Sendable {
        public let function: String
        public let location: Location
        public init(function: String, location: Location) { self.function = function; self.location = location }
    }

    public init(_ kind: String, _ message: String, hint: String? = nil, location: Location? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.location = location
        stack = []
    }
}
