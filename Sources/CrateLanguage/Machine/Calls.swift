extension Failure {
    static var tooDeep: Failure {
        Failure("recursion", "calls are nested too deeply (more than \(Interpreter.deepestCall))", hint: "does the function reach a case that ends it?")
    }
}

extension Interpreter {
    func push(_ frame: Frame) {
        depth += 1
        (frames + depth).initialize(to: frame)
    }

    /// Begins a call of a function of the language whose arguments stand where its parameters are, after `window`.
    @inline(__always)
    func enter(_ function: Function, _ window: UnsafeMutablePointer<Value>) throws(Failure) {
        guard let header = function.header, case .code(let code) = function.body else { return }
        guard depth < Interpreter.deepestCall, registers.hasRoom(from: window + 1, count: header.pointee.registerCount) else { throw .tooDeep }
        let closure = function.captures.isEmpty ? nil : Unmanaged.passUnretained(function)
        depth += 1
        (frames + depth).initialize(to: Frame(header: header, code: .passUnretained(code), closure: closure, base: window + 1))
    }

    /// A call that the quick path leaves over: any callee, any arguments. The callee stands in `window`.
    /// Answers true when a frame was entered, false when the result already stands in `window`.
    func callSlowly(_ window: UnsafeMutablePointer<Value>, _ count: Int, _ labels: [String], _ name: String) throws(Failure) -> Bool {
        guard case .function(let function) = window.pointee else { throw notCallable(window.pointee, name) }
        let given = GivenArguments(values: UnsafeBufferPointer(start: window + 1, count: count), labels: labels)
        switch function.body {
        case .native(let native):
            window.pointee = try callNative(native, given, here)
            (window + 1).clear(count)
            return false
        case .code(let code):
            if labels.isEmpty, count == code.parameters.count {
                try enter(function, window)
                return true
            }
            let bound = try code.bind(given, missing: .object(missing))
            guard registers.hasRoom(from: window + 1, count: max(count, bound.count)) else { throw .tooDeep }
            (window + 1).clear(count)
            for (index, value) in bound.enumerated() { (window + 1 + index).pointee = value }
            try enter(function, window)
            return true
        }
    }

    /// The place of the instruction under way.
    var here: Location { frames[depth].place.location }

    func callNative(_ native: NativeFunction, _ given: GivenArguments, _ location: Location) throws(Failure) -> Value {
        try native.body(try native.bind(given, at: location, self))
    }

    /// A name that meant nothing when its code was compiled: a function or handler defined since.
    func callLate(_ window: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>) throws(Failure) -> Bool {
        window.pointee = try lookUp(site.pointee.name, hint: site.pointee.hint, what: "function")
        return try callSlowly(window, site.pointee.argumentCount, site.pointee.labels, site.pointee.name)
    }

    func lookUp(_ name: String, hint: String?, what: String = "name") throws(Failure) -> Value {
        if let value = global(named: name) { return value }
        if let native = host.function(named: name) ?? host.verb(named: name) { return .function(Function(native)) }
        if let value = try host.constant(named: name) { return value }
        let near = hint ?? nearest(name, in: globalNames + host.names).map { "did you mean `\($0)`?" }
        throw Failure("name", "unknown \(what) `\(name)`", hint: near)
    }

    func hostConstant(_ name: String) throws(Failure) -> Value {
        guard let value = try host.constant(named: name) else { throw Failure("name", "unknown name `\(name)`") }
        return value
    }

    private func notCallable(_ value: Value, _ name: String) -> Failure {
        if case .object(let object) = value, object === missing { return Failure("name", "`\(name)` is called before it is defined") }
        let what = name.isEmpty ? "a value of type \(typeName(of: value))" : "`\(name)` is \(typeName(of: value)) and"
        return Failure("type", "\(what) can't be called")
    }

    // MARK: methods

    /// `x.name(…)`: the receiver stands in `window`, the arguments after it. Answers as `callSlowly`.
    func callMethod(_ window: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>) throws(Failure) -> Bool {
        let count = site.pointee.argumentCount
        if site.pointee.method != .none, let result = try callBuiltIn(window, site, count) {
            window.pointee = result
            (window + 1).clear(count)
            return false
        }
        switch window.pointee {
        case .object(let object): return try callMethod(of: object, window, site)
        case .dict(let dict):
            guard let member = dict[site.pointee.name] else { throw noMethod(window.pointee, site.pointee.name) }
            window.pointee = member
            return try callSlowly(window, count, site.pointee.labels, site.pointee.name)
        default: throw noMethod(window.pointee, site.pointee.name)
        }
    }

    private func callBuiltIn(_ window: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>, _ count: Int) throws(Failure) -> Value? {
        switch window.pointee {
        case .list(let list): return try list.call(site.pointee.method, try arguments(window, site, count))
        case .dict(let dict): return try dict.call(site.pointee.method, try arguments(window, site, count))
        case .string(let text): return try text.call(site.pointee.method, try arguments(window, site, count))
        default: return nil
        }
    }

    private func arguments(_ window: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>, _ count: Int) throws(Failure) -> MethodArguments {
        if let label = site.pointee.labels.first { throw Failure("argument", "`\(site.pointee.name)` has no argument `\(label):`") }
        return MethodArguments(method: site.pointee.name, values: UnsafeBufferPointer(start: window + 1, count: count))
    }

    private func callMethod(of object: Object, _ window: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>) throws(Failure) -> Bool {
        let count = site.pointee.argumentCount
        if let method = object.method(site.pointee.name) {
            let given = GivenArguments(values: UnsafeBufferPointer(start: window + 1, count: count), labels: site.pointee.labels)
            window.pointee = try callNative(method, given, here)
            (window + 1).clear(count)
            return false
        }
        guard let member = try object.member(site.pointee.name) else { throw noMethod(window.pointee, site.pointee.name) }
        window.pointee = member
        return try callSlowly(window, count, site.pointee.labels, site.pointee.name)
    }

    private func noMethod(_ value: Value, _ name: String) -> Failure {
        let near = nearest(name, in: BuiltInMethod.names(of: value)).map { "did you mean `.\($0)(…)`?" }
        let isFunction = host.function(named: name) != nil
        return Failure("name", "\(typeName(of: value)) has no method `\(name)`", hint: near ?? (isFunction ? "it is a function: `\(name)(…)`" : nil))
    }

    // MARK: making functions

    func makeFunction(_ prototype: Prototype, _ base: UnsafeMutablePointer<Value>) -> Function {
        let captures = prototype.captures.compactMap { source -> Cell? in
            switch source {
            case .register(let register):
                if case .object(let object) = (base + register).pointee { return object as? Cell }
                return nil
            case .capture(let number): return frames[depth].closure?.takeUnretainedValue().captures[number]
            }
        }
        return Function(prototype.code, captures: captures)
    }

    func defineHandler(_ first: UnsafeMutablePointer<Value>, _ site: CallSite) throws(Failure) {
        var methods: [(name: String, function: Function)] = []
        for (index, name) in site.methodNames.enumerated() {
            if case .function(let function) = (first + index).pointee { methods.append((name, function)) }
        }
        try host.define(handler: HandlerDefinition(name: site.name, methods: methods, location: here))
    }
}
