// Calls of commands and functions of the host, held against their definitions as the binder does at run time.

extension CallCheck {
    /// - Parameter receiver: the kind of the artifact that a method is called on.
    mutating func check(_ call: SurveyedCall, _ native: NativeFunction, receiver: StaticKind?) {
        var given: [Int: Argument] = [:]
        var further: [Argument] = []
        takePositions(call, native, &given)
        for argument in call.arguments where argument.label != nil { takeName(argument, call, native, &given, &further) }
        for (index, parameter) in native.parameters.enumerated() {
            if parameter.isConfirmation { checkConfirmation(given[index], parameter, call, native) }
            if let argument = given[index] {
                checkValue(argument.value, parameter, call, native)
            } else if parameter.isRequired {
                report(native.missing(parameter), call.name.span, isTried: call.isTried)
            }
        }
        if let kind = receiver ?? kind(native, given) { checkOptions(further, kind, call, native) }
    }

    private mutating func takePositions(_ call: SurveyedCall, _ native: NativeFunction, _ given: inout [Int: Argument]) {
        let positional = call.arguments.prefix { $0.label == nil }
        var position = 0
        for (index, parameter) in native.parameters.enumerated() where !parameter.isNamedOnly {
            if parameter.isVariadic {
                for argument in positional.dropFirst(position) { checkValue(argument.value, parameter, call, native) }
                return
            }
            guard position < positional.count else { return }
            given[index] = positional[position]
            position += 1
        }
        if position < positional.count {
            report(native.tooMany(positional.count, most: position), positional[position].value.span, isTried: call.isTried)
        }
    }

    private mutating func takeName(
        _ argument: Argument, _ call: SurveyedCall, _ native: NativeFunction, _ given: inout [Int: Argument], _ further: inout [Argument]
    ) {
        guard let label = argument.label else { return }
        if let index = native.parameters.firstIndex(where: { $0.name == label.name && !$0.isVariadic }) {
            if given[index] != nil { report(native.givenTwice(label.name), label.span, isTried: call.isTried) }
            given[index] = argument
        } else if native.takesFurtherOptions {
            further.append(argument)
        } else {
            report(native.unknown(label.name), label.span, isTried: call.isTried)
        }
    }

    private mutating func checkConfirmation(_ argument: Argument?, _ parameter: Parameter, _ call: SurveyedCall, _ native: NativeFunction) {
        switch argument.map({ survey.value(of: $0.value) }) {
        case .some(.some(.exactly(.bool(false)))), .some(.some(.exactly(.null))), nil:
            let failure = Failure("confirm", "`\(native.name)` needs `\(parameter.name): true`", hint: parameter.summary)
            report(failure, argument?.value.span ?? call.name.span, isTried: call.isTried)
        default: break
        }
    }

    // MARK: values

    private mutating func checkValue(_ expression: Expression, _ parameter: Parameter, _ call: SurveyedCall, _ native: NativeFunction) {
        guard let value = survey.value(of: expression) else { return }
        if case .exactly(.null) = value, case .optional = parameter.presence { return }
        if !parameter.type.accepts(value) {
            var failure = native.mismatch(parameter, value.typeName)
            if case .exactly(let value) = value { failure = native.mismatch(parameter, value) }
            return report(failure, expression.span, isTried: call.isTried)
        }
        if let least = parameter.least?.value { checkLeast(least, expression, parameter, call, native) }
        if case .topic = parameter.type, case .exactly(.string(let name)) = value { checkTopic(name, expression.span, isTried: call.isTried) }
        if case .kind = parameter.type, case .exactly(.string(let kind)) = value { checkKind(kind, expression.span, isTried: call.isTried) }
    }

    /// Of an int, or of those that stand in a list.
    private mutating func checkLeast(_ least: Int, _ expression: Expression, _ parameter: Parameter, _ call: SurveyedCall, _ native: NativeFunction) {
        var items = [expression]
        if case .list(let list) = expression.kind { items = list }
        for item in items {
            guard case .exactly(.int(let number))? = survey.value(of: item), number < least else { continue }
            return report(native.tooSmall(parameter, number, least: least), item.span, isTried: call.isTried)
        }
    }

