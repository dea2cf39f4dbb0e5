import CrateLanguage
import CrateValues

extension ArrayFunction {
    /// What brings arrays, and lists of numbers, down.
    static let reductions: [ArrayFunction] = [
        sum, extreme(.min), extreme(.max),
        reduction(.mean, "Average the elements.", "mean([1, 2, 3])  # 2.0"),
        reduction(.deviation, "Give the standard deviation.", "std([1, 3])  # 1.0"),
        reduction(.variance, "Give the variance.", "var([1, 3])  # 1.0"),
        reduction(.product, "Multiply the elements.", "prod([2, 3, 4])  # 24"),
        reduction(.any, "Tell whether any element is true.", "any([false, true])  # true"),
        reduction(.all, "Tell whether all elements are true.", "all([false, true])  # false"),
        reduction(.argmin, "Give the position of the least element.", "argmin([3, 1, 2])  # 1"),
        reduction(.argmax, "Give the position of the greatest element.", "argmax([3, 1, 2])  # 0"),
        running("cumsum", .sum, "Give running sums.", "cumsum([1, 2, 3]).tolist()  # [1, 3, 6]"),
        running("cumprod", .product, "Give running products.", "cumprod([1, 2, 3]).tolist()  # [1, 2, 6]"),
    ]

    private static let axisParameters = [
        Parameter("axis", .sizes, .optional, "dimension or list of dimensions; all when left out"),
        Parameter("keepdims", .bool, .optional, named: true, "true keeps the dimensions with size 1"),
    ]

    private static func reduction(_ reduction: Reduction, _ summary: String, _ example: String) -> ArrayFunction {
        let first = Parameter("a", .numbers, .required, "an array or list")
        let degrees = Parameter("ddof", .number, .optional, named: true, "what is taken from the count, 0 by default")
        let isSpread = reduction == .variance || reduction == .deviation
        return ArrayFunction(reduction.rawValue, summary, [first] + axisParameters + (isSpread ? [degrees] : []), [example]) {
            (call) throws(Failure) in
            try reduce(reduction, try call.tensor(0), call, axesAt: 1)
        }
    }

    private static func reduce(_ reduction: Reduction, _ tensor: Tensor, _ call: ArrayArguments, axesAt place: Int) throws(Failure) -> Value
    {
        let (axes, keeps, degrees) = (try call.ints(place), try call.flag(place + 1) ?? false, try call.double(place + 2) ?? 0)
        return try arrayResult { () throws(ArrayError) in
            try tensor.reduced(reduction, axes: axes, keepsDimensions: keeps, lostDegrees: degrees)
        }
    }

    private static func running(_ name: String, _ reduction: Reduction, _ summary: String, _ example: String) -> ArrayFunction {
        ArrayFunction(
            name, summary,
            [Parameter("a", .numbers, .required, "an array or list"), Parameter("axis", .int, .optional, "all elements when left out")],
            [example]
        ) { (call) throws(Failure) in
            let (tensor, axis) = (try call.tensor(0), try call.int(1))
            return try arrayResult { () throws(ArrayError) in try tensor.cumulated(reduction, axis: axis) }
        }
    }

    // MARK: of plain values, as Python has them

    private static let sum = ArrayFunction(
        "sum", "Add up the elements.", [Parameter("a", .numbers, .required, "an array, list or range")] + axisParameters,
        ["sum([1, 2, 3])  # 6", "sum([[1, 2], [3, 4]], axis: 0).tolist()  # [4, 6]"]
    ) { (call) throws(Failure) in
        if case .list(let list)? = call[0], call[1] == nil, let total = plainSum(list.items) { return total }
        return try reduce(.sum, try call.tensor(0), call, axesAt: 1)
    }

    /// Exact for whole numbers of any size; `nil` when something else than plain numbers is in the list.
    private static func plainSum(_ items: [Value]) -> Value? {
        var whole = 0
        var big: BigInteger?
        var fraction: Double?
        for item in items {
            switch item {
            case .bool(let flag): whole &+= flag ? 1 : 0
            case .int(let number):
                let (total, overflow) = whole.addingReportingOverflow(number)
                if overflow { big = (big ?? BigInteger(0)) + BigInteger(whole) + BigInteger(number) }
                whole = overflow ? 0 : total
            case .bigInt(let number): big = (big ?? BigInteger(0)) + number
            case .float(let number): fraction = (fraction ?? 0) + number
            default: return nil
            }
        }
        if let fraction { return .float(fraction + Double(whole) + (big?.toDouble ?? 0)) }
        guard let big else { return .int(whole) }
        let total = big + BigInteger(whole)
        return total.asInt.map { .int($0) } ?? .bigInt(total)
    }

    private static func extreme(_ reduction: Reduction) -> ArrayFunction {
        let word = reduction == .min ? "least" : "greatest"
        return ArrayFunction(
            reduction.rawValue, "Give the \(word) of the elements or arguments.",
            [Parameter("values", .any, .variadic, "one array or list, or the values themselves")] + axisParameters,
            [
                "\(reduction.rawValue)([2, 1, 3])  # \(reduction == .min ? 1 : 3)",
                "\(reduction.rawValue)(2, 1.5)  # \(reduction == .min ? "1.5" : "2")",
            ]
        ) { (call) throws(Failure) in
            if call.rest.count > 1 { return try extreme(reduction, of: call.rest) }
            guard let only = call.rest.first else { throw Failure("argument", "\(reduction.rawValue) needs at least one value") }
            if case .list(let list) = only, call[1] == nil, !list.items.contains(where: { $0.isNested }) {
                return try extreme(reduction, of: list.items)
            }
            guard let tensor = try Tensor(only) else {
                throw Failure("type", "\(reduction.rawValue) takes numbers, lists and arrays, not a value of type \(typeName(of: only))")
            }
            return try reduce(reduction, tensor, call, axesAt: 1)
        }
    }

    private static func extreme(_ reduction: Reduction, of items: [Value]) throws(Failure) -> Value {
        guard var best = items.first else { throw Failure("value", "\(reduction.rawValue) of an empty list is not defined") }
        let wanted: Value.Order = reduction == .min ? .less : .greater
        for item in items.dropFirst() where try Value.order(item, best) == wanted { best = item }
        return best
    }
}

extension Value {
    /// Whether it holds other values that an array is made of.
    fileprivate var isNested: Bool {
        switch self {
        case .list, .object, .range: true
        default: false
        }
    }
}
