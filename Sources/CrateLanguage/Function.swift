/// A function written in the language, or a native one passed as a value.
public final class Function {
    public let name: String
    let body: Body
    /// Of a function of the language, for quick calls; `nil` for a native one.
    let header: UnsafeMutablePointer<CodeHeader>?

    enum Body {
        case code(Code)
        case native(NativeFunction)
    }

    @exclusivity(unchecked) private(set) var captures: [Cell]

    /// What it takes, for completion and notes.
    public var parameters: [Parameter] {
        switch body {
        case .native(let native): native.parameters
        case .code(let code): code.parameters.enumerated().map { Parameter($1, .any, $0 < code.requiredCount ? .required : .optional) }
        }
    }

    init(_ code: Code, captures: [Cell]) {
        name = code.name
        body = .code(code)
        header = code.header
        self.captures = captures
    }

    /// A native function as a value.
    public init(_ native: NativeFunction) {
        name = native.name
        body = .native(native)
        header = nil
        captures = []
    }

    /// Names of the parameters, for help and completion.
    public var parameterNames: [String] {
        switch body {
        case .code(let code): code.parameters
        case .native(let native): native.parameters.map(\.name)
        }
    }

    func drain(into nest: inout Nest) {
        for cell in captures { nest.add(cell) }
        captures = []
    }

    deinit {
        if !captures.isEmpty { Value.takeApart { drain(into: &$0) } }
    }
}
