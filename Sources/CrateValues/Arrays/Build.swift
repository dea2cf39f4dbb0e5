/// New arrays.
extension Tensor {
    /// All elements zero.
    public static func zeros(_ shape: [Int], dtype: DType = .float64) throws(ArrayError) -> Tensor {
        try make(dtype, shape, as: UInt8.self) { (out, count) throws(ArrayError) in
            out.initialize(repeating: 0, count: count * dtype.size)
        }
    }

    /// All elements `value`, cast to `dtype`, or of its natural type.
    public static func full(_ shape: [Int], _ value: Scalar, dtype: DType? = nil) throws(ArrayError) -> Tensor {
        let dtype = dtype ?? value.naturalDType
        _ = try checkedCount(dtype, shape)
        return try Tensor(value, dtype: dtype).broadcast(to: shape).copied()
    }

    public static func ones(_ shape: [Int], dtype: DType = .float64) throws(ArrayError) -> Tensor {
        try full(shape, .int(1), dtype: dtype)
    }

    /// Ones on the diagonal `offset` places above the main one, zeros elsewhere.
    public static func eye(_ rows: Int, _ columns: Int? = nil, offset: Int = 0, dtype: DType = .float64) throws(ArrayError) -> Tensor {
        let columns = columns ?? rows
        var result = try zeros([rows, columns], dtype: dtype)
        let row = offset < 0 ? (offset == .min ? rows : -offset) : 0
        let column = max(offset, 0)
        guard row < rows, column < columns else { return result }
        let diagonal = Layout(shape: [min(rows - row, columns - column)], strides: [columns + 1], offset: row * columns + column)
        try result.assign(Tensor(.int(1), dtype: dtype), at: diagonal)
        return result
    }

    /// One dimension, from Swift's numbers.
    public static func from(_ values: [Double]) throws(ArrayError) -> Tensor { try from(elements: values) }
    public static func from(_ values: [Float]) throws(ArrayError) -> Tensor { try from(elements: values) }
    public static func from(_ values: [Int]) throws(ArrayError) -> Tensor { try from(elements: values.map { Int64($0) }) }
    public static func from(_ values: [UInt8]) throws(ArrayError) -> Tensor { try from(elements: values) }
    public static func from(_ values: [Bool]) throws(ArrayError) -> Tensor { try from(elements: values) }

    static func from<T: Element>(elements: [T]) throws(ArrayError) -> Tensor {
        try make([elements.count], of: T.self) { (out, count) throws(ArrayError) in
            elements.withUnsafeBufferPointer { if let start = $0.baseAddress { out.initialize(from: start, count: count) } }
        }
    }

    /// All elements as doubles in C order.
    public func doubles() throws(ArrayError) -> [Double] { try elements(as: Double.self) }

    /// All elements as whole numbers in C order, cut and wrapped as by a cast.
    public func integers() throws(ArrayError) -> [Int] { try elements(as: Int64.self).map { Int($0) } }

    func elements<T: Element>(as type: T.Type) throws(ArrayError) -> [T] {
        let source = try converted(to: T.dtype).contiguous()
        return source.withElements(of: T.self) { [T](UnsafeBufferPointer(start: $0 + source.offset, count: source.count)) }
    }

    /// `count` numbers from `start` to `stop`, evenly spaced; the last one is `stop` itself unless `includesEnd` is false.
    public static func linspace(_ start: Double, _ stop: Double, count: Int = 50, includesEnd: Bool = true, dtype: DType = .float64)
        throws(ArrayError) -> Tensor
    {
        guard count >= 0 else { throw ArrayError(.value, "the number of samples can't be negative: \(count)") }
        let gaps = Double(includesEnd ? count - 1 : count)
        let step = (stop - start) / gaps
        let result = try make([count], of: Double.self) { (out, count) throws(ArrayError) in
            // As numpy does it: a step that underflows to zero is spread by division instead.
            if step == 0 {
                for index in 0..<count { out[index] = Double(index) / gaps * (stop - start) + start }
            } else {
                for index in 0..<count { out[index] = Double(index) * step + start }
            }
            if count == 1 { out[0] = start }
            if includesEnd && count > 1 { out[count - 1] = stop }
        }
        if dtype.isInteger { return try result.elementwise(.floor).converted(to: dtype) }
        return try result.converted(to: dtype)
    }

    /// Whole numbers from `start` up to but without `stop`.
    public static func arange(_ start: Int, _ stop: Int, step: Int = 1, dtype: DType = .int64) throws(ArrayError) -> Tensor {
        guard step != 0 else { throw ArrayError(.value, "the step of arange can't be zero") }
        let (span, overflow) = step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        let isEmpty = step > 0 ? stop <= start : start <= stop
        guard !overflow || isEmpty else { throw ArrayError(.limit, "arange from \(start) to \(stop) has too many elements") }
        let count = isEmpty ? 0 : (span - 1) / Int(clamping: step.magnitude) + 1
        return try make([count], of: Int64.self) { (out, count) throws(ArrayError) in
            for index in 0..<count { out[index] = Int64(start &+ index &* step) }
        }.converted(to: dtype)
    }

    /// Numbers from `start` in steps of `step` below `stop`.
    public static func arange(_ start: Double, _ stop: Double, step: Double = 1, dtype: DType = .float64) throws(ArrayError) -> Tensor {
        guard step != 0, step.isFinite, start.isFinite, stop.isFinite else {
            throw ArrayError(.value, "arange needs finite bounds and a step that is not zero")
        }
        let exact = ((stop - start) / step).rounded(.up)
        guard exact <= Double(maximumByteCount) else { throw ArrayError(.limit, "arange from \(start) to \(stop) has too many elements") }
        return try make([max(Int(exact), 0)], of: Double.self) { (out, count) throws(ArrayError) in
            // As numpy does it: the step that is seen between the first two numbers.
            let delta = (start + step) - start
            for index in 0..<count { out[index] = start + Double(index) * delta }
        }.converted(to: dtype)
    }
}
