/// Views: other ways to see the same elements, none of which copies.
extension Tensor {
    /// The same bytes seen through `layout`, which stays inside them.
    func view(_ layout: Layout) -> Tensor { Tensor(dtype: dtype, layout: layout, bytes: bytes) }

    /// `axis` counted from the front; `nil`-free: a wrong one is an error that names the rank.
    public func normalized(axis: Int) throws(ArrayError) -> Int {
        guard axis >= -rank, axis < rank else {
            throw ArrayError(.index, "axis \(axis) is out of bounds for an array of \(rank) dimensions")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// The part at `position` of dimension `axis`, which goes.
    public func at(_ position: Int, axis: Int = 0) throws(ArrayError) -> Tensor {
        guard rank > 0 else { throw ArrayError(.index, "an array without dimensions can't be indexed") }
        return view(try layout.at(position, axis: try normalized(axis: axis)))
    }

    /// Python's `start:stop:step` along `axis`.
    public func sliced(axis: Int = 0, start: Int? = nil, stop: Int? = nil, step: Int? = nil) throws(ArrayError) -> Tensor {
        view(try layout.sliced(axis: try normalized(axis: axis), start: start, stop: stop, step: step))
    }

    /// Dimensions in the order of `axes`; reversed when left out.
    public func transposed(_ axes: [Int]? = nil) throws(ArrayError) -> Tensor {
        guard let axes else { return view(layout.permuted(Array((0..<rank).reversed()))) }
        var order: [Int] = []
        for axis in axes { order.append(try normalized(axis: axis)) }
        guard order.count == rank, Set(order).count == rank else {
            throw ArrayError(.value, "axes \(axes) don't name each of \(rank) dimensions once")
        }
        return view(layout.permuted(order))
    }

    public func broadcast(to shape: [Int]) throws(ArrayError) -> Tensor {
        if self.shape == shape { return self }
        let seen = try layout.broadcast(to: shape)
        // Memory, which limits other views once they are copied, never limits rows of nothing.
        if seen.shape.contains(0) { _ = try Tensor.checkedCount(dtype, shape) }
        return view(seen)
    }

    /// Other sizes, C order; one of them may be -1 and is worked out. A copy only when the elements don't stand so.
    public func reshaped(_ target: [Int]) throws(ArrayError) -> Tensor {
        let sizes = try resolved(target)
        if let seen = layout.reshaped(sizes) { return view(seen) }
        return try copied().reshaped(sizes)
    }

    private func resolved(_ target: [Int]) throws(ArrayError) -> [Int] {
        var sizes = target
        if let free = sizes.firstIndex(of: -1) {
            sizes[free] = 1
            if let known = Tensor.elementCount(sizes), known > 0, count % known == 0 {
                sizes[free] = count / known
            } else {
                sizes[free] = -1
            }
        }
        // Only the sizes of an empty array can grow by being rearranged.
        if sizes.contains(0), sizes != shape, sizes.allSatisfy({ $0 >= 0 }) { _ = try Tensor.checkedCount(dtype, sizes) }
        guard Tensor.elementCount(sizes) == count else {
            throw ArrayError(.shape, "an array of \(count) elements (shape \(shape)) can't be reshaped to \(target)")
        }
        return sizes
    }

    /// One dimension.
    public func flattened() throws(ArrayError) -> Tensor { try reshaped([count]) }

    /// Without dimensions of size 1: all of them, or `axis`.
    public func squeezed(axis: Int? = nil) throws(ArrayError) -> Tensor {
        var result = layout
        if let axis {
            let place = try normalized(axis: axis)
            guard shape[place] == 1 else {
                throw ArrayError(.shape, "axis \(axis) has size \(shape[place]); only a dimension of size 1 can be squeezed out")
            }
            result = try layout.at(0, axis: place)
        } else {
            let kept = shape.indices.filter { shape[$0] != 1 }
            result = layout.permuted(kept)
        }
        return view(result)
    }

    /// With a new dimension of size 1 before `axis`.
    public func expanded(axis: Int) throws(ArrayError) -> Tensor {
        guard axis >= -rank - 1, axis <= rank else {
            throw ArrayError(.index, "axis \(axis) is out of bounds for an array of \(rank + 1) dimensions")
        }
        var result = layout
        let place = axis < 0 ? axis + rank + 1 : axis
        result.shape.insert(1, at: place)
        result.strides.insert(0, at: place)
        return view(result)
    }

    /// In reverse along `axis`, or along all dimensions.
    public func flipped(axis: Int? = nil) throws(ArrayError) -> Tensor {
        if let axis { return try sliced(axis: axis, step: -1) }
        var result = self
        for axis in shape.indices { result = try result.sliced(axis: axis, step: -1) }
        return result
    }
}
