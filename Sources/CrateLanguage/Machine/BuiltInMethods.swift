/// Methods of lists, dicts and strings, which the machine knows by number.
enum BuiltInMethod: String {
    case none = ""
    case append, insert, pop, remove, extend, clear, index, count, copy, reverse
    case get, items, keys, values, update, contains
    case upper, lower, strip, split, lines, replace, startsWith = "starts_with", endsWith = "ends_with", find, join

    static func names(of value: Value) -> [String] {
        switch value {
        case .list: ["append", "insert", "pop", "remove", "extend", "clear", "index", "count", "copy", "reverse", "contains"]
        case .dict: ["get", "items", "keys", "values", "remove", "pop", "update", "copy", "clear", "contains"]
        case .string: ["upper", "lower", "strip", "split", "lines", "replace", "starts_with", "ends_with", "find", "join", "count", "contains"]
        case .object(let object): object.memberNames
        default: []
        }
    }
}

extension CallSite {
    /// Whether it may be a call that loops make often: `append` with an item, `get` with a key and what stands for a
    /// missing one.
    var hasQuickWay: Bool { labels.isEmpty && (method == .append && argumentCount == 1 || method == .get && argumentCount == 2) }
}

/// The positional arguments of a method call, checked as they are asked for.
struct MethodArguments {
    let method: String
    let values: UnsafeBufferPointer<Value>

    func expect(_ counts: ClosedRange<Int>) throws(Failure) {
        if counts.contains(values.count) { return }
        let wanted = counts.lowerBound == counts.upperBound ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
        throw Failure("argument", "`\(method)` takes \(wanted == "0" ? "no" : wanted) argument\(wanted == "1" ? "" : "s"), not \(values.count)")
    }

    func string(_ position: Int) throws(Failure) -> String {
        if case .string(let text) = values[position] { return text }
        throw mismatch("a string", position)
    }

    func int(_ position: Int, or standard: Int) throws(Failure) -> Int {
        guard position < values.count else { return standard }
        if case .int(let number) = values[position] { return number }
        throw mismatch("an int", position)
    }

    func list(_ position: Int) throws(Failure) -> ListObject {
        if case .list(let list) = values[position] { return list }
        throw mismatch("a list", position)
    }

    private func mismatch(_ wanted: String, _ position: Int) -> Failure {
        Failure("type", "`\(method)` takes \(wanted), not \(typeName(of: values[position]))")
    }
}

extension ListObject {
    /// `nil` when a list has no such method.
    func call(_ method: BuiltInMethod, _ arguments: MethodArguments) throws(Failure) -> Value? {
        switch method {
        case .append:
            try arguments.expect(1...1)
            try append(arguments.values[0])
        case .insert:
            try arguments.expect(2...2)
            let position = try arguments.int(0, or: 0)
            try Limits.checkList(items.count, adding: 1)
            items.insert(arguments.values[1], at: min(max(position < 0 ? position &+ items.count : position, 0), items.count))
        case .pop:
            try arguments.expect(0...1)
            return try pop(try arguments.int(0, or: -1))
        case .remove:
            try arguments.expect(1...1)
            items.remove(at: try position(of: arguments.values[0]))
        case .extend:
            try arguments.expect(1...1)
            try append(contentsOf: try arguments.list(0).items)
        case .clear:
            try arguments.expect(0...0)
            items = []
        case .reverse:
            try arguments.expect(0...0)
            items.reverse()
        case .index:
            try arguments.expect(1...1)
            return .int(try position(of: arguments.values[0]))
        case .count:
            try arguments.expect(1...1)
            var count = 0
            for item in items where try Value.areEqual(item, arguments.values[0]) { count += 1 }
            return .int(count)
        case .copy:
            try arguments.expect(0...0)
            return .list(ListObject(items, isTuple: isTuple))
        case .contains:
            try arguments.expect(1...1)
            return .bool(try Value.list(self).contains(arguments.values[0]))
        default: return nil
        }
        return .null
    }

    private func pop(_ number: Int) throws(Failure) -> Value {
        let position = number < 0 ? number &+ items.count : number
        guard items.indices.contains(position) else {
            throw Failure("index", items.isEmpty ? "`pop` from an empty list" : "index \(number) is outside this list of \(items.count) items")
        }
        return items.remove(at: position)
    }

    private func position(of value: Value) throws(Failure) -> Int {
        for (position, item) in items.enumerated() where try Value.areEqual(item, value) { return position }
        throw Failure("value", "the list has no item \(value.nestedDescription)")
    }
}

extension DictObject {
    /// `nil` when a dict has no such method.
    func call(_ method: BuiltInMethod, _ arguments: MethodArguments) throws(Failure) -> Value? {
        switch method {
        case .get:
            try arguments.expect(1...2)
            if let value = try find(arguments.values[0]) { return value }
            return arguments.values.count > 1 ? arguments.values[1] : .null
        case .items:
            try arguments.expect(0...0)
            let pairs = ListObject(entries.map { .list(ListObject([Value($0.key), $0.value])) })
            pairs.holdsPairs = true
            return .list(pairs)
        case .keys:
            try arguments.expect(0...0)
            return .list(ListObject(keys.map { Value($0) }))
        case .values:
            try arguments.expect(0...0)
            return .list(ListObject(entries.map(\.value)))
        case .remove, .pop:
            try arguments.expect(1...2)
            let key = try Value.key(arguments.values[0])
            guard let value = self[key] else {
                if arguments.values.count > 1 { return arguments.values[1] }
                throw missing(arguments.values[0])
            }
            self[key] = nil
            return value
        case .update:
            try arguments.expect(1...1)
            guard case .dict(let other) = arguments.values[0] else {
                throw Failure("type", "`update` takes a dict, not \(typeName(of: arguments.values[0]))")
            }
            for (key, value) in other.entries { self[key] = value }
            return .null
        case .copy:
            try arguments.expect(0...0)
            return .dict(copy())
        case .clear:
            try arguments.expect(0...0)
            removeAll()
            return .null
        case .contains:
            try arguments.expect(1...1)
            return .bool(try find(arguments.values[0]) != nil)
        default: return nil
        }
    }

    @inline(__always)
    private func find(_ key: Value) throws(Failure) -> Value? {
        if case .string(let name) = key { return self[name] }
        return self[try Value.key(key)]
    }
}
