// What is wrong with the arguments of a call, said alike by the binder and by the static check.

extension NativeFunction {
    func missing(_ parameter: Parameter) -> Failure { Failure("argument", "`\(name)` needs `\(parameter.name)`", hint: usage) }

    func tooMany(_ given: Int, most: Int) -> Failure {
        let count = most == 0 ? "no arguments" : most == 1 ? "at most 1 argument" : "at most \(most) arguments"
        return Failure("argument", "`\(name)` takes \(count) without a name, not \(given)", hint: usage)
    }

    func givenTwice(_ label: String) -> Failure { Failure("argument", "`\(name)` gets `\(label)` twice") }

    func unknown(_ label: String) -> Failure {
        let names = parameters.filter { !$0.isVariadic }.map(\.name)
        return Failure("argument", "`\(name)` has no argument `\(label):`", hint: nearest(label, in: names).map { "did you mean `\($0):`?" } ?? usage)
    }

    func mismatch(_ parameter: Parameter, _ value: Value) -> Failure {
        let words = parameter.type.words
        guard case .string(let word) = value, !words.isEmpty else { return mismatch(parameter, typeName(of: value)) }
        return Failure(
            "value", "`\(parameter.name)` of `\(name)` must be \(parameter.type.wanted), not \(value.nestedDescription)",
            hint: nearest(word, in: words).map { "did you mean \"\($0)\"?" })
    }

    func mismatch(_ parameter: Parameter, _ typeName: String) -> Failure {
        Failure("type", "`\(parameter.name)` of `\(name)` must be \(parameter.type.wanted), not \(typeName)")
    }

    func tooSmall(_ parameter: Parameter, _ number: Int, least: Int) -> Failure {
        Failure(parameter.least?.kind ?? "value", "`\(parameter.name)` of `\(name)` must be \(least) or more, not \(number)")
    }

    /// `save artifact, value, indent: …`, for hints.
    private var usage: String {
        let shown = parameters.map { parameter in
            let word = parameter.isNamedOnly ? "\(parameter.name): …" : parameter.name
            return switch parameter.presence {
            case .required: word
            case .optional: "[\(word)]"
            case .variadic: "\(word) …"
            }
        }
        return "usage: \(name) \(shown.joined(separator: ", "))"
    }
}

extension Parameter {
    public var isVariadic: Bool { if case .variadic = presence { true } else { false } }
    public var isRequired: Bool { if case .required = presence { true } else { false } }
}

extension ParameterType {
    /// The words that text is chosen from; empty when any text will do, or none.
    public var words: [String] {
        switch self {
        case .oneOf(let words): words
        case .anyOf(let types): types.flatMap(\.words)
        default: []
        }
    }

    /// What it takes, in words, for messages and help.
    public var wanted: String { ParameterType.either(alternatives) }

    private var alternatives: [String] {
        switch self {
        case .any, .topic: ["a value"]
        case .bool: ["true or false"]
        case .int: ["an int"]
        case .string, .path, .kind: ["a string"]
        case .number: ["a number"]
        case .list: ["a list"]
        case .dict: ["a dict"]
        case .function: ["a function"]
        case .block: ["a block"]
        case .object(let names): names
        case .oneOf(let words): words.map { "\"\($0)\"" }
        case .items: ["a string", "a list", "a dict", "a range", "an object with items"]
        case .numbers: ["a number", "a list", "a range", "an array"]
        case .sizes: ["an int", "a list of ints"]
        case .series: ["a list", "a dict", "a range", "an array"]
        case .anyOf(let types): types.flatMap(\.alternatives)
        }
    }

    private static func either(_ words: [String]) -> String {
        guard let last = words.last else { return "a value" }
        return words.count == 1 ? last : "\(words.dropLast().joined(separator: ", ")) or \(last)"
    }
}

/// The parameters of a function of the language, for messages.
struct Signature {
    let name: String
    /// `self` may be the first, which is given by the machine and is no argument to count.
    let parameters: [String]

    func missing(_ parameter: String) -> Failure { Failure("argument", "`\(name)` needs `\(parameter)`", hint: usage) }

    func givenTwice(_ label: String) -> Failure { Failure("argument", "`\(name)` gets `\(label)` twice") }

    func unknown(_ label: String) -> Failure {
        Failure("argument", "`\(name)` has no parameter `\(label)`", hint: nearest(label, in: parameters).map { "did you mean `\($0):`?" } ?? usage)
    }

    /// - Parameter given: with `self`, where there is one.
    func tooMany(_ given: Int) -> Failure {
        let hidden = parameters.first == "self" ? 1 : 0
        let most = parameters.count - hidden
        let count = most == 0 ? "no arguments" : most == 1 ? "1 argument" : "at most \(most) arguments"
        return Failure("argument", "`\(name)` takes \(count), not \(given - hidden)", hint: usage)
    }

    private var usage: String { "usage: \(name)(\(parameters.filter { $0 != "self" }.joined(separator: ", ")))" }
}
