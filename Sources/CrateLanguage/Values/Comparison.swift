import CrateValues

extension Value {
    /// `==`: numbers by value across int and float, lists and dicts by their contents, objects as they say, and values
    /// of different types never equal.
    /// Raises `recursion` for contents too deep to compare, `limit` for too many.
    public static func areEqual(_ a: Value, _ b: Value) throws(Failure) -> Bool {
        var work = ComparisonWork()
        return try areEqual(a, b, depth: 0, &work)
    }

    private static func areEqual(_ a: Value, _ b: Value, depth: Int, _ work: inout ComparisonWork) throws(Failure) -> Bool {
        switch (a, b) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.int(let a), .int(let b)): return a == b
        case (.float(let a), .float(let b)): return a == b
        case (.string(let a), .string(let b)): return a.isSame(as: b)
        case (.list(let a), .list(let b)): return try areEqual(a, b, depth: depth, &work)
        case (.dict(let a), .dict(let b)): return try areEqual(a, b, depth: depth, &work)
        case (.range(let a), .range(let b)): return a.count == b.count && (a.count == 0 || a.lower == b.lower)
        case (.function(let a), .function(let b)): return a === b
        case (.object(let a), .object(let b)):
            if let result = try a.binary(.equal, .object(b), isReversed: false) { return try truth(result) }
            return a.isEqual(to: b)
        case (.object(let a), _): return try a.binary(.equal, b, isReversed: false).map(truth) ?? false
        case (_, .object(let b)): return try b.binary(.equal, a, isReversed: true).map(truth) ?? false
        default: return numericOrder(a, b) == .equal
        }
    }

    private static func truth(_ value: Value) throws(Failure) -> Bool {
        if case .bool(let flag) = value { return flag }
        throw Failure("type", "the comparison gives a value of type \(typeName(of: value)), not one true or false")
    }

    private static func areEqual(_ a: ListObject, _ b: ListObject, depth: Int, _ work: inout ComparisonWork) throws(Failure) -> Bool {
        if a === b { return true }
        guard a.items.count == b.items.count else { return false }
        try work.enter(a.items.count, depth)
        let (x, y) = (a.items, b.items)
        for position in x.indices where try !areEqual(x[position], y[position], depth: depth + 1, &work) { return false }
        return true
    }

    private static func areEqual(_ a: DictObject, _ b: DictObject, depth: Int, _ work: inout ComparisonWork) throws(Failure) -> Bool {
        if a === b { return true }
        guard a.count == b.count else { return false }
        try work.enter(a.count, depth)
        for (key, value) in a.entries {
            guard let other = b[key], try areEqual(value, other, depth: depth + 1, &work) else { return false }
        }
        return true
    }
}

/// What one comparison may still do.
private struct ComparisonWork {
    private static let deepest = 1000
    private var itemsLeft = Limits.nestedItems

    /// Before the `count` items of a list or dict are compared.
    mutating func enter(_ count: Int, _ depth: Int) throws(Failure) {
        if depth > ComparisonWork.deepest { throw Failure("recursion", "these values are nested too deeply to compare") }
        if depth == 0 { return }
        itemsLeft -= count
        if itemsLeft < 0 { throw Failure("limit", "these values hold more than \(Limits.nestedItems) nested items, too many to compare") }
    }
}

extension Value {
    /// How two values stand to each other.
    public enum Order: Sendable {
        case less, equal, greater
        /// NaN is on one side.
        case unordered
    }

    /// The order of two numbers, two strings (by code points) or two lists of such; for `<`, `sort`, `min` and `max`.
    /// Raises `type`, naming both types, when there is none.
    public static func order(_ a: Value, _ b: Value) throws(Failure) -> Order {
        var work = ComparisonWork()
        return try order(a, b, depth: 0, &work)
    }

    private static func order(_ a: Value, _ b: Value, depth: Int, _ work: inout ComparisonWork) throws(Failure) -> Order {
        switch (a, b) {
        case (.string(let a), .string(let b)): return Order(a.order(b))
        case (.list(let a), .list(let b)):
            try work.enter(min(a.items.count, b.items.count), depth)
            let (x, y) = (a.items, b.items)
            for (first, second) in zip(x, y) where try !areEqual(first, second, depth: depth + 1, &work) {
                return try order(first, second, depth: depth + 1, &work)
            }
            return Order(x.count - y.count)
        default:
            if let order = numericOrder(a, b) { return order }
            throw Failure("type", "a value of type \(typeName(of: a)) and one of type \(typeName(of: b)) can't be put in order")
        }
    }

    /// `nil` unless both are numbers. Exact, also where an int has no equal float.
    static func numericOrder(_ a: Value, _ b: Value) -> Order? {
        switch (a, b) {
        case (.int(let a), .int(let b)): Order(a < b ? -1 : a > b ? 1 : 0)
        case (.float(let a), .float(let b)): Order(a, b)
        case (.int(let a), .float(let b)): Order(a, exactly: b)
        case (.float(let a), .int(let b)): Order(b, exactly: a).reversed
        case (.bigInt(let a), .bigInt(let b)): Order(a < b ? -1 : a == b ? 0 : 1)
        case (.bigInt(let a), .int): Order(a.signum)
        case (.int, .bigInt(let b)): Order(-b.signum)
        case (.bigInt(let a), .float(let b)): a.compare(with: b).map { Order($0) } ?? .unordered
        case (.float(let a), .bigInt(let b)): b.compare(with: a).map { Order(-$0) } ?? .unordered
        default: nil
        }
    }
}

extension Value.Order {
    init(_ sign: Int) { self = sign < 0 ? .less : sign > 0 ? .greater : .equal }

    init(_ a: Double, _ b: Double) { self = a < b ? .less : a > b ? .greater : a == b ? .equal : .unordered }

    init(_ a: Int, exactly b: Double) {
        // Beyond 2^53 neighbouring ints share a double; then the double, being whole, is compared as an int.
        if abs(b) < 9_007_199_254_740_992 || a.magnitude < 9_007_199_254_740_992 {
            self.init(Double(a), b)
        } else if let whole = Int(exactly: b) {
            self.init(a < whole ? -1 : a > whole ? 1 : 0)
        } else {
            self.init(0, b)
        }
    }

    var reversed: Value.Order { self == .less ? .greater : self == .greater ? .less : self }
}
