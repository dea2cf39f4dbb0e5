// What single instructions do with several registers.

extension UnsafeMutablePointer<Value> {
    /// `x = x + y` on strings: extends the text in place when nothing else holds it, so that a loop that builds a text
    /// costs as much as the text is long. False when these are no strings.
    @inline(__always)
    func appendInPlace(_ other: UnsafeMutablePointer<Value>) throws(Failure) -> Bool {
        guard let size = textSize, case .string(let part) = other.pointee else { return false }
        try Limits.checkText(size, adding: part.utf8.count)
        append(part)
        return true
    }

    /// Asked here, where the text is let go of again: a second reference would make the append copy it.
    @inline(__always)
    private var textSize: Int? { if case .string(let text) = pointee { text.utf8.count } else { nil } }

    private func append(_ part: String) {
        guard case .string(var text) = move() else { return }
        text.append(part)
        initialize(to: .string(text))
    }

    /// Calls `append` of a list or `get` of a dict with the arguments after this register, where the result goes; false
    /// when it is something else.
    @inline(__always)
    func callQuickly(_ receiver: UnsafeMutablePointer<Value>, _ method: BuiltInMethod) throws(Failure) -> Bool {
        if method == .append {
            guard case .list(let list) = receiver.pointee else { return false }
            try Limits.checkList(list.items.count, adding: 1)
            list.items.append((self + 1).move())
            (self + 1).initialize(to: .null)
            put(.null)
        } else {
            guard case .dict(let dict) = receiver.pointee, case .string(let name) = self[1] else { return false }
            if !dict.copyValue(named: name, to: self) { copy(self + 2) }
            (self + 1).clear(2)
        }
        return true
    }

    /// Moves values out of `count` registers.
    func take(_ count: Int) -> [Value] {
        if count == 0 { return [] }
        let items = [Value](UnsafeBufferPointer(start: self, count: count))
        clear(count)
        return items
    }

    /// The indices from here on, as the site describes them.
    func indices(_ site: UnsafeMutablePointer<CallSite>) -> [Index] {
        var register = self
        let take = { (isThere: Bool) -> Value? in
            guard isThere else { return nil }
            defer { register += 1 }
            return register.pointee
        }
        var indices: [Index] = []
        for shape in site.pointee.indices {
            if shape.isSlice {
                let start = take(shape.hasStart)
                let stop = take(shape.hasStop)
                indices.append(.slice(start: start, stop: stop, step: take(shape.hasStep)))
            } else if let value = take(true) {
                indices.append(.at(value))
            }
        }
        return indices
    }
}

extension DictObject {
    /// Pairs of registers: key, value, key, value …
    convenience init(pairs: UnsafeMutablePointer<Value>, count: Int) throws(Failure) {
        self.init()
        try add(pairs: pairs, count: count)
    }

    func add(pairs: UnsafeMutablePointer<Value>, count: Int) throws(Failure) {
        for pair in 0..<count {
            let (key, value) = (pairs[2 * pair], pairs[2 * pair + 1])
            if case .string(let name) = key { self[name] = value } else { self[try Value.key(key)] = value }
        }
        pairs.clear(2 * count)
    }
}

extension BinaryOperator {
    /// A comparison as a condition.
    func test(_ x: UnsafeMutablePointer<Value>, _ y: UnsafeMutablePointer<Value>) throws(Failure) -> Bool {
        switch (x.pointee, y.pointee) {
        case (.float(let a), .float(let b)):
            switch self {
            case .less: return a < b
            case .lessOrEqual: return a <= b
            case .greater: return a > b
            case .greaterOrEqual: return a >= b
            case .equal: return a == b
            default: return a != b
            }
        default: return try apply(x.pointee, y.pointee).condition()
        }
    }
}

extension Interpreter {
    /// A native function with its arguments after `window`, where the result goes.
    func callNative(_ window: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>, _ count: Int) throws(Failure) {
        guard let native = site.pointee.native else { return }
        let given = GivenArguments(values: UnsafeBufferPointer(start: window + 1, count: count), labels: site.pointee.labels)
        var call = try native.bind(given, at: here, self)
        call.isStatement = site.pointee.isCommand
        let result = try native.body(call)
        window.pointee = result
        (window + 1).clear(count)
    }

    func unsetGlobal(_ slot: Int) -> Failure {
        Failure("name", "`\(globals.names[slot])` is used before it has a value")
    }
}
