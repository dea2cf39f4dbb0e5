import CrateLanguage

/// The call that a text ends inside of, with its definition.
struct CallPlace {
    let call: CallContext
    /// The definition, unless it is a function of the session.
    let function: NativeFunction?
    /// Its parameters, and the options of the kind of its artifact where that is known.
    let parameters: [Parameter]
    /// The call as far as it is typed.
    private let text: String

    /// `nil` outside of any call of something that is known.
    init?(of source: Source, session: Session) {
        let analysis = Analysis(of: source, host: session)
        guard let call = analysis.call(at: source.bytes.count) else { return nil }
        self.call = call
        text = String(decoding: source.bytes[call.nameSpan.end...], as: UTF8.self)
        if !call.isMethod, case .function(let own)? = session.interpreter.global(named: call.name) {
            (function, parameters) = (nil, own.parameters)
            return
        }
        guard let found = call.isMethod ? session.method(call) : session.function(named: call.name) ?? session.verb(named: call.name) else { return nil }
        let kind = call.subject.flatMap { session.artifactKind(of: $0) ?? analysis.artifactKind(ofVariable: $0) }
        function = found
        parameters = found.parameters + (kind.flatMap { found.furtherOptions?($0) } ?? [])
    }

    var label: String? { call.label }

    /// The parameter that is typed now.
    var parameter: Parameter? {
        if let label { return parameters.first { $0.name == label } }
        let positional = parameters.filter { !$0.isNamedOnly }
        if call.position < positional.count { return positional[call.position] }
        return positional.last.flatMap { $0.isVariadic ? $0 : nil }
    }

    /// Whether the text that is typed may name a file.
    var namesFile: Bool { parameter.map { $0.type.mayNameFile } ?? true }

    /// Parameters that go by name and were not given yet.
    var openLabels: [Parameter] { parameters.filter { $0.isNamedOnly && !text.contains("\($0.name):") } }

    /// The same, and of a function of the session all that were not given yet: they may go by name, too.
    var offeredLabels: [Parameter] {
        guard function == nil else { return openLabels }
        let open = parameters.filter { !text.contains("\($0.name):") }
        let byPosition = max(0, call.position - (parameters.count - open.count))
        return open.filter { parameter in parameters.dropFirst(byPosition).contains { $0.name == parameter.name } }
    }

    /// Whether the argument at the place is there already, at least in part.
    var isBegun: Bool { text.last { $0 != " " }.map { $0 != "," && $0 != "(" } ?? false }

    /// The first argument, when it is a plain text.
    var firstText: String? {
        let argument = text.drop { $0 == " " || $0 == "(" }
        guard argument.first == "\"" else { return nil }
        return String(argument.dropFirst().prefix { $0 != "\"" })
    }
}

extension Session {
    /// The kind of the artifact that a variable holds, or that the name of a kind makes.
    func artifactKind(of name: String) -> String? {
        if case .object(let object)? = interpreter.global(named: name) { return (object as? ArtifactObject)?.artifact.kind }
        return function(named: name)?.artifactKind
    }

    /// The method of a variable's value.
    fileprivate func method(_ call: CallContext) -> NativeFunction? {
        guard let subject = call.subject, case .object(let object)? = interpreter.global(named: subject) else { return artifactMethod(named: call.name) }
        return object.method(call.name)
    }
}

extension ParameterType {
    fileprivate var mayNameFile: Bool {
        switch self {
        case .path, .any, .list: true
        case .anyOf(let types): types.contains { $0.mayNameFile }
        default: false
        }
    }
}
