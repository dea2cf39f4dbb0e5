/// Arrays put together and repeated.
extension Tensor {
    /// One after the other along `axis`; of one dimension when `axis` is `nil`.
    public static func concatenated(_ parts: [Tensor], axis: Int? = 0) throws(ArrayError) -> Tensor {
        guard let first = parts.first else { throw ArrayError(.value, "there is nothing to concatenate") }
        guard let axis else {
            var flat: [Tensor] = []
            for part in parts { flat.append(try part.flattened()) }
            return try concatenated(flat, axis: 0)
        }
        guard first.rank > 0 else { throw ArrayError(.shape, "arrays without dimensions can't be concatenated", hint: "use stack") }
        let place = try first.normalized(axis: axis)
        let dtype = parts.dropFirst().reduce(first.dtype) { DType.promoted($0, $1.dtype) }
        let length = try totalLength(parts, place)
        var shape = first.shape
        shape[place] = length
        var result = try zeros(shape, dtype: dtype)
        var start = 0
        for part in parts {
            let end = start + part.shape[place]
            try result.assign(part, at: try result.layout.sliced(axis: place, start: start, stop: end, step: 1))
            start = end
        }
        return result
    }

    /// The sizes along `axis` together; all others must agree.
    private static func totalLength(_ parts: [Tensor], _ axis: Int) throws(ArrayError) -> Int {
        var length = 0
        for part in parts {
            var expected = parts[0].shape
            if part.rank == expected.count { expected[axis] = part.shape[axis] }
            guard part.shape == expected else {
                throw ArrayError(.shape, "shapes \(parts[0].shape) and \(part.shape) can't be concatenated along axis \(axis)")
            }
            let (sum, overflow) = length.addingReportingOverflow(part.shape[axis])
            guard !overflow else { throw ArrayError(.limit, "the concatenated array would be too large") }
            length = sum
        }
        return length
    }

    /// Side by side along a new dimension before `axis`. All have one shape.
    public static func stacked(_ parts: [Tensor], axis: Int = 0) throws(ArrayError) -> Tensor {
        guard let first = parts.first else { throw ArrayError(.value, "there is nothing to stack") }
        var expanded: [Tensor] = []
        for part in parts {
            guard part.shape == first.shape else {
                throw ArrayError(.shape, "arrays to stack must have one shape, not \(first.shape) and \(part.shape)")
            }
            expanded.append(try part.expanded(axis: axis))
        }
        return try concatenated(expanded, axis: axis)
    }

    /// Each element `count` times in a row, along `axis` or in one dimension.
    public func repeated(_ count: Int, axis: Int? = nil) throws(ArrayError) -> Tensor {
        guard count >= 0 else { throw ArrayError(.value, "repeats can't be negative: \(count)") }
        guard let axis else { return try flattened().repeated(count, axis: 0) }
        let place = try normalized(axis: axis)
        var target = shape
        target.insert(count, at: place + 1)
        _ = try Tensor.checkedCount(dtype, target)
        let copies = try expanded(axis: place + 1).broadcast(to: target).copied()
        target.remove(at: place + 1)
        target[place] = try Tensor.checkedSize(target[place], count)
        return try copies.reshaped(target)
    }

    /// The whole array repeated `counts` times along its dimensions, counted from the last.
    public func tiled(_ counts: [Int]) throws(ArrayError) -> Tensor {
        if let negative = counts.first(where: { $0 < 0 }) { throw ArrayError(.value, "repeats can't be negative: \(negative)") }
        let size = max(rank, counts.count)
        let sizes = [Int](repeating: 1, count: size - rank) + shape
        let times = [Int](repeating: 1, count: size - counts.count) + counts
        // (2, 3) by (4, 5): seen as (1, 2, 1, 3), broadcast to (4, 2, 5, 3), copied, and folded.
        let split = sizes.flatMap { [1, $0] }
        let target = zip(times, sizes).flatMap { [$0, $1] }
        _ = try Tensor.checkedCount(dtype, target)
        var folded: [Int] = []
        for (time, size) in zip(times, sizes) { folded.append(try Tensor.checkedSize(time, size)) }
        return try reshaped(split).broadcast(to: target).copied().reshaped(folded)
    }

    private static func checkedSize(_ a: Int, _ b: Int) throws(ArrayError) -> Int {
        let (size, overflow) = a.multipliedReportingOverflow(by: b)
        if overflow { throw ArrayError(.limit, "the repeated array would be too large") }
        return size
    }
}
