/// What an expression's value is known to be without running it.
enum StaticValue {
    case exactly(Value)
    /// Of the type of this sample.
    case like(Value)
    /// A host object of that type.
    case object(String)
    case function

    /// A small value of the type; `nil` for types of the host.
    var sample: Value? {
        switch self {
        case .exactly(let value), .like(let value):
            switch value {
            case .null, .bool, .list, .dict, .range: value
            case .int, .bigInt: .int(1)
            case .float: .float(1)
            case .string: .string("")
            case .function, .object: nil
            }
        case .object, .function: nil
        }
    }

    var typeName: String {
        switch self {
        case .exactly(let value), .like(let value): CrateLanguage.typeName(of: value)
        case .object(let name): name
        case .function: "function"
        }
    }
}

/// The kind of an artifact that an expression gives.
enum StaticKind {
    case builtIn(String)
    /// The methods of the handler block that makes it.
    case handler([FunctionSyntax])
}

extension Survey {
    /// The value that the variable has for good.
    private func constant(_ name: Identifier) -> Expression? {
        guard let key = keys[name.id], let facts = facts[key], writes(of: key) == 0, !unreadDeclarations.contains(name.name) else { return nil }
        if case .variable(let initial) = facts.origin { return initial }
        return nil
    }

    private static let deepest = 16

    func kind(of expression: Expression, depth: Int = 0) -> StaticKind? {
        switch expression.kind {
        case .namedCall(let call) where keys[call.name.id] == nil:
            if let methods = handlers[call.name.name] { return methods.isEmpty ? nil : .handler(methods) }
            return host.function(named: call.name.name)?.artifactKind.map { .builtIn($0) }
        case .name(let name): return depth < Survey.deepest ? constant(name).flatMap { kind(of: $0, depth: depth + 1) } : nil
        default: return nil
        }
    }

    func value(of expression: Expression, depth: Int = 0) -> StaticValue? {
        switch expression.kind {
        case .literal(let literal): return .exactly(Value(literal))
        case .negative(let operand):
            switch operand.kind {
            case .literal(.int(let number)): return .exactly(.int(0 &- number))
            case .literal(.float(let number)): return .exactly(.float(-number))
            default: return nil
            }
        case .interpolation: return .like(.string(""))
        case .list, .comprehension: return .like(.list(ListObject([])))
        case .dict: return .like(.dict(DictObject()))
        case .range: return .like(.range(RangeObject(lower: 0, upper: 0)))
        case .not, .both, .either, .contains: return .like(.bool(false))
        case .namedCall: return kind(of: expression) == nil ? nil : .object("artifact")
        case .name(let name): return depth < Survey.deepest ? value(of: name, depth) : nil
        default: return nil
        }
    }

    private func value(of name: Identifier, _ depth: Int) -> StaticValue? {
        if let initial = constant(name) { return value(of: initial, depth: depth + 1) }
        guard let key = keys[name.id], writes(of: key) == 0, case .function? = facts[key]?.origin else { return nil }
        return .function
    }
}

extension ParameterType {
    func accepts(_ value: StaticValue) -> Bool {
        if let isFit = fits(value) { return isFit }
        return switch value {
        case .exactly(let value): accepts(value)
        // Some text of a type that takes only some texts.
        case .like(.string): accepts(.string("")) || !words.isEmpty
        case .like(let sample): accepts(sample)
        case .object(let name): acceptsObject(name)
        case .function: acceptsFunction
        }
    }

    /// Whether a value can be meant where the binder leaves it to the function; `nil` for types that the binder knows.
    private func fits(_ value: StaticValue) -> Bool? {
        switch self {
        case .items: !["null", "bool", "int", "float", "function"].contains(value.typeName)
        case .numbers: !["null", "string", "dict", "function", "artifact"].contains(value.typeName)
        case .sizes: ["int", "list"].contains(value.typeName)
        case .series: !["null", "bool", "int", "float", "string", "function", "artifact"].contains(value.typeName)
        default: nil
        }
    }

    private func acceptsObject(_ name: String) -> Bool {
        switch self {
        case .any, .topic: true
        case .object(let names): names.contains(name)
        case .anyOf(let types): types.contains { $0.acceptsObject(name) }
        default: false
        }
    }

    private var acceptsFunction: Bool {
        switch self {
        case .any, .topic, .function, .block: true
        case .anyOf(let types): types.contains { $0.acceptsFunction }
        default: false
        }
    }

    /// Whether an artifact may be given.
    var takesArtifact: Bool { acceptsObject("artifact") && !acceptsFunction }

    var namesPath: Bool {
        switch self {
        case .path: true
        case .anyOf(let types): types.contains { $0.namesPath }
        default: false
        }
    }
}
