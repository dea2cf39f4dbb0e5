/// Order: sorting, ranks and distinct elements. NaN comes last.
extension Tensor {
    /// In rising order along `axis` (the last one by default), or of all elements when `axis` is `nil`.
    public func sorted(axis: Int? = -1, descending: Bool = false) throws(ArrayError) -> Tensor {
        let result = try alongLines(axis, dtype) { (lines, _) throws(ArrayError) in try lines.sortedLines() }
        return descending ? try result.flipped(axis: axis ?? 0) : result
    }

    /// The positions that would sort; equal elements keep their order.
    public func argsorted(axis: Int? = -1, descending: Bool = false) throws(ArrayError) -> Tensor {
        try alongLines(axis, .int64) { (lines, length) throws(ArrayError) in try lines.ranksOfLines(length, descending: descending) }
    }

    /// Brings `axis` last, works on a contiguous array, and puts the axis back.
    private func alongLines(
        _ axis: Int?, _ target: DType, _ work: (Tensor, Int) throws(ArrayError) -> Tensor
    ) throws(ArrayError) -> Tensor {
        guard let axis, rank > 0 else { return try work(try flattened().contiguous(), count) }
        let place = try normalized(axis: axis)
        var order = Array(shape.indices)
        order.append(order.remove(at: place))
        let lines = try transposed(order).contiguous()
        var back = Array(shape.indices.dropLast())
        back.insert(rank - 1, at: place)
        return try work(lines, shape[place]).transposed(back).contiguous()
    }

    /// Sorts runs of the last dimension's length.
    private func sortedLines() throws(ArrayError) -> Tensor {
        switch dtype {
        case .bool: return try converted(to: .uint8).sortedLines().converted(to: .bool)
        case .int8: return try sortLines(Int8.self)
        case .int16: return try sortLines(Int16.self)
        case .int32: return try sortLines(Int32.self)
        case .int64: return try sortLines(Int64.self)
        case .uint8: return try sortLines(UInt8.self)
        case .uint16: return try sortLines(UInt16.self)
        case .uint32: return try sortLines(UInt32.self)
        case .uint64: return try sortLines(UInt64.self)
        case .float32: return try sortLines(Float.self)
        case .float64: return try sortLines(Double.self)
        case .complex64, .complex128: throw ArrayError(.type, "arrays of \(dtype.rawValue) have no order")
        default: return try converted(to: .float32).sortedLines().converted(to: dtype)
        }
    }

    private func sortLines<T: RealElement>(_ type: T.Type) throws(ArrayError) -> Tensor {
        let length = shape.last ?? 1
        return try Tensor.make(shape, of: T.self) { (out, count) throws(ArrayError) in
            withElements(of: T.self) { out.initialize(from: $0 + offset, count: count) }
            guard length > 1 else { return }
            for start in stride(from: 0, to: count, by: length) {
                try ArrayWork.requireGoingOn()
                var line = UnsafeMutableBufferPointer(start: out + start, count: length)
                // NaN goes to the end first, so that the comparison is a plain one.
                let numbers = line.partition { $0.isNotANumber }
                line[..<numbers].sort()
            }
        }
    }

    private func ranksOfLines(_ length: Int, descending: Bool) throws(ArrayError) -> Tensor {
        switch dtype {
        case .int64: return try rankLines(length, descending, Int64.self)
        case .uint64: return try rankLines(length, descending, UInt64.self)
        case .float64: return try rankLines(length, descending, Double.self)
        case .complex64, .complex128: throw ArrayError(.type, "arrays of \(dtype.rawValue) have no order")
        default: return try converted(to: dtype.isFloat ? .float64 : .int64).ranksOfLines(length, descending: descending)
        }
    }

    private func rankLines<T: RealElement>(_ length: Int, _ descending: Bool, _ type: T.Type) throws(ArrayError) -> Tensor {
        try Tensor.make(shape, of: Int64.self) { (out, count) throws(ArrayError) in
            guard length > 0 else { return }
            withElements(of: T.self) { elements in
                for start in stride(from: 0, to: count, by: length) {
                    let values = elements + offset + start
                    let line = UnsafeMutableBufferPointer(start: out + start, count: length)
                    for index in 0..<length { line.initializeElement(at: index, to: Int64(index)) }
                    var ranks = line
                    ranks.sort { i, j in
                        let (x, y) = (values[Int(i)], values[Int(j)])
                        if x.isNotANumber || y.isNotANumber { return x.isNotANumber == y.isNotANumber ? i < j : y.isNotANumber }
                        return x == y ? i < j : (x < y) != descending
                    }
                }
            }
        }
    }

    /// The distinct elements in rising order, and how often each occurs.
    public func distinct() throws(ArrayError) -> (values: Tensor, counts: Tensor) {
        let sorted = try flattened().sorted()
        guard sorted.count > 0 else { return (sorted, try Tensor.from([Int]())) }
        let before = try sorted.sliced(stop: -1)
        let after = try sorted.sliced(start: 1)
        // Neighbours that differ begin a new value; NaNs are one value.
        let isDifferent = try after.combined(.notEqual, with: before)
            .combined(.logicalAnd, with: before.combined(.equal, with: before))
        let starts = [0] + (try isDifferent.flatTrueIndices()).map { $0 + 1 }
        let ends = starts.dropFirst() + [sorted.count]
        return (try sorted.taken(try Tensor.from(starts)), try Tensor.from(zip(starts, ends).map { $1 - $0 }))
    }
}
