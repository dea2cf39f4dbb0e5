import CrateLanguage
import CrateValues

private let shapeParameter = Parameter("shape", .sizes, .required, "sizes by dimension, or one size").atLeast(0)
private let typeParameter = Parameter("dtype", .string, .optional, "element type, such as \"float32\"")

extension ArrayFunction {
    /// New arrays.
    static let construction: [ArrayFunction] = [array, zeros, ones, full, arange, linspace, eye]

    private static let array = ArrayFunction(
        "array", "Make an array of nested lists.", [Parameter("values", .numbers, .required, "numbers in lists"), typeParameter],
        ["array([[1, 2], [3, 4]]).shape  # [2, 2]", "array([1, 2.5]).dtype  # float64"]
    ) { (call) throws(Failure) in
        let tensor = try call.tensor(0)
        guard let dtype = try call.dtype(1) else { return .object(ArrayObject(tensor)) }
        return .object(ArrayObject(try cast(tensor, to: dtype, isChecked: !(call[0].isArray))))
    }

    private static let zeros = ArrayFunction(
        "zeros", "Make an array of zeros.", [shapeParameter, typeParameter], ["zeros([2, 3], dtype: \"int8\").size  # 6"]
    ) { (call) throws(Failure) in
        let (shape, dtype) = (try call.shape(0), try call.dtype(1) ?? .float64)
        return .object(ArrayObject(try failing { () throws(ArrayError) in try Tensor.zeros(shape, dtype: dtype) }))
    }

    private static let ones = ArrayFunction(
        "ones", "Make an array of ones.", [shapeParameter, typeParameter], ["sum(ones([2, 3]))  # 6.0"]
    ) { (call) throws(Failure) in
        let (shape, dtype) = (try call.shape(0), try call.dtype(1) ?? .float64)
        return .object(ArrayObject(try failing { () throws(ArrayError) in try Tensor.ones(shape, dtype: dtype) }))
    }

    private static let full = ArrayFunction(
        "full", "Make an array of one value.", [shapeParameter, Parameter("value", .numbers, .required, "of every element"), typeParameter],
        ["full([2], 7).tolist()  # [7, 7]"]
    ) { (call) throws(Failure) in
        let (shape, value, dtype) = (try call.shape(0), try call.tensor(1), try call.dtype(2))
        return .object(
            ArrayObject(
                try failing { () throws(ArrayError) in
                    var result = try Tensor.zeros(shape, dtype: dtype ?? value.dtype)
                    try result.assign(value) { $0 }
                    return result
                }))
    }

    private static let arange = ArrayFunction(
        "arange", "Make an array of evenly spaced numbers, without the end.",
        [
            Parameter("start", .number, .required, "first number; the end when it is the only one"),
            Parameter("stop", .number, .optional, "end, left out"),
            Parameter("step", .number, .optional, "distance, 1 by default"), typeParameter,
        ], ["arange(4).tolist()  # [0, 1, 2, 3]", "arange(1, 2, 0.5).tolist()  # [1.0, 1.5]"]
    ) { (call) throws(Failure) in
        let dtype = try call.dtype(3)
        let isWhole = [call[0], call[1], call[2]].allSatisfy { if case .float? = $0 { false } else { true } }
        let tensor: Tensor
        if isWhole {
            let (first, second, step) = (try call.int(0) ?? 0, try call.int(1), try call.int(2) ?? 1)
            tensor = try failing { () throws(ArrayError) in
                try Tensor.arange(second == nil ? 0 : first, second ?? first, step: step, dtype: dtype ?? .int64)
            }
        } else {
            let (first, second, step) = (try call.double(0) ?? 0, try call.double(1), try call.double(2) ?? 1)
            tensor = try failing { () throws(ArrayError) in
                try Tensor.arange(second == nil ? 0 : first, second ?? first, step: step, dtype: dtype ?? .float64)
            }
        }
        return .object(ArrayObject(tensor))
    }

    private static let linspace = ArrayFunction(
        "linspace", "Make an array of evenly spaced numbers, with the end.",
        [
            Parameter("start", .number, .required, "first number"), Parameter("stop", .number, .required, "last number"),
            Parameter("num", .int, .optional, "how many, 50 by default"),
            Parameter("endpoint", .bool, .optional, named: true, "false leaves the end out"),
            Parameter("dtype", .string, .optional, named: true, "element type, such as \"float32\""),
        ], ["linspace(0, 1, 5).tolist()  # [0.0, 0.25, 0.5, 0.75, 1.0]", "linspace(0, 1, 2, endpoint: false).tolist()  # [0.0, 0.5]"]
    ) { (call) throws(Failure) in
        let (start, stop, count) = (try call.double(0) ?? 0, try call.double(1) ?? 0, try call.int(2) ?? 50)
        let (includesEnd, dtype) = (try call.flag(3) ?? true, try call.dtype(4) ?? .float64)
        return .object(
            ArrayObject(
                try failing { () throws(ArrayError) in
                    try Tensor.linspace(start, stop, count: count, includesEnd: includesEnd, dtype: dtype)
                }))
    }

    private static let eye = ArrayFunction(
        "eye", "Make a matrix with ones on a diagonal.",
        [
            Parameter("rows", .int, .required, "number of rows"),
            Parameter("columns", .int, .optional, "number of columns, as many by default"),
            Parameter("k", .int, .optional, "which diagonal: 0 is the main one"), typeParameter,
        ], ["eye(2).tolist()  # [[1.0, 0.0], [0.0, 1.0]]"]
    ) { (call) throws(Failure) in
        let (rows, columns, offset, dtype) = (try call.int(0) ?? 0, try call.int(1), try call.int(2) ?? 0, try call.dtype(3) ?? .float64)
        return .object(ArrayObject(try failing { () throws(ArrayError) in try Tensor.eye(rows, columns, offset: offset, dtype: dtype) }))
    }
}

/// A cast; for numbers that were written by hand, whole ones must fit.
func cast(_ tensor: Tensor, to dtype: DType, isChecked: Bool) throws(Failure) -> Tensor {
    try failing { () throws(ArrayError) in
        if isChecked, dtype.isInteger, tensor.dtype.isInteger, tensor.count > 0 {
            for reduction in [Reduction.min, .max] {
                guard let extreme = try tensor.reduced(reduction).onlyElement, !dtype.holds(extreme) else { continue }
                throw ArrayError(.overflow, "\(extreme.text) doesn't fit \(dtype.rawValue)")
            }
        }
        return try tensor.converted(to: dtype)
    }
}

extension Value? {
    /// Whether it is an array already, not a list or number.
    var isArray: Bool { if case .object? = self { true } else { false } }
}
