/// Elements chosen by position or by a mask.
extension Tensor {
    /// The parts at `positions` of dimension `axis`, each counted from the end when negative; the positions' shape replaces
    /// that dimension.
    public func taken(_ positions: Tensor, axis: Int = 0) throws(ArrayError) -> Tensor {
        let place = try normalized(axis: axis)
        let indices = try checked(positions, place)
        let (outer, inner) = (shape[..<place].product, shape[(place + 1)...].product)
        let source = try contiguous()
        let target = Array(shape[..<place]) + positions.shape + Array(shape[(place + 1)...])
        let run = inner * dtype.size
        return try Tensor.make(dtype, target, as: UInt8.self) { (out, _) throws(ArrayError) in
            source.withElements(of: UInt8.self) { bytes in
                let base = bytes + source.offset * dtype.size
                var next = out
                for row in 0..<outer {
                    for index in indices {
                        next.update(from: base + (row * shape[place] + index) * run, count: run)
                        next += run
                    }
                }
            }
        }
    }

    /// Positions as numbers from the front.
    private func checked(_ positions: Tensor, _ axis: Int) throws(ArrayError) -> [Int] {
        guard positions.dtype.isInteger || positions.count == 0 else {
            throw ArrayError(.type, "positions must be whole numbers, not \(positions.dtype.rawValue)")
        }
        var indices = try positions.integers()
        for index in indices.indices {
            let value = indices[index]
            guard value >= -shape[axis], value < shape[axis] else {
                throw ArrayError(.index, "index \(value) is out of bounds for axis \(axis) with size \(shape[axis])")
            }
            if value < 0 { indices[index] += shape[axis] }
        }
        return indices
    }

    /// Writes `source`, broadcast, to the parts at `positions` of the first dimension; the last of repeated ones stays.
    public mutating func put(_ source: Tensor, at positions: Tensor) throws(ArrayError) {
        guard rank > 0 else { throw ArrayError(.index, "an array without dimensions can't be indexed") }
        let indices = try checked(positions, 0)
        let rest = Array(shape.dropFirst())
        try scatter(try source.converted(to: dtype).broadcast(to: positions.shape + rest), to: indices, run: rest.product)
    }

    /// Writes `values` in C order to runs of `run` elements; the run at index i starts at element i x `run`.
    private mutating func scatter(_ values: Tensor, to indices: [Int], run: Int) throws(ArrayError) {
        let source = try values.contiguous()
        if !isContiguous { self = try copied() }
        try makeUnique()
        let (start, size) = (offset * dtype.size, run * dtype.size)
        source.withElements(of: UInt8.self) { bytes in
            var next = bytes + source.offset * dtype.size
            withMutableElements(of: UInt8.self) { target in
                for index in indices {
                    (target + start + index * size).update(from: next, count: size)
                    next += size
                }
            }
        }
    }

    /// The positions where a mask is true, one array per dimension.
    public func trueIndices() throws(ArrayError) -> [Tensor] {
        let flat = try flatTrueIndices()
        var result: [Tensor] = []
        var step = 1
        for size in shape.reversed() {
            let (current, extent) = (step, max(size, 1))
            result.insert(try Tensor.from(flat.map { $0 / current % extent }), at: 0)
            step *= extent
        }
        return result
    }

    /// The positions in C order where the array is true.
    func flatTrueIndices() throws(ArrayError) -> [Int] {
        let mask = try converted(to: .bool).contiguous()
        guard case .int(let found)? = try mask.reduced(.sum).onlyElement else { return [] }
        return mask.withElements(of: UInt8.self) { bits in
            // Every position is written and only true ones are kept: without a branch that random masks would mispredict.
            [Int](unsafeUninitializedCapacity: found + 1) { positions, count in
                for index in 0..<mask.count {
                    positions[count] = index
                    count &+= bits[mask.offset &+ index] != 0 ? 1 : 0
                }
            }
        }
    }

    /// The parts where `mask`, which covers the leading dimensions, is true.
    public func masked(_ mask: Tensor) throws(ArrayError) -> Tensor {
        try checkMask(mask)
        let rest = Array(shape.dropFirst(mask.rank))
        let positions = try Tensor.from(try mask.flatTrueIndices())
        return try contiguous().reshaped([mask.count] + rest).taken(positions)
    }

    /// Writes `source`, broadcast, to the parts where `mask` is true.
    public mutating func put(_ source: Tensor, where mask: Tensor) throws(ArrayError) {
        try checkMask(mask)
        let rest = Array(shape.dropFirst(mask.rank))
        let indices = try mask.flatTrueIndices()
        try scatter(try source.converted(to: dtype).broadcast(to: [indices.count] + rest), to: indices, run: rest.product)
    }

    private func checkMask(_ mask: Tensor) throws(ArrayError) {
        guard mask.rank <= rank, mask.shape == Array(shape.prefix(mask.rank)) else {
            throw ArrayError(.shape, "a mask of shape \(mask.shape) doesn't fit an array of shape \(shape)")
        }
    }
}
