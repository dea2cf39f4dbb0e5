/// The arguments of a call as they stand: values in registers, the last ones with names.
struct GivenArguments {
    let values: UnsafeBufferPointer<Value>
    let labels: [String]

    var positionalCount: Int { values.count - labels.count }

    func value(of label: Int) -> Value { values[positionalCount + label] }
}

extension NativeFunction {
    /// Binds arguments to parameters: by position, then by name; checks presence and types.
    func bind(_ given: GivenArguments, at location: Location, _ interpreter: Interpreter) throws(Failure) -> Call {
        var arguments = [Value?](repeating: nil, count: parameters.count)
        let rest = try bindPositions(given, &arguments)
        let options = given.labels.isEmpty ? [] : try bindNames(given, &arguments)
        for (index, parameter) in parameters.enumerated() {
            if let value = arguments[index] {
                try check(value, parameter)
            } else if case .required = parameter.presence {
                throw Failure("argument", "`\(name)` needs `\(parameter.name)`", hint: usage)
            }
        }
        return Call(arguments: arguments, rest: rest, options: options, location: location, interpreter: interpreter)
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

    private func bindPositions(_ given: GivenArguments, _ arguments: inout [Value?]) throws(Failure) -> [Value] {
        var position = 0
        for (index, parameter) in parameters.enumerated() where !parameter.isNamedOnly {
            if case .variadic = parameter.presence {
                guard position < given.positionalCount else { return [] }
                let rest = Array(given.values[position..<given.positionalCount])
                for value in rest { try check(value, parameter) }
                return rest
            }
            guard position < given.positionalCount else { break }
            arguments[index] = given.values[position]
            position += 1
        }
        if position < given.positionalCount {
            throw Failure("argument", "`\(name)` takes \(position == 0 ? "no" : "at most \(position)") argument\(position == 1 ? "" : "s") without a name, not \(given.positionalCount)", hint: usage)
        }
        return []
    }

    private func bindNames(_ given: GivenArguments, _ arguments: inout [Value?]) throws(Failure) -> [(name: String, value: Value)] {
        var options: [(name: String, value: Value)] = []
        for (index, label) in given.labels.enumerated() {
            let value = given.value(of: index)
            if let parameter = parameters.firstIndex(where: { $0.name == label }), !parameters[parameter].isVariadic {
                if arguments[parameter] != nil { throw Failure("argument", "`\(name)` gets `\(label)` twice") }
                arguments[parameter] = value
            } else if takesFurtherOptions {
                options.append((label, value))
            } else {
                let names = parameters.filter { !$0.isVariadic }.map(\.name)
                throw Failure("argument", "`\(name)` has no argument `\(label):`", hint: nearest(label, in: names).map { "did you mean `\($0):`?" } ?? usage)
            }
        }
        return options
    }

    private func check(_ value: Value, _ parameter: Parameter) throws(Failure) {
        if parameter.type.accepts(value) { return }
        if case .null = value, case .optional = parameter.presence { return }
        if case .oneOf(let words) = parameter.type, case .string(let word) = value {
            throw Failure(
                "value", "`\(parameter.name)` of `\(name)` must be \(parameter.type.wanted), not \(value.nestedDescription)",
                hint: nearest(word, in: words).map { "did you mean \"\($0)\"?" })
        }
        throw Failure("type", "`\(parameter.name)` of `\(name)` must be \(parameter.type.wanted), not \(typeName(of: value))")
    }
}

extension Parameter {
    fileprivate var isVariadic: Bool { if case .variadic = presence { true } else { false } }
}

extension ParameterType {
    /// Whether the value is of the type. Nothing is converted.
    public func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (.any, _), (.bool, .bool), (.int, .int), (.string, .string), (.number, .int), (.number, .float), (.number, .bigInt), (.list, .list),
            (.dict, .dict), (.function, .function):
            true
        case (.object(let names), .object(let object)): names.contains(object.typeName)
        case (.oneOf(let words), .string(let word)): words.contains(word)
        default: false
        }
    }

    /// What it takes, in words, for messages and help.
    public var wanted: String {
        switch self {
        case .any: "a value"
        case .bool: "true or false"
        case .int: "an int"
        case .string: "a string"
        case .number: "a number"
        case .list: "a list"
        case .dict: "a dict"
        case .function: "a function"
        case .object(let names): ParameterType.either(names)
        case .oneOf(let words): ParameterType.either(words.map { "\"\($0)\"" })
        }
    }

    private static func either(_ words: [String]) -> String {
        guard let last = words.last else { return "a value" }
        return words.count == 1 ? last : "\(words.dropLast().joined(separator: ", ")) or \(last)"
    }
}

extension Code {
    /// Puts the arguments of a call with names, or with another number of arguments than parameters, where the
    /// parameters stand. `missing` marks those that get their default.
    func bind(_ given: GivenArguments, missing: Value) throws(Failure) -> [Value] {
        // `self` is given by the machine and is no argument to count.
        var bound = [Value](repeating: missing, count: parameters.count)
        guard given.positionalCount <= parameters.count else { throw tooMany(given) }
        for position in 0..<given.positionalCount { bound[position] = given.values[position] }
        var isGiven = [Bool](repeating: false, count: parameters.count)
        for position in 0..<given.positionalCount { isGiven[position] = true }
        for (index, label) in given.labels.enumerated() {
            guard let position = parameters.firstIndex(of: label) else {
                throw Failure("argument", "`\(name)` has no parameter `\(label)`", hint: nearest(label, in: parameters).map { "did you mean `\($0):`?" } ?? usage)
            }
            if isGiven[position] { throw Failure("argument", "`\(name)` gets `\(label)` twice") }
            isGiven[position] = true
            bound[position] = given.value(of: index)
        }
        if let position = (0..<requiredCount).first(where: { !isGiven[$0] }) {
            throw Failure("argument", "`\(name)` needs `\(parameters[position])`", hint: usage)
        }
        return bound
    }

    private var usage: String { "usage: \(name)(\(parameters.filter { $0 != "self" }.joined(separator: ", ")))" }

    private func tooMany(_ given: GivenArguments) -> Failure {
        let hidden = parameters.first == "self" ? 1 : 0
        let most = parameters.count - hidden
        return Failure("argument", "`\(name)` takes \(most == 0 ? "no arguments" : most == 1 ? "1 argument" : "at most \(most) arguments"), not \(given.values.count - hidden)", hint: usage)
    }
}
