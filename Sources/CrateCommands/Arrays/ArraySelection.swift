import CrateLanguage
import CrateValues

private let arrayParameter = Parameter("a", .numbers, .required, "an array or list")

extension ArrayFunction {
    /// Choosing, ordering and casting elements.
    static let selection: [ArrayFunction] = [whereFunction, clip, take, nonzero, argsort, astype, tolist]

    private static let whereFunction = ArrayFunction(
        "where", "Choose between two arrays element by element.",
        [
            Parameter("condition", .numbers, .required, "truth values"), Parameter("a", .numbers, .required, "where true"),
            Parameter("b", .numbers, .required, "where false"),
        ], ["where([true, false], [1, 2], 0).tolist()  # [1, 0]"]
    ) { (call) throws(Failure) in
        let (condition, a, b) = (try call.tensor(0), try call.operand(1), try call.operand(2))
        return try arrayResult { () throws(ArrayError) in try Tensor.select(condition, a, b) }
    }

    private static let clip = ArrayFunction(
        "clip", "Keep elements between two bounds.",
        [
            arrayParameter, Parameter("low", .numbers, .optional, "least value, or null"),
            Parameter("high", .numbers, .optional, "greatest value, or null"),
        ],
        ["clip([1, 5, 9], 2, 6).tolist()  # [2, 5, 6]", "clip(1.5, 0, 1)  # 1.0"]
    ) { (call) throws(Failure) in
        let (tensor, low, high) = (try call.tensor(0), try call.optionalOperand(1), try call.optionalOperand(2))
        return try arrayResult { () throws(ArrayError) in try tensor.clipped(low, high) }
    }

    private static let take = ArrayFunction(
        "take", "Choose elements by position.",
        [
            arrayParameter, Parameter("positions", .numbers, .required, "whole numbers"),
            Parameter("axis", .int, .optional, "of all elements when left out"),
        ],
        ["take([10, 20, 30], [2, 0]).tolist()  # [30, 10]"]
    ) { (call) throws(Failure) in
        let (tensor, positions, axis) = (try call.tensor(0), try call.tensor(1), try call.int(2))
        return try arrayResult { () throws(ArrayError) in
            guard let axis else { return try tensor.flattened().taken(positions) }
            return try tensor.taken(positions, axis: axis)
        }
    }

    private static let nonzero = ArrayFunction(
        "nonzero", "Give the positions of elements that are not zero, one array per dimension.", [arrayParameter],
        ["nonzero([0, 3, 4])[0].tolist()  # [1, 2]"]
    ) { (call) throws(Failure) in
        let tensor = try call.tensor(0)
        let indices = try failing { () throws(ArrayError) in try tensor.trueIndices() }
        return .list(ListObject(indices.map { .object(ArrayObject($0)) }))
    }

    private static let argsort = ArrayFunction(
        "argsort", "Give the positions that would sort.",
        [arrayParameter, Parameter("axis", .int, .optional, "the last dimension by default")],
        ["argsort([3, 1, 2]).tolist()  # [1, 2, 0]"]
    ) { (call) throws(Failure) in
        let (tensor, axis) = (try call.tensor(0), try call.int(1) ?? -1)
        return try arrayResult { () throws(ArrayError) in try tensor.argsorted(axis: axis) }
    }

    /// A method only: the function of this name takes lists, too.
    static let unique = ArrayFunction(
        "unique", "Give the distinct elements in order.",
        [arrayParameter, Parameter("counts", .bool, .optional, named: true, "true adds how often each occurs")],
        []
    ) { (call) throws(Failure) in
        let tensor = try call.tensor(0)
        let (values, counts) = try failing { () throws(ArrayError) in try tensor.distinct() }
        guard try call.flag(1) ?? false else { return .object(ArrayObject(values)) }
        return .list(ListObject([.object(ArrayObject(values)), .object(ArrayObject(counts))]))
    }

    static let astype = ArrayFunction(
        "astype", "Give the elements as another type.",
        [arrayParameter, Parameter("dtype", .string, .required, "element type, such as \"float32\"")],
        ["astype([1.9, -1.9], \"int8\").tolist()  # [1, -1]"]
    ) { (call) throws(Failure) in
        let tensor = try call.tensor(0)
        guard let dtype = try call.dtype(1) else { throw call.wrong(1, "an element type") }
        return .object(ArrayObject(try cast(tensor, to: dtype, isChecked: false)))
    }

    /// A method only: the function of this name copies files.
    static let copy = ArrayFunction("copy", "Copy an array.", [arrayParameter], []) {
        (call) throws(Failure) in
        let tensor = try call.tensor(0)
        return .object(ArrayObject(try failing { () throws(ArrayError) in try tensor.copied() }))
    }

    static let tolist = ArrayFunction(
        "tolist", "Give an array as nested lists.", [arrayParameter], ["arange(3).tolist()  # [0, 1, 2]"]
    ) { (call) throws(Failure) in try call.tensor(0).nestedLists() }

    static let matmul = product("matmul", "Multiply matrices.", "matmul([[1, 2], [3, 4]], [1, 1]).tolist()  # [3, 7]")
    static let dot = product("dot", "Multiply vectors or matrices.", "dot([1, 2], [3, 4])  # 11")

    private static func product(_ name: String, _ summary: String, _ example: String) -> ArrayFunction {
        ArrayFunction(name, summary, [arrayParameter, Parameter("b", .numbers, .required, "an array or list")], [example]) {
            (call) throws(Failure) in
            let (a, b) = (try call.tensor(0), try call.tensor(1))
            return try arrayResult { () throws(ArrayError) in try a.matrixProduct(b) }
        }
    }

    /// One function per element type. `bool` is the language's own.
    static let casts: [ArrayFunction] = DType.allCases.filter { $0 != .bool }.map { dtype in
        ArrayFunction(
            dtype.rawValue, "Give numbers as \(dtype.rawValue).", [Parameter("x", .numbers, .required, "a number, list or array")],
            ["\(dtype.rawValue)([1]).dtype  # \(dtype.rawValue)"]
        ) { (call) throws(Failure) in
            let tensor = try call.tensor(0)
            return Value(result: try cast(tensor, to: dtype, isChecked: !call[0].isArray))
        }
    }
}
