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
                throw missing(parameter)
            }
        }
        return Call(arguments: arguments, rest: rest, options: options, location: location, interpreter: interpreter)
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
            throw tooMany(given.positionalCount, most: position)
        }
        return []
    }

    private func bindNames(_ given: GivenArguments, _ arguments: inout [Value?]) throws(Failure) -> [(name: String, value: Value)] {
        var options: [(name: String, value: Value)] = []
        for (index, label) in given.labels.enumerated() {
            let value = given.value(of: index)
            if let parameter = parameters.firstIndex(where: { $0.name == label }), !parameters[parameter].isVariadic {
                if arguments[parameter] != nil { throw givenTwice(label) }
                arguments[parameter] = value
            } else if takesFurtherOptions {
                options.append((label, value))
            } else {
                throw unknown(label)
            }
        }
        return options
    }

    private func check(_ value: Value, _ parameter: Parameter) throws(Failure) {
        if parameter.type.accepts(value) { return }
        if case .null = value, case .optional = parameter.presence { return }
        throw mismatch(parameter, value)
    }
}

extension ParameterType {
    /// Whether the value is of the type. Nothing is converted.
    public func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (.any, _), (.bool, .bool), (.int, .int), (.string, .string), (.number, .int), (.number, .float), (.number, .bigInt), (.list, .list),
            (.dict, .dict), (.function, .function), (.block, .function):
            true
        case (.path, .string), (.kind, .string), (.items, _), (.numbers, _), (.sizes, _), (.series, _), (.topic, _): true
        case (.anyOf(let types), _): types.contains { $0.accepts(value) }
        case (.object(let names), .object(let object)): names.contains(object.typeName)
        case (.oneOf(let words), .string(let word)): words.contains(word)
        default: false
        }
    }
}

extension Code {
    /// Puts the arguments of a call with names, or with another number of arguments than parameters, where the
    /// parameters stand. `missing` marks those that get their default.
    func bind(_ given: GivenArguments, missing: Value) throws(Failure) -> [Value] {
        // `self` is given by the machine and is no argument to count.
        var bound = [Value](repeating: missing, count: parameters.count)
        guard given.positionalCount <= parameters.count else { throw signature.tooMany(given.values.count) }
        for position in 0..<given.positionalCount { bound[position] = given.values[position] }
        var isGiven = [Bool](repeating: false, count: parameters.count)
        for position in 0..<given.positionalCount { isGiven[position] = true }
        for (index, label) in given.labels.enumerated() {
            guard let position = parameters.firstIndex(of: label) else {
                throw signature.unknown(label)
            }
            if isGiven[position] { throw signature.givenTwice(label) }
            isGiven[position] = true
            bound[position] = given.value(of: index)
        }
        if let position = (0..<requiredCount).first(where: { !isGiven[$0] }) {
            throw signature.missing(parameters[position])
        }
        return bound
    }

    private var signature: Signature { Signature(name: name, parameters: parameters) }
}
