/// What a dict's keys may be. Booleans are not whole numbers here.
public enum Key: Hashable, Sendable {
    case string(String)
    case int(Int)
    case bool(Bool)
    case float(Double)
    case null
    /// A list of keys, as Python's tuples are.
    case tuple([Key])
}

/// Keys and values in order of first insertion, changed in place.
public final class DictObject {
    /// A plain Python dict or `collections.OrderedDict`, kept for writing it back.
    public var isOrderedDict = false

    public init() {}

    public var count: Int { 0 }

    public subscript(key: Key) -> Value? {
        get { nil }
        set {}
    }

    public subscript(name: String) -> Value? {
        get { self[.string(name)] }
        set { self[.string(name)] = newValue }
    }

    /// Pairs in order.
    public var entries: [(key: Key, value: Value)] { [] }
}
