/// The inner loops of reductions. The array is contiguous with shape (outer, line, inner); the result has outer x inner elements.
extension Tensor {
    /// Calls `line` with the start of each line, when its elements are neighbours; otherwise adds whole rows up with `row`,
    /// which keeps to the order of memory.
    @inline(__always)
    private func reduce<T: BitwiseCopyable, Total: BitwiseCopyable>(
        _ type: T.Type, to dtype: DType, _ start: Total, line: (UnsafePointer<T>, Int) -> Total,
        row: (UnsafeMutablePointer<Total>, UnsafePointer<T>, Int) -> Void
    ) throws(ArrayError) -> Tensor {
        let (outer, length, inner) = (shape[0], shape[1], shape[2])
        return try Tensor.make(dtype, [outer * inner], as: Total.self) { (out, count) throws(ArrayError) in
            withElements(of: T.self) { elements in
                let base = elements + offset
                if inner == 1 {
                    for index in 0..<outer { out[index] = line(base + index * length, length) }
                    return
                }
                out.initialize(repeating: start, count: count)
                for index in 0..<outer {
                    for step in 0..<length { row(out + index * inner, base + (index * length + step) * inner, inner) }
                }
            }
        }
    }

    func totalWhole<T: RealElement & FixedWidthInteger>(_ reduction: Reduction, _ type: T.Type, _ target: DType) throws(ArrayError)
        -> Tensor
    {
        if reduction == .product {
            return try reduce(T.self, to: target, Int64(1)) { start, count in
                var total: Int64 = 1
                for index in 0..<count { total = total &* Int64(truncatingIfNeeded: start[index]) }
                return total
            } row: { totals, values, count in
                for index in 0..<count { totals[index] = totals[index] &* Int64(truncatingIfNeeded: values[index]) }
            }
        }
        return try reduce(T.self, to: target, Int64(0)) { start, count in
            var total: Int64 = 0
            for index in 0..<count { total = total &+ Int64(truncatingIfNeeded: start[index]) }
            return total
        } row: { totals, values, count in
            for index in 0..<count { totals[index] = totals[index] &+ Int64(truncatingIfNeeded: values[index]) }
        }
    }

    func totalFloat<T: RealElement & BinaryFloatingPoint & SIMDScalar>(_ reduction: Reduction, _ type: T.Type) throws(ArrayError) -> Tensor
    {
        if reduction == .product {
            return try reduce(T.self, to: dtype, T(1)) { start, count in
                var total: T = 1
                for index in 0..<count { total *= start[index] }
                return total
            } row: { totals, values, count in
                for index in 0..<count { totals[index] *= values[index] }
            }
        }
        return try reduce(T.self, to: dtype, T(0)) { start, count in
            pairwiseSum(start, count)
        } row: { totals, values, count in
            for index in 0..<count { totals[index] += values[index] }
        }
    }

    // MARK: extremes

    func extremes(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        let isLeast = reduction == .min || reduction == .argmin
        switch dtype {
        case .int8: return try extremes(isLeast, Int8.self)
        case .int16: return try extremes(isLeast, Int16.self)
        case .int32: return try extremes(isLeast, Int32.self)
        case .int64: return try extremes(isLeast, Int64.self)
        case .uint8: return try extremes(isLeast, UInt8.self)
        case .uint16: return try extremes(isLeast, UInt16.self)
        case .uint32: return try extremes(isLeast, UInt32.self)
        case .uint64: return try extremes(isLeast, UInt64.self)
        case .float32: return try extremes(isLeast, Float.self)
        default: return try extremes(isLeast, Double.self)
        }
    }

    private func extremes<T: RealElement>(_ isLeast: Bool, _ type: T.Type) throws(ArrayError) -> Tensor {
        isLeast
            ? try extremes(T.self) { x, best in
                let kept = x < best ? x : best
                return x.isNotANumber ? x : kept
            }
            : try extremes(T.self) { x, best in
                let kept = x > best ? x : best
                return x.isNotANumber ? x : kept
            }
    }

