import CrateLanguage

/// The items that `for` would visit: of a list, range, dict (its keys), text (its characters) or object.
func elements(of value: Value) throws(Failure) -> [Value] {
    switch value {
    case .list(let list): return list.items
    case .dict(let dict): return dict.keys.map { Value($0) }
    case .string(let text): return text.map { .string(String($0)) }
    case .range(let range):
        guard range.count <= maximumElements else { throw Failure("limit", "a range of \(range.count) numbers is too long for a list") }
        return (range.lower..<max(range.lower, range.upper)).map { .int($0) }
    case .object(let video as VideoObject): return try video.pictures()
    case .object(let object):
        guard let count = object.count else { break }
        var items: [Value] = []
        for position in 0..<count { items.append(try object.item(at: position)) }
        return items
    default: break
    }
    throw Failure("type", "a value of type \(typeName(of: value)) has no items")
}

/// Beyond this a list would take more memory than it can be meant to.
let maximumElements = 100_000_000

extension Call {
    /// The argument at `position`, or null where it was left out.
    subscript(position: Int) -> Value { arguments.indices.contains(position) ? arguments[position] ?? .null : .null }

    /// Text that the binder has checked.
    func text(_ position: Int) -> String { if case .string(let text) = self[position] { text } else { "" } }

    /// A whole number that the binder has checked; `nil` where it was left out.
    func whole(_ position: Int) -> Int? { if case .int(let number) = self[position] { number } else { nil } }

    func flag(_ position: Int) -> Bool { if case .bool(true) = self[position] { true } else { false } }

    /// The items of the argument at `position`.
    func items(_ position: Int) throws(Failure) -> [Value] { try elements(of: self[position]) }

    /// Calls a function of the language with each item, and stops when the run was interrupted.
    func map(_ items: [Value], by function: Value) throws(Failure) -> [Value] {
        guard case .function(let function) = function else { return items }
        var results: [Value] = []
        results.reserveCapacity(items.count)
        for (position, item) in items.enumerated() {
            try pause(at: position)
            results.append(try interpreter.call(function, [item]))
        }
        return results
    }

    /// Lets the user stop a long loop; looks only every few thousand items, which costs the loop nothing.
    func pause(at position: Int) throws(Failure) {
        if position & 4095 == 0 { try interpreter.checkInterrupted() }
    }
}

extension Value {
    static func list(_ items: [Value]) -> Value { .list(ListObject(items)) }
}

/// What the array function of this name gives; `nil` when the first argument is no array.
func ofArray(_ name: String, _ call: Call) throws(Failure) -> Value? {
    guard case .object(let object) = call[0], object is any ArrayLike, let function = ArrayFunction.methods[name] else { return nil }
    let values = function.parameters.indices.map { call.arguments.indices.contains($0) ? call.arguments[$0] : nil }
    return try function.body(ArrayArguments(name: name, parameters: function.parameters, values: values, rest: []))
}

/// A value that must be true or false.
func truth(_ value: Value, of what: String) throws(Failure) -> Bool {
    if case .bool(let flag) = value { return flag }
    throw Failure("type", "\(what) must give true or false, not a value of type \(typeName(of: value))")
}
