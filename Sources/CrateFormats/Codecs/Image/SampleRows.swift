import CrateValues

/// A picture's samples row by row as doubles, in which changes of size and colour are computed, and the way back.
struct SampleRows {
    let width: Int
    let height: Int
    let channels: Int
    /// The samples' own type; narrow floats are computed as float32.
    let dtype: DType
    private let samples: Tensor

    /// - Throws: `.unrepresentable` for shapes that are no picture's, and samples that are not real numbers.
    init(_ image: Image) throws(FormatError) {
        guard image.pixels.rank == 2 || image.pixels.rank == 3, (1...4).contains(image.channels), image.pixels.count > 0 else {
            throw FormatError(.unrepresentable, "image", "can't be an array of shape \(image.pixels.shape)")
        }
        dtype = image.pixels.dtype
        guard !dtype.isComplex, dtype != .bool else {
            throw FormatError(.unrepresentable, "image", "can't be made of \(dtype.rawValue) values", hint: "convert them, as in float32(x)")
        }
        (width, height, channels) = (image.width, image.height, image.channels)
        let pixels = image.pixels
        let wide = SampleRows.widened(dtype)
        samples = try ElementBytes.computed("image") { () throws(ArrayError) in try pixels.converted(to: wide).contiguous() }
    }

    /// The type that a row is read from.
    private static func widened(_ dtype: DType) -> DType {
        dtype.isFloat && dtype != .float64 ? .float32 : dtype
    }

    /// The number that stands for full light or full cover.
    var fullScale: Double {
        switch dtype {
        case .uint8: 255
        case .uint16: 65535
        default: 1
        }
    }

    // MARK: Reading

    /// Writes row `row`'s `width` × `channels` samples to `target`.
    func load(_ row: Int, into target: UnsafeMutablePointer<Double>) {
        samples.bytes.withBytes { bytes in
            let start = samples.offset + row * width * channels
            switch samples.dtype {
            case .int8: copy(Int8.self, bytes, start, target) { Double($0) }
            case .int16: copy(Int16.self, bytes, start, target) { Double($0) }
            case .int32: copy(Int32.self, bytes, start, target) { Double($0) }
            case .int64: copy(Int64.self, bytes, start, target) { Double($0) }
            case .uint8: copy(UInt8.self, bytes, start, target) { Double($0) }
            case .uint16: copy(UInt16.self, bytes, start, target) { Double($0) }
            case .uint32: copy(UInt32.self, bytes, start, target) { Double($0) }
            case .uint64: copy(UInt64.self, bytes, start, target) { Double($0) }
            case .float32: copy(Float.self, bytes, start, target) { Double($0) }
            default: copy(Double.self, bytes, start, target) { $0 }
            }
        }
    }

    @inline(__always)
    private func copy<Sample: BitwiseCopyable>(
        _: Sample.Type, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ target: UnsafeMutablePointer<Double>, _ value: (Sample) -> Double
    ) {
        let size = MemoryLayout<Sample>.size
        for index in 0..<(width * channels) {
            target[index] = value(bytes.loadUnaligned(fromByteOffset: (start + index) * size, as: Sample.self))
        }
    }

    // MARK: Writing

    /// A picture's array of the same sample type, whose rows `fill` writes. Whole numbers are rounded and cut to their range.
    func array(width: Int, height: Int, channels: Int, fill: (Int, UnsafeMutablePointer<Double>) -> Void) throws(FormatError) -> Tensor {
        let wide = SampleRows.widened(dtype)
        let (length, size) = (width * channels, wide.size)
        let region = ByteRegion(count: height * length * size) { target in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: length) { row in
                guard let values = row.baseAddress else { return }
                values.initialize(repeating: 0, count: length)
                for y in 0..<height {
                    fill(y, values)
                    let line = target[(y * length * size)..<((y + 1) * length * size)]
                    SampleRows.store(values, wide, UnsafeMutableRawBufferPointer(rebasing: line))
                }
            }
        }
        let pixels = try PixelRows.tensor(region, dtype: wide, width: width, height: height, channels: channels, format: "image")
        let dtype = dtype
        return try ElementBytes.computed("image") { () throws(ArrayError) in try pixels.converted(to: dtype) }
    }

    private static func store(_ values: UnsafeMutablePointer<Double>, _ dtype: DType, _ target: UnsafeMutableRawBufferPointer) {
        switch dtype {
        case .int8: copyWhole(Int8.self, values, target)
        case .int16: copyWhole(Int16.self, values, target)
        case .int32: copyWhole(Int32.self, values, target)
        case .int64: copyWhole(Int64.self, values, target)
        case .uint8: copyWhole(UInt8.self, values, target)
        case .uint16: copyWhole(UInt16.self, values, target)
        case .uint32: copyWhole(UInt32.self, values, target)
        case .uint64: copyWhole(UInt64.self, values, target)
        case .float32:
            let out = target.bindMemory(to: Float.self)
            for index in out.indices { out[index] = Float(values[index]) }
        default: target.copyMemory(from: UnsafeRawBufferPointer(start: values, count: target.count))
        }
    }

    @inline(__always)
    private static func copyWhole<Sample: FixedWidthInteger & BitwiseCopyable>(
        _: Sample.Type, _ values: UnsafeMutablePointer<Double>, _ target: UnsafeMutableRawBufferPointer
    ) {
        let (least, most) = (Double(Sample.min), Double(Sample.max))
        let out = target.bindMemory(to: Sample.self)
        for index in out.indices {
            let value = (values[index] + 0.5).rounded(.down)
            // NaN compares false with everything and becomes the least.
            out[index] = value >= most ? .max : value > least ? Sample(value) : .min
        }
    }
}
