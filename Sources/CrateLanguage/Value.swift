import CrateValues

/// What an expression gives. Lists, dicts and objects are shared by reference, as in Python.
public enum Value {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    /// Only for integers that do not fit 64 bits; arithmetic comes back to `int` when the result fits.
    case bigInt(BigInteger)
    case string(String)
    case list(ListObject)
    case dict(DictObject)
    case range(RangeObject)
    case function(Function)
    /// A value of the host: an array, table, artifact, date …
    case object(Object)
}

/// A list, changed in place.
public final class ListObject {
    // One thread owns a session's values; the dynamic check of overlapping accesses would only cost time.
    @exclusivity(unchecked) public var items: [Value]
    /// Came from a Python tuple, and goes back as one.
    public let isTuple: Bool
    /// Holds lists of two, as `items`, `enumerate` and `zip` give: `for a, b in …` takes its pairs apart instead of counting them.
    public var holdsPairs = false

    public init(_ items: [Value], isTuple: Bool = false) { self.items = items; self.isTuple = isTuple }

    deinit {
        if items.contains(where: { $0.isNest }) { Value.takeApart { drain(into: &$0) } }
    }
}

/// Whole numbers from `lower`, up to but without `upper`.
public final class RangeObject {
    public let lower: Int
    public let upper: Int
    public init(lower: Int, upper: Int) { self.lower = lower; self.upper = upper }
    /// At most the largest int.
    public var count: Int {
        guard upper > lower else { return 0 }
        let (count, overflow) = upper.subtractingReportingOverflow(lower)
        return overflow ? Int.max : count
    }
}

/// A value that the host adds to the language. Subclass it and override what the value can do; everything not
/// overridden raises a `type` error that names `typeName`.
///
/// Not Sendable: values belong to the one session that runs on one thread.
open class Object {
    public init() {}

    /// The type's name in messages and for `type(x)`.
    open var typeName: String { "object" }

    /// The text of `print` at top level and of interpolation.
    open var description: String { "<\(typeName)>" }

    /// The text inside a list or dict; the same as `description` unless overridden.
    open var nestedDescription: String { description }

    /// `x.name`. `nil` when there is no such member; the evaluator then names the nearest of `memberNames`.
    open func member(_ name: String) throws(Failure) -> Value? { nil }

    /// The names that `member` and `method` answer, for completion and for the nearest name.
    open var memberNames: [String] { [] }

    /// `x.name(…)`: a method; `nil` when there is none.
    open func method(_ name: String) -> NativeFunction? { nil }

    /// `x.name = value`. False when there is no such settable member.
    open func setMember(_ name: String, to value: Value) throws(Failure) -> Bool { false }

    /// `x[i]`, `x[a:b]`, `x[i, :]`.
    open func element(_ indices: [Index]) throws(Failure) -> Value { throw .cannot("be indexed", typeName) }

    /// `x[…] = value`.
    open func setElement(_ indices: [Index], to value: Value) throws(Failure) { throw .cannot("be assigned by index", typeName) }

    /// Whether `x[i][j] = v` must store the changed `x[i]` back into `x`, because `x[i]` is a copy (arrays, table columns).
    open var isCopiedOnRead: Bool { false }

    /// `len(x)`; `nil` when it has none.
    open var count: Int? { nil }

    /// The items of `for … in x`, by position, `0..<count`.
    open func item(at position: Int) throws(Failure) -> Value { throw .cannot("be looped over", typeName) }

    /// What a `for` loop walks through in place of the object, for one that keeps something open while it is read. The loop lets go of
    /// it at its end.
    open func walked() throws(Failure) -> Object { self }

    /// The next item of a `for` loop; `nil` when the items end before `count`.
    open func nextItem(at position: Int) throws(Failure) -> Value? { try item(at: position) }

    /// `item in x`.
    open func contains(_ item: Value) throws(Failure) -> Bool { throw .cannot("be searched with `in`", typeName) }

    /// `self op other`, or `other op self` when `isReversed`. `nil` when the operator does not apply to the pair.
    open func binary(_ op: BinaryOperator, _ other: Value, isReversed: Bool) throws(Failure) -> Value? { nil }

    /// `-x` and `not x`.
    open func negated() throws(Failure) -> Value { throw .cannot("be negated", typeName) }

    /// `==`; by identity unless overridden.
    open func isEqual(to other: Object) -> Bool { self === other }
}

/// One item between `[` and `]`.
public enum Index {
    case at(Value)
    /// `start:stop:step`; each may be left out.
    case slice(start: Value?, stop: Value?, step: Value?)
}

public enum BinaryOperator: String, Sendable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%"
    case matrixMultiply = "@", power = "**"
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
}

extension Failure {
    public static func cannot(_ what: String, _ typeName: String) -> Failure { Failure("type", "a value of type \(typeName) can't \(what)") }
}
