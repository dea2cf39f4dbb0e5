/// An n-dimensional array: dtype, shape and strides over shared bytes, never boxed numbers.
///
/// A value: copies share their bytes until one of them is written. Elements are little-endian; the default order is C
/// (the last index runs fastest). Strides and offset count elements, not bytes. Strides may be zero (broadcast) or
/// negative (reversed slices).
///
/// `offset` and `strides` always stay inside `bytes`: every initialiser checks.
public struct Tensor: Sendable {
    public let dtype: DType
    /// Sizes by dimension; empty for a scalar.
    public let shape: [Int]
    /// Steps in elements, one per dimension.
    public let strides: [Int]
    /// Where element [0, 0, …] stands, in elements from the start of `bytes`.
    public let offset: Int
    /// The memory; several tensors may share one region. It may be memory-mapped.
    public internal(set) var bytes: Bytes
    /// What PyTorch says of it beside its elements, so that it can be written again. Whatever is computed from it has none.
    public var marks: Marks = []

    /// PyTorch's words about a tensor.
    public struct Marks: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Takes part in training.
        public static let requiresGrad = Marks(rawValue: 1)
        /// A `torch.nn.Parameter`.
        public static let parameter = Marks(rawValue: 2)
    }

    /// A view of `bytes`; `nil` when an index would fall outside them, a size is negative, the counts differ, or the sizes
    /// could not be counted in bytes.
    public init?(dtype: DType, shape: [Int], strides: [Int], offset: Int, bytes: Bytes) {
        guard Tensor.fits(dtype: dtype, shape: shape, strides: strides, offset: offset, byteCount: bytes.count) else { return nil }
        self.dtype = dtype
        self.shape = shape
        // A step that is never taken may be any number in a file, and views multiply it.
        let isEmpty = shape.contains(0)
        self.strides = zip(shape, strides).map { isEmpty || ($0 == 1 && $1.magnitude > bytes.count) ? 0 : $1 }
        self.offset = offset
        self.bytes = bytes
    }

    /// A C-ordered tensor over exactly the bytes it needs; `nil` when the count differs.
    public init?(dtype: DType, shape: [Int], bytes: Bytes) {
        guard let count = Tensor.elementCount(shape), count.multipliedReportingOverflow(by: dtype.size) == (bytes.count, false),
            let strides = Tensor.contiguousStrides(shape)
        else { return nil }
        self.init(dtype: dtype, shape: shape, strides: strides, offset: 0, bytes: bytes)
    }

    /// For a layout that is known to stay inside `bytes`.
    init(dtype: DType, layout: Layout, bytes: Bytes) {
        self.dtype = dtype
        shape = layout.shape
        strides = layout.strides
        offset = layout.offset
        self.bytes = bytes
    }

    /// Sizes, steps and start together.
    public var layout: Layout { Layout(shape: shape, strides: strides, offset: offset) }

    /// The number of elements.
    public var count: Int { shape.product }
    /// The number of dimensions.
    public var rank: Int { shape.count }
    /// The size of the elements in bytes, without gaps.
    public var byteCount: Int { count * dtype.size }

    /// Whether the elements stand in C order without gaps.
    public var isContiguous: Bool {
        if shape.contains(0) { return true }
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() {
            if size != 1 && stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// The product of `shape`; `nil` for a negative size, and when the sizes beside the zeros of an empty shape overflow.
    public static func elementCount(_ shape: [Int]) -> Int? {
        guard let extent = extent(shape) else { return nil }
        return shape.contains(0) ? 0 : extent
    }

    /// The product of the sizes with every zero counted as one; `nil` for a negative size or an overflow.
    ///
    /// An empty array is held to it, too: reductions and loops multiply some of its sizes without the zero.
    static func extent(_ shape: [Int]) -> Int? {
        var extent = 1
        for size in shape {
            guard size >= 0, case (let product, false) = extent.multipliedReportingOverflow(by: max(size, 1)) else { return nil }
            extent = product
        }
        return extent
    }

    /// C-order strides in elements; `nil` on overflow.
    public static func contiguousStrides(_ shape: [Int]) -> [Int]? {
        guard let count = elementCount(shape) else { return nil }
        if count == 0 { return [Int](repeating: 0, count: shape.count) }
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for index in shape.indices.reversed() {
            strides[index] = step
            step *= shape[index]
        }
        return strides
    }

    static func fits(dtype: DType, shape: [Int], strides: [Int], offset: Int, byteCount: Int) -> Bool {
        guard shape.count == strides.count, offset >= 0, let extent = extent(shape), extent <= .max / dtype.size else { return false }
        if shape.contains(0) { return offset <= byteCount / dtype.size }
        var low = offset
        var high = offset
        for (size, stride) in zip(shape, strides) {
            let (extent, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            if overflow { return false }
            let (sum, overflowSum) = extent < 0 ? low.addingReportingOverflow(extent) : high.addingReportingOverflow(extent)
            if overflowSum { return false }
            if extent < 0 { low = sum } else { high = sum }
        }
        return low >= 0 && high < byteCount / dtype.size
    }
}

extension Sequence<Int> {
    /// The product of some of an array's sizes, which is known to fit: `Tensor.extent` does.
    var product: Int { reduce(1, *) }
}
