extension Tensor {
    /// Running totals along `axis`, or of all elements in C order. Types as for sums.
    public func cumulated(_ reduction: Reduction = .sum, axis: Int? = nil) throws(ArrayError) -> Tensor {
        guard let axis else { return try flattened().cumulated(reduction, axis: 0) }
        let place = try normalized(axis: axis)
        if dtype.isComplex {
            guard reduction == .sum else { throw ArrayError(.type, "cumprod is not defined for arrays of \(dtype.rawValue)") }
            return try Tensor.complex(real.cumulated(axis: axis), imaginary.cumulated(axis: axis))
        }
        let wide: DType =
            dtype == .bool || dtype.isSignedInteger ? .int64 : dtype.isUnsignedInteger ? .uint64 : dtype == .float64 ? .float64 : .float32
        let source = try converted(to: wide)
        let isSum = reduction == .sum
        switch wide {
        case .int64, .uint64: return try source.accumulate(place, Int64.self) { isSum ? $0 &+ $1 : $0 &* $1 }
        case .float64: return try source.accumulate(place, Double.self) { isSum ? $0 + $1 : $0 * $1 }
        default: return try source.accumulate(place, Float.self) { isSum ? $0 + $1 : $0 * $1 }.converted(to: dtype)
        }
    }

    @inline(__always)
    private func accumulate<T: BitwiseCopyable>(_ axis: Int, _ type: T.Type, _ operation: (T, T) -> T) throws(ArrayError) -> Tensor {
        let source = try contiguous()
        let inner = shape[(axis + 1)...].product
        let length = shape[axis]
        return try Tensor.make(dtype, shape, as: T.self) { (out, count) throws(ArrayError) in
            source.withElements(of: T.self) { elements in
                let from = elements + source.offset
                for index in 0..<count {
                    let isFirst = index / inner % length == 0
                    out[index] = isFirst ? from[index] : operation(out[index - inner], from[index])
                }
            }
        }
    }
}
