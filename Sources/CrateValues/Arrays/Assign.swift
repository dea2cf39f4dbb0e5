/// Writing elements in place.
extension Tensor {
    /// Writes `source`, cast to this array's type and broadcast, to the elements that `place` selects from this array.
    ///
    /// The bytes are copied first when someone else shares them or they are mapped, so only this array changes.
    public mutating func assign(_ source: Tensor, to place: (Layout) throws(ArrayError) -> Layout) throws(ArrayError) {
        try makeUnique()
        try assign(source, at: try checked(try place(layout)))
    }

    /// The same for a layout inside this array's bytes, which nobody else shares.
    mutating func assign(_ source: Tensor, at place: Layout) throws(ArrayError) {
        let values = try Tensor.trimmed(source, rank: place.shape.count).converted(to: dtype)
        let seen = try values.layout.broadcast(to: place.shape)
        switch dtype.size {
        case 1: store(UInt8.self, values, seen, at: place)
        case 2: store(UInt16.self, values, seen, at: place)
        case 4: store(UInt32.self, values, seen, at: place)
        case 8: store(UInt64.self, values, seen, at: place)
        default: store(SIMD2<UInt64>.self, values, seen, at: place)
        }
    }

    /// Leading dimensions of size 1 that a target of `rank` dimensions has no room for go, as in numpy's assignment.
    private static func trimmed(_ source: Tensor, rank: Int) throws(ArrayError) -> Tensor {
        var result = source
        while result.rank > rank, result.shape[0] == 1 { result = try result.at(0) }
        return result
    }

    private mutating func store<Unit: BitwiseCopyable>(_ unit: Unit.Type, _ source: Tensor, _ seen: Layout, at place: Layout) {
        let loop = StridedLoop(place, seen)
        let size = MemoryLayout<Unit>.size
        source.bytes.withBytes { from in
            guard let base = from.baseAddress else { return }
            withMutableElements(of: UInt8.self) { bytes in
                let target = UnsafeMutableRawPointer(bytes)
                loop.forEachRun { to, first, _ in
                    if loop.step.0 == 1 && loop.step.1 == 1 {
                        (target + to * size).copyMemory(from: base + first * size, byteCount: loop.runLength * size)
                        return
                    }
                    for index in 0..<loop.runLength {
                        let value = base.loadUnaligned(fromByteOffset: (first &+ index &* loop.step.1) &* size, as: Unit.self)
                        target.storeBytes(of: value, toByteOffset: (to &+ index &* loop.step.0) &* size, as: Unit.self)
                    }
                }
            }
        }
    }
}
