import Glibc

/// Rounding, clipping and choosing between elements.
extension Tensor {
    /// Rounded to `decimals` places, half to even; negative places round tens and hundreds. Keeps the type.
    public func rounded(decimals: Int = 0) throws(ArrayError) -> Tensor {
        if dtype.isComplex { throw ArrayError(.type, "round is not defined for arrays of \(dtype.rawValue)") }
        if !dtype.isFloat && decimals >= 0 { return self }
        if decimals == 0 { return try elementwise(.rint) }
        let scale = Scalar.float(pow(10, Double(abs(min(max(decimals, -400), 400)))))
        let values = dtype.isFloat ? self : try converted(to: .float64)
        let moved = try values.combined(decimals > 0 ? .multiply : .divide, with: scale).elementwise(.rint)
        return try moved.combined(decimals > 0 ? .divide : .multiply, with: scale).converted(to: dtype)
    }

    /// No element below `low` or above `high`.
    public func clipped(_ low: Operand?, _ high: Operand?) throws(ArrayError) -> Tensor {
        var result = self
        if let low { result = try Tensor.combine(.maximum, .array(result), low) }
        if let high { result = try Tensor.combine(.minimum, .array(result), high) }
        return result
    }

    /// Elements of `a` where `condition` is true, of `b` elsewhere; all broadcast.
    public static func select(_ condition: Tensor, _ a: Operand, _ b: Operand) throws(ArrayError) -> Tensor {
        let dtype: DType
        switch (a, b) {
        case (.array(let x), .array(let y)): dtype = .promoted(x.dtype, y.dtype)
        case (.array(let x), .scalar(let y)): dtype = x.dtype.promoted(with: y)
        case (.scalar(let x), .array(let y)): dtype = y.dtype.promoted(with: x)
        case (.scalar(let x), .scalar(let y)): dtype = .promoted(x.naturalDType, y.naturalDType)
        }
        let shape = try broadcastShape(condition.shape, try broadcastShape(a.shape, b.shape))
        let (x, y) = (try a.converted(to: dtype).broadcast(to: shape), try b.converted(to: dtype).broadcast(to: shape))
        let mask = try condition.converted(to: .bool).broadcast(to: shape)
        switch dtype.size {
        case 1: return try choose(mask, x, y, UInt8.self)
        case 2: return try choose(mask, x, y, UInt16.self)
        case 4: return try choose(mask, x, y, UInt32.self)
        case 8: return try choose(mask, x, y, UInt64.self)
        default: return try choose(mask, x, y, Complex<Double>.self)
        }
    }

    private static func choose<Unit: BitwiseCopyable>(_ mask: Tensor, _ a: Tensor, _ b: Tensor, _ unit: Unit.Type) throws(ArrayError)
        -> Tensor
    {
        let runs = StridedLoop(mask.layout, a.layout, b.layout)
        return try make(a.dtype, mask.shape, as: Unit.self) { (out, _) throws(ArrayError) in
            mask.withElements(of: UInt8.self) { bits in
                a.withElements(of: Unit.self) { x in
                    b.withElements(of: Unit.self) { y in
                        var next = out
                        runs.forEachRun { m, i, j in
                            for index in 0..<runs.runLength {
                                next[index] =
                                    bits[m &+ index &* runs.step.0] != 0 ? x[i &+ index &* runs.step.1] : y[j &+ index &* runs.step.2]
                            }
                            next += runs.runLength
                        }
                    }
                }
            }
        }
    }
}
