import CrateValues

extension ImageFile {
    /// A plain array as a picture. Shapes (H, W), (H, W, 1), (1, H, W), (H, W, 3), (3, H, W), and (H, W, 2) or (H, W, 4)
    /// with alpha; where a shape could be read both ways, channels come last.
    ///
    /// uint8 samples are kept. Any other type is stretched so that its least value becomes 0 and its greatest 255, as the
    /// Python side does (`(x - min) / (max - min) * 255`, cut to whole numbers; a constant array becomes 0; NaN becomes 0
    /// and infinities the ends).
    ///
    /// - Parameter renormalize: false keeps the values as they are: uint16 as 16-bit samples, booleans as 0 and 255, other
    ///   types as whole numbers from 0 to 255.
    /// - Throws: `.unrepresentable` for other shapes, complex numbers, or values outside 0…255 with `renormalize: false`.
    public static func image(from array: Tensor, renormalize: Bool = true) throws(FormatError) -> Image {
        let pixels = try channelsLast(array)
        switch pixels.dtype {
        case .uint8: return Image(pixels: pixels)
        case .uint16 where !renormalize: return Image(pixels: pixels)
        case .bool: return Image(pixels: try pixels.bytes8 { $0 * 255 })
        default:
            let range = try pixels.finiteRange()
            if renormalize {
                let span = range.upperBound - range.lowerBound
                return Image(pixels: try pixels.bytes8 { span > 0 ? ($0 - range.lowerBound) / span * 255 : 0 })
            }
            guard range.lowerBound >= 0, range.upperBound <= 255 else {
                throw FormatError(
                    .unrepresentable, "image", "can't hold values from \(range.lowerBound) to \(range.upperBound) as they are",
                    hint: "scale them to 0…255, or leave out `renormalize: false`")
            }
            return Image(pixels: try pixels.bytes8 { $0.rounded() })
        }
    }

    /// A plain array as a picture of the same samples, whatever real numbers they are; booleans as 0 and 255. Shapes as for
    /// `image(from:)`.
    ///
    /// - Throws: `.unrepresentable` for other shapes, and complex numbers.
    public static func picture(of array: Tensor) throws(FormatError) -> Image {
        let pixels = try channelsLast(array)
        guard !pixels.dtype.isComplex else {
            throw FormatError(.unrepresentable, "image", "can't be made of \(pixels.dtype.rawValue) values", hint: "give their real part")
        }
        return Image(pixels: pixels.dtype == .bool ? try pixels.bytes8 { $0 * 255 } : pixels)
    }

    /// (H, W), (H, W, 2), (H, W, 3) or (H, W, 4), as a view of the same elements.
    private static func channelsLast(_ array: Tensor) throws(FormatError) -> Tensor {
        let (shape, strides) = (array.shape, array.strides)
        func view(_ axes: [Int]) throws(FormatError) -> Tensor {
            guard let view = Tensor(dtype: array.dtype, shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] }, offset: array.offset, bytes: array.bytes)
            else { throw refusal(shape) }
            return view
        }
        guard array.count > 0 else { throw refusal(shape) }
        if shape.count == 2 { return array }
        guard shape.count == 3 else { throw refusal(shape) }
        if shape[2] == 1 { return try view([0, 1]) }
        if (2...4).contains(shape[2]) { return array }
        if shape[0] == 1 { return try view([1, 2]) }
        if shape[0] == 3 { return try view([1, 2, 0]) }
        throw refusal(shape)
    }

    private static func refusal(_ shape: [Int]) -> FormatError {
        let text = shape.map(String.init).joined(separator: ", ")
        return FormatError(
            .unrepresentable, "image", "can't be made of an array of shape [\(text)]", hint: "give (H, W), (H, W, 3) or (3, H, W)")
    }
}

extension Tensor {
    /// The least and greatest finite value; 0…0 when there is none.
    fileprivate func finiteRange() throws(FormatError) -> ClosedRange<Double> {
        var least = Double.infinity
        var greatest = -Double.infinity
        try forEachDouble { value in
            guard value.isFinite else { return }
            if value < least { least = value }
            if value > greatest { greatest = value }
        }
        return least <= greatest ? least...greatest : 0...0
    }

    /// Each element through `map`, cut to 0…255, as uint8 of the same shape.
    fileprivate func bytes8(_ map: (Double) -> Double) throws(FormatError) -> Tensor {
        let region = try ByteRegion(count: count) { (target) throws(FormatError) in
            var index = 0
            try forEachDouble { value in
                let mapped = map(value)
                // NaN compares false with everything and becomes 0.
                target[index] = mapped >= 255 ? 255 : mapped > 0 ? UInt8(mapped) : 0
                index += 1
            }
        }
        return Tensor(dtype: .uint8, shape: shape, bytes: Bytes(region)) ?? self
    }

    /// The elements in C order as doubles.
    private func forEachDouble(_ body: (Double) -> Void) throws(FormatError) {
        let packed = packedBytes()
        try packed.withBytes { (source) throws(FormatError) in
            switch dtype {
            case .bool, .uint8: Tensor.walk(UInt8.self, source) { body(Double($0)) }
            case .int8: Tensor.walk(Int8.self, source) { body(Double($0)) }
            case .uint16: Tensor.walk(UInt16.self, source) { body(Double($0)) }
            case .int16: Tensor.walk(Int16.self, source) { body(Double($0)) }
            case .uint32: Tensor.walk(UInt32.self, source) { body(Double($0)) }
            case .int32: Tensor.walk(Int32.self, source) { body(Double($0)) }
            case .uint64: Tensor.walk(UInt64.self, source) { body(Double($0)) }
            case .int64: Tensor.walk(Int64.self, source) { body(Double($0)) }
            case .bfloat16: Tensor.walk(UInt16.self, source) { body(Double(Float(bitPattern: UInt32($0) << 16))) }
            case .float16: Tensor.walk(UInt16.self, source) { body(Tensor.half($0)) }
            case .float32: Tensor.walk(Float.self, source) { body(Double($0)) }
            case .float64: Tensor.walk(Double.self, source) { body($0) }
            default:
                throw FormatError(.unrepresentable, "image", "can't be made of \(dtype.rawValue) values", hint: "convert them, as in float32(x)")
            }
        }
    }

    @inline(__always)
    private static func walk<Sample: BitwiseCopyable>(_: Sample.Type, _ source: UnsafeRawBufferPointer, _ body: (Sample) -> Void) {
        let size = MemoryLayout<Sample>.size
        for index in 0..<(source.count / size) { body(source.loadUnaligned(fromByteOffset: index * size, as: Sample.self)) }
    }

    /// IEEE 754 binary16.
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        let magnitude =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? Double.infinity : Double.nan
            default: (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}
