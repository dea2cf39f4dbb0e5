import CrateLanguage
import CrateValues

private let arrayParameter = Parameter("a", .numbers, .required, "an array or list")
private func axisParameter(_ summary: String = "dimension, counted from 0 or from the end") -> Parameter {
    Parameter("axis", .int, .optional, summary)
}

extension ArrayFunction {
    /// Other shapes of the same elements, and arrays put together.
    static let shapes: [ArrayFunction] = [
        reshape, transpose, flatten, squeeze, expandDimensions, broadcast, flip, concatenate, stack, repeatElements, tile,
    ]

    private static let reshape = ArrayFunction(
        "reshape", "Give an array other sizes.", [arrayParameter, Parameter("shape", .sizes, .required, "sizes; one may be -1")],
        ["reshape(arange(6), [2, -1]).shape  # [2, 3]"]
    ) { (call) throws(Failure) in
        let (tensor, shape) = (try call.tensor(0), try call.shape(1))
        return .object(ArrayObject(try failing { () throws(ArrayError) in try tensor.reshaped(shape) }))
    }

    private static let transpose = ArrayFunction(
        "transpose", "Reorder an array's dimensions.",
        [arrayParameter, Parameter("axes", .list, .optional, "the new order; reversed when left out")],
        ["transpose([[1, 2, 3], [4, 5, 6]]).shape  # [3, 2]"]
    ) { (call) throws(Failure) in
        let (tensor, axes) = (try call.tensor(0), try call.ints(1))
        return try arrayResult { () throws(ArrayError) in try tensor.transposed(axes) }
    }

    private static let flatten = ArrayFunction(
        "flatten", "Give an array one dimension.", [arrayParameter], ["flatten([[1, 2], [3, 4]]).tolist()  # [1, 2, 3, 4]"]
    ) { (call) throws(Failure) in
        let tensor = try call.tensor(0)
        return try arrayResult { () throws(ArrayError) in try tensor.flattened() }
    }

    private static let squeeze = ArrayFunction(
        "squeeze", "Leave out dimensions of size 1.", [arrayParameter, axisParameter()], ["squeeze(zeros([1, 3, 1])).shape  # [3]"]
    ) { (call) throws(Failure) in
        let (tensor, axis) = (try call.tensor(0), try call.int(1))
        return try arrayResult { () throws(ArrayError) in try tensor.squeezed(axis: axis) }
    }

    private static let expandDimensions = ArrayFunction(
        "expand_dims", "Put in a dimension of size 1.", [arrayParameter, axisParameter("where it goes, 0 by default")],
        ["expand_dims([1, 2], 1).shape  # [2, 1]"]
    ) { (call) throws(Failure) in
        let (tensor, axis) = (try call.tensor(0), try call.int(1) ?? 0)
        return try arrayResult { () throws(ArrayError) in try tensor.expanded(axis: axis) }
    }

    private static let broadcast = ArrayFunction(
        "broadcast_to", "Repeat an array to a larger shape.", [arrayParameter, Parameter("shape", .sizes, .required, "sizes")],
        ["broadcast_to([1, 2], [3, 2]).shape  # [3, 2]"]
    ) { (call) throws(Failure) in
        let (tensor, shape) = (try call.tensor(0), try call.shape(1))
        return try arrayResult { () throws(ArrayError) in try tensor.broadcast(to: shape) }
    }

    private static let flip = ArrayFunction(
        "flip", "Reverse an array.", [arrayParameter, axisParameter("one dimension only")], ["flip([1, 2, 3]).tolist()  # [3, 2, 1]"]
    ) { (call) throws(Failure) in
        let (tensor, axis) = (try call.tensor(0), try call.int(1))
        return try arrayResult { () throws(ArrayError) in try tensor.flipped(axis: axis) }
    }

    private static let concatenate = ArrayFunction(
        "concatenate", "Put arrays one after the other.",
        [Parameter("arrays", .list, .required, "arrays or lists"), axisParameter("0 by default")],
        ["concatenate([[1, 2], [3]]).tolist()  # [1, 2, 3]"]
    ) { (call) throws(Failure) in
        let (parts, axis) = (try call.tensors(0), try call.int(1) ?? 0)
        return try arrayResult { () throws(ArrayError) in try Tensor.concatenated(parts, axis: axis) }
    }

    private static let stack = ArrayFunction(
        "stack", "Put arrays side by side along a new dimension.",
        [Parameter("arrays", .list, .required, "arrays of one shape"), axisParameter("where it goes, 0 by default")],
        ["stack([[1, 2], [3, 4]], axis: 1).tolist()  # [[1, 3], [2, 4]]"]
    ) { (call) throws(Failure) in
        let (parts, axis) = (try call.tensors(0), try call.int(1) ?? 0)
        return try arrayResult { () throws(ArrayError) in try Tensor.stacked(parts, axis: axis) }
    }

    private static let repeatElements = ArrayFunction(
        "repeat", "Repeat each element.", [arrayParameter, Parameter("count", .int, .required, "how often"), axisParameter()],
        ["repeat([1, 2], 2).tolist()  # [1, 1, 2, 2]"]
    ) { (call) throws(Failure) in
        let (tensor, count, axis) = (try call.tensor(0), try call.int(1) ?? 1, try call.int(2))
        return try arrayResult { () throws(ArrayError) in try tensor.repeated(count, axis: axis) }
    }

    private static let tile = ArrayFunction(
        "tile", "Repeat a whole array.", [arrayParameter, Parameter("counts", .sizes, .required, "how often, per dimension").atLeast(0)],
        ["tile([1, 2], 2).tolist()  # [1, 2, 1, 2]"]
    ) { (call) throws(Failure) in
        let (tensor, counts) = (try call.tensor(0), try call.shape(1))
        return try arrayResult { () throws(ArrayError) in try tensor.tiled(counts) }
    }
}
