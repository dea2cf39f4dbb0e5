/// Making arrays and reaching their elements: the one place where typed pointers into a region come from.
extension Tensor {
    /// The most bytes an array that is computed here may have.
    public static let maximumByteCount = 64 << 30
    /// What the sizes beside the zeros of an empty array may multiply to. It costs no memory itself, but its rows do when they
    /// are listed, written or reduced.
    static let maximumEmptyExtent = 10_000_000

    /// Checks the size of an array to be made.
    static func checkedCount(_ dtype: DType, _ shape: [Int]) throws(ArrayError) -> Int {
        if let negative = shape.first(where: { $0 < 0 }) {
            throw ArrayError(.value, "a dimension can't be negative: \(negative) in shape \(shape)")
        }
        guard shape.count <= 64 else { throw ArrayError(.limit, "an array may have at most 64 dimensions, not \(shape.count)") }
        let extent = extent(shape)
        if shape.contains(0) {
            if let extent, extent <= maximumEmptyExtent { return 0 }
            throw ArrayError(
                .limit, "the sizes beside the 0 of an empty array may multiply to \(maximumEmptyExtent) at most, unlike shape \(shape)")
        }
        guard let extent, extent <= maximumByteCount / dtype.size else {
            throw ArrayError(.limit, "an array of shape \(shape) and type \(dtype.rawValue) would be larger than 64 GB")
        }
        return extent
    }

    /// A C-ordered array of this shape, whose elements nothing has written yet.
    private static func allocated(_ dtype: DType, _ shape: [Int]) throws(ArrayError) -> Tensor {
        let bytes = try checkedCount(dtype, shape) * dtype.size
        guard let region = ByteRegion(unwritten: bytes), let strides = contiguousStrides(shape) else {
            throw ArrayError(.limit, "not enough memory for an array of shape \(shape) and type \(dtype.rawValue) (\(bytes) bytes)")
        }
        return Tensor(dtype: dtype, layout: Layout(shape: shape, strides: strides, offset: 0), bytes: Bytes(region))
    }

    /// A C-ordered array of this shape, whose elements `fill` writes, all of them. Inlined, so that `fill` is, too: its loop is
    /// where the time goes.
    @inline(__always)
    static func make<T: BitwiseCopyable>(
        _ dtype: DType, _ shape: [Int], as type: T.Type, fill: (UnsafeMutablePointer<T>, Int) throws(ArrayError) -> Void
    ) throws(ArrayError) -> Tensor {
        let result = try allocated(dtype, shape)
        try result.bytes.region.withMutableBytes { (buffer) throws(ArrayError) in
            guard let base = buffer.baseAddress else { return }
            try fill(base.assumingMemoryBound(to: T.self), result.count)
        }
        return result
    }

    @inline(__always)
    static func make<T: Element>(
        _ shape: [Int], of type: T.Type, fill: (UnsafeMutablePointer<T>, Int) throws(ArrayError) -> Void
    ) throws(ArrayError) -> Tensor {
        try make(T.dtype, shape, as: T.self, fill: fill)
    }

    /// Whether typed loads are possible where the elements stand: files may place them anywhere.
    var isAligned: Bool {
        bytes.withBytes { UInt(bitPattern: $0.baseAddress) % UInt(max(dtype.part.size, 1)) == 0 }
    }

    /// The array itself, or a copy of it where typed loads are possible.
    func aligned() throws(ArrayError) -> Tensor { isAligned ? self : try copied() }

    /// The array in C order without gaps, aligned: itself when it is so already.
    public func contiguous() throws(ArrayError) -> Tensor { isContiguous && isAligned ? self : try copied() }

    /// Calls `body` with a pointer that the layout's offsets count from. The array is aligned.
    @inline(__always)
    func withElements<T: BitwiseCopyable, Result, Failure: Error>(
        of type: T.Type, _ body: (UnsafePointer<T>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withBytes { (buffer) throws(Failure) in
            // A region's address is never nil.
            let base = buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
            return try body(base.assumingMemoryBound(to: T.self))
        }
    }

    /// Whether this array's bytes may be written without anyone else seeing it. Repeated elements (step 0) need a copy, too.
    mutating func makeUnique() throws(ArrayError) {
        let repeats = zip(shape, strides).contains { $0 > 1 && $1 == 0 }
        if !bytes.region.isMapped && !repeats && isAligned && isKnownUniquelyReferenced(&bytes.region) { return }
        let kept = marks
        self = try copied()
        marks = kept
    }

    /// Calls `body` with a pointer that the layout's offsets count from; after `makeUnique`.
    @inline(__always)
    mutating func withMutableElements<T: BitwiseCopyable, Failure: Error>(
        of type: T.Type, _ body: (UnsafeMutablePointer<T>) throws(Failure) -> Void
    ) throws(Failure) {
        let start = bytes.range.lowerBound
        try bytes.region.withMutableBytes { (buffer) throws(Failure) in
            guard let base = buffer.baseAddress else { return }
            try body((base + start).assumingMemoryBound(to: T.self))
        }
    }
}
