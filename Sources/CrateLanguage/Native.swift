import CrateValues

/// What a parameter takes. The binder checks it, help shows it, completion and the static check use it.
public enum ParameterType: Sendable {
    case any
    case bool, int, string
    /// An int or a float.
    case number
    case list, dict, function
    /// `{ … }` behind the command's name. It comes as a function without parameters.
    case block
    /// A host object whose `typeName` is one of these.
    case object([String])
    /// Text that is one of these words.
    case oneOf([String])
    /// Text that names a file or folder. The binder takes any text.
    case path
    /// Text that names a kind of artifact. The binder takes any text.
    case kind
    /// What help explains: text that names it, or any other value. The binder takes anything.
    case topic
    /// What can be drawn: a list, dict, range or object of the host. The binder leaves it to the function.
    case series
    /// What has items or a length: text, a list, dict, range or object of the host. The binder leaves it to the function.
    case items
    /// What can be an array: a number, true or false, a list, range or object of the host. The binder leaves it to the function.
    case numbers
    /// Whole numbers: one or a list of them. The binder leaves it to the function.
    case sizes
    /// What any of these takes.
    case anyOf([ParameterType])
}

/// One parameter of a command, function or method.
public struct Parameter: Sendable {
    public enum Presence: Sendable {
        case required
        case optional
        /// Takes all further positional arguments.
        case variadic
    }

    public let name: String
    public let type: ParameterType
    public let presence: Presence
    /// Only by name, never by position.
    public let isNamedOnly: Bool
    /// One line for help.
    public let summary: String
    /// The least int that the body takes, alone or in a list, and the kind of its failure otherwise; for the static check.
    public private(set) var least: (value: Int, kind: String)?
    /// Whether the call is refused unless this is given as true.
    public private(set) var isConfirmation = false

    public init(_ name: String, _ type: ParameterType = .any, _ presence: Presence = .required, named: Bool = false, _ summary: String = "") {
        self.name = name
        self.type = type
        self.presence = presence
        isNamedOnly = named
        self.summary = summary
    }

    /// A required parameter.
    public init(_ name: String, _ type: ParameterType = .any, _ summary: String) {
        self.init(name, type, .required, summary)
    }

    public func atLeast(_ value: Int, kind: String = "value") -> Parameter {
        var parameter = self
        parameter.least = (value, kind)
        return parameter
    }

    /// `confirm: true`, without which the body does nothing but refuse.
    public static func confirmation(_ summary: String) -> Parameter {
        var parameter = Parameter("confirm", .bool, .optional, named: true, summary)
        parameter.isConfirmation = true
        return parameter
    }

    public var takesBlock: Bool { if case .block = type { true } else { false } }

    /// The summary as help shows it, with the words that may be chosen from.
    public var note: String {
        let words = type.words
        return words.isEmpty ? summary : summary + " (" + words.joined(separator: ", ") + ")"
    }
}

/// A command, function or method of the host: its whole definition. Binding of arguments, help, completion, the static
/// check, the reference tables and `crate <command>` all come from it.
public struct NativeFunction {
    public let name: String
    /// One sentence in the imperative.
    public let summary: String
    public let parameters: [Parameter]
    /// Named arguments that no parameter names are passed on, for the options of a kind.
    public let takesFurtherOptions: Bool
    /// The further options that go with a kind of artifact; `nil` for a kind that is not known. For help, completion and the static
    /// check: the body checks what it is given.
    public let furtherOptions: ((_ kind: String) -> [Parameter]?)?
    /// The kind of artifact that it makes.
    public let artifactKind: String?
    /// Lines of the language that show it; they run as tests.
    public let examples: [String]
    public let body: (Call) throws(Failure) -> Value

    public init(
        _ name: String, _ summary: String, _ parameters: [Parameter] = [], takesFurtherOptions: Bool = false,
        furtherOptions: ((_ kind: String) -> [Parameter]?)? = nil, artifactKind: String? = nil, examples: [String] = [],
        body: @escaping (Call) throws(Failure) -> Value
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.takesFurtherOptions = takesFurtherOptions
        self.furtherOptions = furtherOptions
        self.artifactKind = artifactKind
        self.examples = examples
        self.body = body
    }
}

/// The bound arguments of one call of a `NativeFunction`.
public struct Call {
    /// One slot per parameter; `nil` where an optional one was left out. A variadic one's slot holds nothing: see `rest`.
    public let arguments: [Value?]
    /// What the variadic parameter took.
    public let rest: [Value]
    /// Named arguments beyond the parameters, in order.
    public let options: [(name: String, value: Value)]
    /// Where the call stands.
    public let location: Location
    /// Runs functions of the language that were passed in, and answers whether the run was interrupted.
    public let interpreter: Interpreter
    /// Whether it is a statement of its own, `inspect model`, and not part of an expression, `inspect(model)`. A command whose value is
    /// there to be looked at then shows it.
    public internal(set) var isStatement = false

    public init(
        arguments: [Value?], rest: [Value] = [], options: [(name: String, value: Value)] = [], location: Location, interpreter: Interpreter
    ) {
        self.arguments = arguments
        self.rest = rest
        self.options = options
        self.location = location
        self.interpreter = interpreter
    }
}

/// What the evaluator needs of the world around it. One per session.
public protocol Host: AnyObject {
    /// A verb may begin a statement without parentheses, and can be called like a function. Artifacts offer some as methods.
    func verb(named name: String) -> NativeFunction?
    /// A function, called with parentheses only.
    func function(named name: String) -> NativeFunction?
    /// A name that is always there: `snapshot`, `args`, `pi`.
    func constant(named name: String) throws(Failure) -> Value?
    /// All verbs, functions and constants, for the nearest name and completion.
    var names: [String] { get }
    /// The kind that a file's name tells, for the static check.
    func kind(ofFile path: String) -> String?
    /// What may stand behind an artifact's `.`, for the static check.
    var artifactMemberNames: [String] { get }
    /// A command as a method of an artifact, for the static check.
    func artifactMethod(named name: String) -> NativeFunction?
    /// Why help has nothing of that name, for the static check; `nil` when it has.
    func failure(ofHelpOn name: String) -> Failure?
    /// A `handler NAME {…}` ran: register the kind it makes. `methods` are functions whose first parameter is `self`.
    func define(handler: HandlerDefinition) throws(Failure)
}

// A host without artifacts.
extension Host {
    public func kind(ofFile path: String) -> String? { nil }
    public var artifactMemberNames: [String] { [] }
    public func artifactMethod(named name: String) -> NativeFunction? { nil }
    public func failure(ofHelpOn name: String) -> Failure? { nil }
}

extension Host {
    /// Whether a `{` behind the name begins a block.
    public func takesBlock(_ name: String) -> Bool { verb(named: name)?.parameters.contains(where: \.takesBlock) ?? false }
}

/// A `handler` block as the evaluator made it.
public struct HandlerDefinition {
    public let name: String
    /// By name, in order of writing. Call with `interpreter.call(function, [self, arguments…])`.
    public let methods: [(name: String, function: Function)]
    public let location: Location
}
