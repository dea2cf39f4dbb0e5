/// Where the elements of an array stand: sizes, steps and a start, all in elements. Views are made here, without touching bytes.
public struct Layout: Sendable, Equatable {
    public var shape: [Int]
    public var strides: [Int]
    public var offset: Int

    public init(shape: [Int], strides: [Int], offset: Int) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// The place `position` of dimension `axis`; the dimension goes. A negative position counts from the end.
    public func at(_ position: Int, axis: Int) throws(ArrayError) -> Layout {
        let size = shape[axis]
        let index = position < 0 ? position + size : position
        guard index >= 0, index < size else {
            throw ArrayError(.index, "index \(position) is out of bounds for axis \(axis) with size \(size)")
        }
        var result = self
        result.offset += index * strides[axis]
        result.shape.remove(at: axis)
        result.strides.remove(at: axis)
        return result
    }

    /// Python's `start:stop:step` along dimension `axis`: out-of-range ends are cut, a step of zero is an error.
    public func sliced(axis: Int, start: Int?, stop: Int?, step: Int?) throws(ArrayError) -> Layout {
        let step = step ?? 1
        guard step != 0, step != .min else { throw ArrayError(.value, "a slice's step can't be zero") }
        let size = shape[axis]
        let first = Layout.clamped(start, size: size, step: step, default: step > 0 ? 0 : size - 1)
        let end = Layout.clamped(stop, size: size, step: step, default: step > 0 ? size : -1)
        let span = step > 0 ? end - first : first - end
        let count = span > 0 ? (span - 1) / abs(step) + 1 : 0
        var result = self
        result.shape[axis] = count
        result.offset += count > 0 ? first * strides[axis] : 0
        // A single element needs no step, whose product could overflow.
        result.strides[axis] = count > 1 ? strides[axis] * step : strides[axis]
        return result
    }

    private static func clamped(_ value: Int?, size: Int, step: Int, default fallback: Int) -> Int {
        guard let value else { return fallback }
        let index = value < 0 ? (value < -size ? -1 : value + size) : value
        return step > 0 ? min(max(index, 0), size) : min(max(index, -1), size - 1)
    }

    /// Dimensions in the order of `axes`, a permutation.
    func permuted(_ axes: [Int]) -> Layout {
        Layout(shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] }, offset: offset)
    }

    /// Seen as `target`: sizes of 1 and missing leading dimensions are repeated without a copy.
    func broadcast(to target: [Int]) throws(ArrayError) -> Layout {
        // Whatever the element type, the elements can be counted in bytes afterwards.
        guard let extent = Tensor.extent(target), extent <= .max / DType.complex128.size else {
            throw ArrayError(.limit, "an array of shape \(target) would have too many elements, or a negative size")
        }
        let missing = target.count - shape.count
        guard missing >= 0 else { throw ArrayError.cannotBroadcast(shape, target) }
        var steps = [Int](repeating: 0, count: target.count)
        for axis in shape.indices {
            if shape[axis] == target[axis + missing] {
                steps[axis + missing] = strides[axis]
            } else if shape[axis] != 1 {
                throw ArrayError.cannotBroadcast(shape, target)
            }
        }
        return Layout(shape: target, strides: steps, offset: offset)
    }

    /// Other sizes over the same elements, when that needs no copy; the counts are equal.
    func reshaped(_ target: [Int]) -> Layout? {
        if shape.contains(0) { return Tensor.contiguousStrides(target).map { Layout(shape: target, strides: $0, offset: offset) } }
        let from = zip(shape, strides).filter { $0.0 != 1 }
        var steps = [Int](repeating: 1, count: target.count)
        var source = from.count - 1
        var axis = target.count - 1
        while axis >= 0 {
            if target[axis] == 1 {
                axis -= 1
                continue
            }
            // Collect as many old dimensions as are one stretch, and cut the new ones from it.
            guard source >= 0 else { return nil }
            var stretch = from[source].0
            var step = from[source].1
            var remaining = 1
            while axis >= 0 && (remaining < stretch || target[axis] == 1) {
                steps[axis] = step
                step *= target[axis]
                remaining *= target[axis]
                axis -= 1
                while remaining > stretch {
                    guard source > 0, from[source - 1].1 == from[source].0 * from[source].1 else { return nil }
                    source -= 1
                    stretch *= from[source].0
                }
            }
            guard remaining == stretch else { return nil }
            source -= 1
        }
        return Layout(shape: target, strides: steps, offset: offset)
    }
}

extension ArrayError {
    static func cannotBroadcast(_ a: [Int], _ b: [Int]) -> ArrayError {
        ArrayError(
            .shape, "shapes \(a) and \(b) can't be broadcast together",
            hint: "sizes must be equal, or one of them 1, counted from the last dimension")
    }
}

extension Tensor {
    /// The shape that arrays of shapes `a` and `b` have together, by numpy's rule.
    public static func broadcastShape(_ a: [Int], _ b: [Int]) throws(ArrayError) -> [Int] {
        if a == b { return a }
        let rank = max(a.count, b.count)
        var result = [Int](repeating: 1, count: rank)
        for back in 1...max(rank, 1) where back <= rank {
            let x = back <= a.count ? a[a.count - back] : 1
            let y = back <= b.count ? b[b.count - back] : 1
            guard x == y || x == 1 || y == 1 else { throw ArrayError.cannotBroadcast(a, b) }
            result[rank - back] = x == 1 ? y : x
        }
        return result
    }
}
