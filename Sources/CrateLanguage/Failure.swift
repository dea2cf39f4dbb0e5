/// What went wrong while parsing, checking or running: the one error type of the language.
///
/// `kind` is stable and short, for `catch e` and for tools: `syntax`, `name`, `type`, `value`, `index`, `key`,
/// `division_by_zero`, `overflow`, `argument`, `assertion`, `raised`, `interrupted`, or what a command gives
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
