/// Holds every call and field of a survey against what is called.
struct CallCheck {
    let survey: Survey
    private(set) var findings: [Finding] = []

    init(_ survey: Survey) { self.survey = survey }

    mutating func check() {
        for call in survey.calls { check(call) }
        for member in survey.members { check(member) }
        for operation in survey.operations { check(operation) }
        for use in survey.uses { check(use) }
    }

    /// Tries it with a small value of each type, which tells whether the types go together. One that is tried is meant to fail.
    private mutating func check(_ operation: SurveyedOperation) {
        guard !operation.isTried, let left = survey.value(of: operation.left)?.sample, let right = survey.value(of: operation.right)?.sample else { return }
        do { _ = try operation.operation.apply(left, right) } catch {
            if error.kind == "type" { report(error, operation.span, isTried: false) }
        }
    }

    mutating func report(_ failure: Failure, _ span: Span, isTried: Bool) {
        var failure = failure
        failure.location = survey.location(span)
        findings.append(Finding(severity: isTried ? .warning : .error, failure: failure))
    }

    private mutating func check(_ call: SurveyedCall) {
        switch call.callee {
        case .native(let native): check(call, native, receiver: nil)
        case .variable(let key): check(call, key)
        case .handler: break
        case .method(let receiver): checkMethod(call, receiver)
        }
    }

    // MARK: functions of the language

    private mutating func check(_ call: SurveyedCall, _ key: VariableKey) {
        guard let facts = survey.facts[key], survey.writes(of: key) == 0, !survey.unreadDeclarations.contains(call.name.name) else { return }
        switch facts.origin {
        case .function(let function): check(call, function)
        case .variable(let initial):
            guard let value = survey.value(of: initial) else { return }
            if case .function = value { return }
            let isHidden = survey.host.function(named: call.name.name) != nil || survey.host.verb(named: call.name.name) != nil
            let line = survey.source.position(at: facts.name.span.start).line
            report(
                Failure(
                    "type", "a value of type \(value.typeName) can't be called",
                    hint: isHidden ? "the variable `\(call.name.name)` of line \(line) hides the function" : nil),
                call.name.span, isTried: call.isTried)
        default: break
        }
    }

    private mutating func check(_ call: SurveyedCall, _ function: FunctionSyntax) {
        let names = function.parameters.map(\.name.name)
        let signature = Signature(name: function.name.name, parameters: names)
        let positional = call.arguments.prefix { $0.label == nil }
        if positional.count > names.count {
            return report(signature.tooMany(call.arguments.count), positional[names.count].value.span, isTried: call.isTried)
        }
        var given = Set(names.prefix(positional.count))
        for argument in call.arguments.dropFirst(positional.count) {
            guard let label = argument.label else { continue }
            if !names.contains(label.name) {
                report(signature.unknown(label.name), label.span, isTried: call.isTried)
            } else if !given.insert(label.name).inserted {
                report(signature.givenTwice(label.name), label.span, isTried: call.isTried)
            }
        }
        for parameter in function.parameters where parameter.standard == nil && !given.contains(parameter.name.name) {
            return report(signature.missing(parameter.name.name), call.name.span, isTried: call.isTried)
        }
    }

    // MARK: methods and fields

    private mutating func checkMethod(_ call: SurveyedCall, _ receiver: Expression) {
        if let kind = survey.kind(of: receiver) { return checkMethod(call, of: kind) }
        guard let object = constant(receiver) else { return }
        if let method = object.method(call.name.name) { return check(call, method, receiver: nil) }
        if object.memberNames.isEmpty { return }
        report(missing(call.name.name, object.typeName, "method", object.memberNames), call.name.span, isTried: call.isTried)
    }

    private mutating func checkMethod(_ call: SurveyedCall, of kind: StaticKind) {
        if let command = survey.host.artifactMethod(named: call.name.name) { return check(call, command, receiver: kind) }
        var names = survey.host.artifactMemberNames
        if case .handler(let methods) = kind {
            if let method = methods.first(where: { $0.name.name == call.name.name }) { return check(call, method) }
            names += methods.map(\.name.name)
        }
        if !names.isEmpty { report(missing(call.name.name, "artifact", "method", names), call.name.span, isTried: call.isTried) }
    }

    private mutating func check(_ member: SurveyedMember) {
        let (names, typeName) = memberNames(member.container)
        if names.isEmpty || names.contains(member.name.name) { return }
        report(missing(member.name.name, typeName, "field", names), member.name.span, isTried: member.isTried)
    }

    /// None when not all are known: a handler's methods may keep more on `self`.
    private func memberNames(_ container: Expression) -> ([String], String) {
        if case .builtIn? = survey.kind(of: container) { return (survey.host.artifactMemberNames, "artifact") }
        if let object = constant(container) { return (object.memberNames, object.typeName) }
        guard case .name(let name) = container.kind, let key = survey.keys[name.id], case .caught? = survey.facts[key]?.origin,
            survey.writes(of: key) == 0
        else { return ([], "") }
        let caught = CaughtFailure(Failure("", ""))
        return (caught.memberNames, caught.typeName)
    }

    /// An object that the host always has, such as `snapshot`.
    private func constant(_ expression: Expression) -> Object? {
        guard case .name(let name) = expression.kind, survey.keys[name.id] == nil, case .host = survey.resolution.bindings[name.id],
            case .object(let object)? = (try? survey.host.constant(named: name.name)) ?? nil
        else { return nil }
        return object
    }

    private func missing(_ name: String, _ typeName: String, _ what: String, _ names: [String]) -> Failure {
        if what == "method", names.contains(name) {
            return Failure("type", "`\(name)` of \(typeName) is a field", hint: "it is written without parentheses: `.\(name)`")
        }
        return Failure("name", "\(typeName) has no \(what) `\(name)`", hint: nearest(name, in: names).map { "did you mean `\($0)`?" })
    }
}