    /// Of what the program declares help knows when it runs.
    private mutating func checkTopic(_ name: String, _ span: Span, isTried: Bool) {
        if survey.handlers[name] != nil || survey.facts.values.contains(where: { $0.name.name == name }) { return }
        if let failure = survey.host.failure(ofHelpOn: name) { report(failure, span, isTried: isTried) }
    }

    private mutating func checkKind(_ kind: String, _ span: Span, isTried: Bool) {
        if survey.handlers[kind] != nil || survey.host.function(named: kind)?.artifactKind != nil { return }
        let kinds = survey.host.names.filter { survey.host.function(named: $0)?.artifactKind != nil } + survey.handlers.keys.sorted()
        // A host without kinds.
        if kinds.isEmpty { return }
        let near = nearest(kind, in: kinds).map { "did you mean \"\($0)\"?" }
        let hint = near ?? "the kinds are \(kinds.joined(separator: ", "))"
        report(Failure("invalid", "there is no kind `\(kind)`", hint: hint), span, isTried: isTried)
    }

    // MARK: options of kinds

    /// The kind whose options go with the call: of the artifact, the one that is named, or the one that a path's extension tells.
    private func kind(_ native: NativeFunction, _ given: [Int: Argument]) -> StaticKind? {
        for (index, parameter) in native.parameters.enumerated() {
            guard let argument = given[index] else { continue }
            if parameter.type.takesArtifact, let kind = survey.kind(of: argument.value) { return kind }
            if case .kind = parameter.type { return text(argument).map { .builtIn($0) } }
        }
        for (index, parameter) in native.parameters.enumerated() where parameter.type.namesPath && !parameter.isNamedOnly {
            if let path = given[index].flatMap(text), let kind = survey.host.kind(ofFile: path) { return .builtIn(kind) }
        }
        return nil
    }

    private func text(_ argument: Argument) -> String? {
        if case .exactly(.string(let text))? = survey.value(of: argument.value) { text } else { nil }
    }

    private mutating func checkOptions(_ options: [Argument], _ kind: StaticKind, _ call: SurveyedCall, _ native: NativeFunction) {
        switch kind {
        case .handler(let methods):
            guard let method = methods.first(where: { $0.name.name == native.name }) else { return }
            let names = method.parameters.map(\.name.name)
            for label in options.compactMap(\.label) where !names.contains(label.name) {
                report(Signature(name: method.name.name, parameters: names).unknown(label.name), label.span, isTried: call.isTried)
            }
        case .builtIn(let kind):
            guard let known = native.furtherOptions?(kind) else { return }
            for option in options { checkOption(option, known, kind, call) }
        }
    }

    private mutating func checkOption(_ option: Argument, _ known: [Parameter], _ kind: String, _ call: SurveyedCall) {
        guard let label = option.label else { return }
        guard let parameter = known.first(where: { $0.name == label.name }) else {
            let all = known.isEmpty ? "it takes none here" : "it takes " + known.map(\.name).joined(separator: ", ")
            let hint = nearest(label.name, in: known.map(\.name)).map { "did you mean `\($0):`?" } ?? all
            return report(Failure("invalid", "`\(kind)` has no option `\(label.name):`", hint: hint), label.span, isTried: call.isTried)
        }
        guard let value = survey.value(of: option.value), !parameter.type.accepts(value) else { return }
        var hint: String?
        if case .exactly(.string(let word)) = value { hint = nearest(word, in: parameter.type.words).map { "did you mean \"\($0)\"?" } }
        let message = "`\(label.name)` of `\(kind)` must be \(parameter.type.wanted), not \(value.typeName)"
        report(Failure("invalid", message, hint: hint ?? parameter.summary), option.value.span, isTried: call.isTried)
    }
}
