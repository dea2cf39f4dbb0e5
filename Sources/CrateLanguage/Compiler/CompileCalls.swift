extension Compiler {
    // A call's callee and arguments stand in consecutive registers, which become the first registers of the callee's
    // frame; the result comes to the first of them.

    mutating func compileCommand(_ call: CallSyntax, _ span: Span, into target: Int) throws(Failure) {
        if let native = host.verb(named: call.name.name) {
            return try compileNative(native, call, into: target, span, isCommand: true)
        }
        var failure = Failure.unknownCommand(call.name.name, binding(call.name))
        failure.location = Location(source: source, span: call.name.span)
        code.failures.append(failure)
        code.emit(.fail, 0, code.failures.count - 1, at: call.name.span)
    }

    mutating func compileBlockCommand(_ function: FunctionSyntax, _ span: Span) throws(Failure) {
        let native = host.verb(named: function.name.name)
        let window = code.reserve()
        try compile(function, into: code.reserve())
        var site = CallSite()
        site.argumentCount = 1
        site.name = function.name.name
        site.native = native
        site.isCommand = true
        code.emit(.callNative, window, code.site(site), 1, at: span)
    }

    mutating func compileCall(_ call: CallSyntax, into target: Int, _ span: Span) throws(Failure) {
        if case .host = binding(call.name), let native = native(call.name.name) {
            return try compileNative(native, call, into: target, span, isCommand: false)
        }
        let window = window(target)
        var site = site(call.arguments)
        site.name = call.name.name
        switch binding(call.name) {
        case .global(let slot) where site.labels.isEmpty:
            try layOut(call.arguments, after: window)
            code.emit(.callGlobal, window, call.arguments.count, slot, at: span)
        case .late(let hint):
            site.hint = hint
            try layOut(call.arguments, after: window)
            code.emit(.callLate, window, code.site(site), at: call.name.span)
        default:
            compileName(call.name, into: window)
            try layOut(call.arguments, after: window)
            code.emit(.call, window, code.site(site), Compiler.count(call.arguments), at: span)
        }
        deliver(window, to: target, span)
    }

    /// The number of arguments; when some are named, its complement.
    private static func count(_ arguments: [Argument]) -> Int {
        arguments.contains { $0.label != nil } ? ~arguments.count : arguments.count
    }

    mutating func compileCall(_ callee: Expression, _ arguments: [Argument], into target: Int, _ span: Span) throws(Failure) {
        let window = window(target)
        try compile(callee, into: window)
        try layOut(arguments, after: window)
        code.emit(.call, window, code.site(site(arguments)), Compiler.count(arguments), at: span)
        deliver(window, to: target, span)
    }

    mutating func compileMethod(_ receiver: Expression, _ name: Argument.Label, _ arguments: [Argument], into target: Int, _ span: Span) throws(Failure) {
        var site = site(arguments)
        site.name = name.name
        site.method = BuiltInMethod(rawValue: name.name) ?? .none
        let span = Span(name.span.start, span.end)
        guard site.hasQuickWay else {
            let window = window(target)
            try compile(receiver, into: window)
            try layOut(arguments, after: window)
            code.emit(.callMethod, window, code.site(site), arguments.count, at: span)
            return deliver(window, to: target, span)
        }
        // The quick way takes the receiver from where it is, and skips the two instructions of the usual one.
        let found = try operand(receiver, before: arguments.map(\.value))
        let window = code.reserve()
        try layOut(arguments, after: window)
        let number = code.site(site)
        code.emit(.quickMethod, window, found, number, at: span)
        code.emit(.move, window, found, at: span)
        code.emit(.callMethod, window, number, arguments.count, at: span)
        deliver(window, to: target, span)
    }

    private mutating func compileNative(
        _ native: NativeFunction, _ call: CallSyntax, into target: Int, _ span: Span, isCommand: Bool
    ) throws(Failure) {
        let window = window(target)
        try layOut(call.arguments, after: window)
        var site = site(call.arguments)
        site.name = call.name.name
        site.native = native
        site.isCommand = isCommand
        code.emit(.callNative, window, code.site(site), call.arguments.count, at: span)
        deliver(window, to: target, span)
    }

    /// The target itself when it is the newest temporary: then the result is where it is wanted.
    private mutating func window(_ target: Int) -> Int { target == code.top - 1 ? target : code.reserve() }

    private mutating func layOut(_ arguments: [Argument], after window: Int) throws(Failure) {
        for argument in arguments { try compile(argument.value, into: code.reserve()) }
    }

    private mutating func deliver(_ window: Int, to target: Int, _ span: Span) {
        if window != target { code.emit(.move, target, window, at: span) }
    }

    private func site(_ arguments: [Argument]) -> CallSite {
        var site = CallSite()
        site.argumentCount = arguments.count
        site.labels = arguments.compactMap { $0.label?.name }
        return site
    }

    // MARK: elements

    mutating func compileElement(_ container: Expression, _ indices: [IndexSyntax], into target: Int, _ span: Span) throws(Failure) {
        if indices.count == 1, case .at(let index) = indices[0] {
            let (first, second) = try operands(container, index)
            return code.emit(.getIndex, target, first, second, at: span)
        }
        let window = code.reserve()
        try compile(container, into: window)
        code.emit(.getElement, target, window, try layOut(indices), at: span)
    }

    /// Puts the indices into new registers and describes them.
    private mutating func layOut(_ indices: [IndexSyntax]) throws(Failure) -> Int {
        var site = CallSite()
        for index in indices {
            var shape = CallSite.IndexShape()
            if case .slice(let start, let stop, let step) = index {
                shape = CallSite.IndexShape(isSlice: true, hasStart: start != nil, hasStop: stop != nil, hasStep: step != nil)
            }
            site.indices.append(shape)
            for part in index.parts { try compile(part, into: code.reserve()) }
        }
        return code.site(site)
    }

    // MARK: assignment

    mutating func compileAssignment(_ target: Expression, _ operation: BinaryOperator?, _ value: Expression, _ span: Span) throws(Failure) {
        let top = code.top
        if case .name(let name) = target.kind {
            try assign(name, operation.map { Expression(kind: .binary($0, target, value), span: span, height: value.height + 1) } ?? value, span)
        } else {
            let place = try place(target)
            var result: Int
            if let operation {
                result = code.reserve()
                get(place, into: result)
                code.emit(Operation(operation), result, result, try self.operand(value), at: span)
            } else {
                result = try operand(value)
            }
            set(place, to: result, isStoreBack: false, span)
            storeBack(place)
        }
        code.release(to: top)
    }

    private mutating func assign(_ name: Identifier, _ value: Expression, _ span: Span) throws(Failure) {
        if let register = register(of: name), value.writesLast { return try compile(value, into: register) }
        switch binding(name) {
        case .local(let variable):
            let result = try operand(value)
            code.emit(variable.isCaptured ? .setCell : .move, variable.register, result, at: span)
        case .capture(let number): code.emit(.setCapture, number, try operand(value), at: span)
        case .global(let slot): code.emit(isTopLevel ? .move : .setGlobal, slot, try operand(value), at: span)
        case .host, .late:
            let isHost = if case .host = binding(name) { true } else { false }
            var hint: String? = nil
            if case .late(let near) = binding(name) { hint = near }
            let failure = Failure(
                "name", isHost ? "`\(name.name)` is no variable" : "unknown variable `\(name.name)`",
                hint: hint ?? "declare it with `let \(name.name) = …`", location: Location(source: source, span: name.span))
            code.failures.append(failure)
            code.emit(.fail, 0, code.failures.count - 1, at: name.span)
        }
    }

    /// Something assignable, with what it needs already in registers.
    private indirect enum Place {
        /// `outer` is the place that the container came from, when it came from one.
        case index(container: Int, index: Int, Span, outer: Place?)
        case element(window: Int, site: Int, Span, outer: Place?)
        case member(container: Int, site: Int, Span, outer: Place?)
    }

    private mutating func place(_ target: Expression) throws(Failure) -> Place {
        switch target.kind {
        case .member(let inner, let name):
            let (container, outer) = try containerOf(inner)
            return .member(container: container, site: memberSite(name), name.span, outer: outer)
        case .element(let inner, let indices):
            if indices.count == 1, case .at(let index) = indices[0] {
                let (container, outer) = try containerOf(inner)
                return .index(container: container, index: try operand(index), target.span, outer: outer)
            }
            let (container, outer) = try containerOf(inner)
            let window = code.reserve()
            code.emit(.move, window, container, at: inner.span)
            return .element(window: window, site: try layOut(indices), target.span, outer: outer)
        default: throw failure("this can't be assigned to", target.span)
        }
    }

    /// The register of the container. `x[i][j] = v` keeps how `x[i]` was reached, as it may be a copy of what `x` holds.
    private mutating func containerOf(_ expression: Expression) throws(Failure) -> (Int, Place?) {
        switch expression.kind {
        case .member, .element:
            let outer = try place(expression)
            let register = code.reserve()
            get(outer, into: register)
            return (register, outer)
        default: return (try registerOperand(expression), nil)
        }
    }

    private mutating func get(_ place: Place, into register: Int) {
        switch place {
        case .index(let container, let index, let span, _): code.emit(.getIndex, register, container, index, at: span)
        case .element(let window, let site, let span, _): code.emit(.getElement, register, window, site, at: span)
        case .member(let container, let site, let span, _): code.emit(.getMember, register, container, site, at: span)
        }
    }

    private mutating func set(_ place: Place, to value: Int, isStoreBack: Bool, _ span: Span) {
        switch place {
        case .index(let container, let index, let span, _):
            code.emit(isStoreBack ? .storeBackIndex : .setIndex, container, index, value, at: span)
        case .element(let window, let site, let span, _):
            code.emit(isStoreBack ? .storeBackElement : .setElement, value, window, site, at: span)
        case .member(let container, let site, let span, _):
            code.emit(isStoreBack ? .storeBackMember : .setMember, container, site, value, at: span)
        }
    }

    /// After `place` was set: its container goes back to where it came from, if that gave a copy.
    private mutating func storeBack(_ place: Place) {
        let (container, outer): (Int, Place?) =
            switch place {
            case .index(let container, _, _, let outer), .member(let container, _, _, let outer): (container, outer)
            case .element(let window, _, _, let outer): (window, outer)
            }
        guard let outer else { return }
        set(outer, to: container, isStoreBack: true, Span(0, 0))
        storeBack(outer)
    }
}