    /// `better` keeps a best that is not a number, as no comparison with it is true.
    @inline(__always)
    private func extremes<T: RealElement>(_ type: T.Type, _ better: (T, T) -> T) throws(ArrayError) -> Tensor {
        let (outer, length, inner) = (shape[0], shape[1], shape[2])
        return try Tensor.make([outer * inner], of: T.self) { (out, count) throws(ArrayError) in
            withElements(of: T.self) { elements in
                for index in 0..<outer {
                    let first = elements + offset + index * length * inner
                    if inner == 1 {
                        out[index] = best(first, length, better)
                        continue
                    }
                    let totals = out + index * inner
                    totals.initialize(from: first, count: inner)
                    for step in 1..<max(length, 1) {
                        let values = first + step * inner
                        for place in 0..<inner { totals[place] = better(values[place], totals[place]) }
                    }
                }
            }
        }
    }

    /// Eight candidates side by side, so that the loop does not wait for each comparison.
    @inline(__always)
    private func best<T: RealElement>(_ start: UnsafePointer<T>, _ count: Int, _ better: (T, T) -> T) -> T {
        var result = start[0]
        var index = 0
        if count >= 16 {
            var (a, b, c, d) = (start[0], start[1], start[2], start[3])
            var (e, f, g, h) = (start[4], start[5], start[6], start[7])
            index = 8
            while index + 8 <= count {
                let next = start + index
                a = better(next[0], a)
                b = better(next[1], b)
                c = better(next[2], c)
                d = better(next[3], d)
                e = better(next[4], e)
                f = better(next[5], f)
                g = better(next[6], g)
                h = better(next[7], h)
                index += 8
            }
            result = better(better(better(h, g), better(f, e)), better(better(d, c), better(b, a)))
        }
        while index < count {
            result = better(start[index], result)
            index += 1
        }
        return result
    }

    /// Where the extremes stand first; a NaN is the extreme when there is one.
    func positionsOfExtremes(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        let values = try extremes(reduction).reshaped([shape[0], 1, shape[2]])
        // The extreme itself, or NaN: which is the only number that differs from itself.
        let hits = try combined(.equal, with: values).combined(.logicalOr, with: combined(.notEqual, with: self))
        let (outer, length, inner) = (shape[0], shape[1], shape[2])
        return try Tensor.make([outer * inner], of: Int64.self) { (out, _) throws(ArrayError) in
            hits.withElements(of: UInt8.self) { bits in
                for index in 0..<outer {
                    for place in 0..<inner {
                        let start = bits + index * length * inner + place
                        out[index * inner + place] = Int64((0..<length).first { start[$0 * inner] != 0 } ?? 0)
                    }
                }
            }
        }
    }

    /// `any` and `all` of booleans, one byte each.
    func reduceBytes(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        let isAny = reduction == .any
        return try reduce(UInt8.self, to: .bool, UInt8(isAny ? 0 : 1)) { start, count in
            let values = UnsafeBufferPointer(start: start, count: count)
            return (isAny ? values.contains { $0 != 0 } : !values.contains { $0 == 0 }) ? 1 : 0
        } row: { totals, values, count in
            if isAny {
                for index in 0..<count where values[index] != 0 { totals[index] = 1 }
            } else {
                for index in 0..<count where values[index] == 0 { totals[index] = 0 }
            }
        }
    }
}

/// The sum by halves, in numpy's order (blocks of 128 in eight strands), so that rounding errors grow with the logarithm of
/// the count and sums agree with numpy's to the last bit.
func pairwiseSum<T: RealElement & BinaryFloatingPoint & SIMDScalar>(_ start: UnsafePointer<T>, _ count: Int) -> T {
    if count < 8 {
        var total: T = -0.0
        for index in 0..<count { total += start[index] }
        return total
    }
    if count > 128 {
        let half = count / 2 - count / 2 % 8
        return pairwiseSum(start, half) + pairwiseSum(start + half, count - half)
    }
    let bytes = UnsafeRawPointer(start)
    var strands = bytes.loadUnaligned(as: SIMD8<T>.self)
    var index = 8
    while index + 8 <= count {
        strands += bytes.loadUnaligned(fromByteOffset: index &* MemoryLayout<T>.size, as: SIMD8<T>.self)
        index += 8
    }
    var total = ((strands[0] + strands[1]) + (strands[2] + strands[3])) + ((strands[4] + strands[5]) + (strands[6] + strands[7]))
    while index < count {
        total += start[index]
        index += 1
    }
    return total
}
