extension Tensor {
    /// The elements as another type, by numpy's casts: floats lose their fraction, whole numbers wrap, complex numbers lose
    /// their imaginary part, anything not zero is true. Narrow floats are rounded once, ties to even. The array itself when
    /// it is of that type already.
    public func converted(to target: DType) throws(ArrayError) -> Tensor {
        if target == dtype { return self }
        if dtype.isComplex { return try convertedComplex(to: target) }
        if target.isComplex { return try withZeroImaginary(target) }
        if dtype.isSmallFloat {
            let wide = try widened()
            return target == .float32 ? wide : try wide.converted(to: target)
        }
        if target.isSmallFloat { return try narrowed(to: target) }
        let source = try aligned()
        switch dtype {
        case .bool: return try source.convertBool(to: target)
        case .int8: return try source.convertWhole(Int8.self, to: target)
        case .int16: return try source.convertWhole(Int16.self, to: target)
        case .int32: return try source.convertWhole(Int32.self, to: target)
        case .int64: return try source.convertWhole(Int64.self, to: target)
        case .uint8: return try source.convertWhole(UInt8.self, to: target)
        case .uint16: return try source.convertWhole(UInt16.self, to: target)
        case .uint32: return try source.convertWhole(UInt32.self, to: target)
        case .uint64: return try source.convertWhole(UInt64.self, to: target)
        case .float32: return try source.convertFloat(Float.self, to: target)
        default: return try source.convertFloat(Double.self, to: target)
        }
    }

    /// One new element per element, computed by `transform`. The array is aligned and its memory is of `Source`.
    @inline(__always)
    func map<Source: BitwiseCopyable, Result: BitwiseCopyable>(
        _ source: Source.Type, to target: DType, as result: Result.Type, _ transform: (Source) -> Result
    ) throws(ArrayError) -> Tensor {
        let loop = StridedLoop(layout)
        let (length, step) = (loop.runLength, loop.step.0)
        return try Tensor.make(target, shape, as: Result.self) { (out, _) throws(ArrayError) in
            withElements(of: Source.self) { elements in
                var next = out
                loop.forEachRun { start, _, _ in
                    let from = elements + start
                    if step == 1 {
                        for index in 0..<length { next[index] = transform(from[index]) }
                    } else {
                        for index in 0..<length { next[index] = transform(from[index &* step]) }
                    }
                    next += length
                }
            }
        }
    }

    private func convertBool(to target: DType) throws(ArrayError) -> Tensor {
        switch target {
        case .int8: try map(Bool.self, to: target, as: Int8.self) { $0 ? 1 : 0 }
        case .int16: try map(Bool.self, to: target, as: Int16.self) { $0 ? 1 : 0 }
        case .int32: try map(Bool.self, to: target, as: Int32.self) { $0 ? 1 : 0 }
        case .int64: try map(Bool.self, to: target, as: Int64.self) { $0 ? 1 : 0 }
        case .uint8: try map(Bool.self, to: target, as: UInt8.self) { $0 ? 1 : 0 }
        case .uint16: try map(Bool.self, to: target, as: UInt16.self) { $0 ? 1 : 0 }
        case .uint32: try map(Bool.self, to: target, as: UInt32.self) { $0 ? 1 : 0 }
        case .uint64: try map(Bool.self, to: target, as: UInt64.self) { $0 ? 1 : 0 }
        case .float32: try map(Bool.self, to: target, as: Float.self) { $0 ? 1 : 0 }
        default: try map(Bool.self, to: target, as: Double.self) { $0 ? 1 : 0 }
        }
    }

    private func convertWhole<T: RealElement & FixedWidthInteger>(_ type: T.Type, to target: DType) throws(ArrayError) -> Tensor {
        switch target {
        case .bool: try map(T.self, to: target, as: Bool.self) { $0 != 0 }
        case .int8: try map(T.self, to: target, as: Int8.self) { Int8(truncatingIfNeeded: $0) }
        case .int16: try map(T.self, to: target, as: Int16.self) { Int16(truncatingIfNeeded: $0) }
        case .int32: try map(T.self, to: target, as: Int32.self) { Int32(truncatingIfNeeded: $0) }
        case .int64: try map(T.self, to: target, as: Int64.self) { Int64(truncatingIfNeeded: $0) }
        case .uint8: try map(T.self, to: target, as: UInt8.self) { UInt8(truncatingIfNeeded: $0) }
        case .uint16: try map(T.self, to: target, as: UInt16.self) { UInt16(truncatingIfNeeded: $0) }
        case .uint32: try map(T.self, to: target, as: UInt32.self) { UInt32(truncatingIfNeeded: $0) }
        case .uint64: try map(T.self, to: target, as: UInt64.self) { UInt64(truncatingIfNeeded: $0) }
        case .float32: try map(T.self, to: target, as: Float.self) { Float($0) }
        default: try map(T.self, to: target, as: Double.self) { Double($0) }
        }
    }

    private func convertFloat<T: RealElement & BinaryFloatingPoint>(_ type: T.Type, to target: DType) throws(ArrayError) -> Tensor {
        switch target {
        case .bool: try map(T.self, to: target, as: Bool.self) { $0 != 0 }
        case .int8: try map(T.self, to: target, as: Int8.self) { wholeNumber($0.toDouble) }
        case .int16: try map(T.self, to: target, as: Int16.self) { wholeNumber($0.toDouble) }
        case .int32: try map(T.self, to: target, as: Int32.self) { wholeNumber($0.toDouble) }
        case .int64: try map(T.self, to: target, as: Int64.self) { wholeNumber($0.toDouble) }
        case .uint8: try map(T.self, to: target, as: UInt8.self) { wholeNumber($0.toDouble) }
        case .uint16: try map(T.self, to: target, as: UInt16.self) { wholeNumber($0.toDouble) }
        case .uint32: try map(T.self, to: target, as: UInt32.self) { wholeNumber($0.toDouble) }
        case .uint64: try map(T.self, to: target, as: UInt64.self) { wholeNumber($0.toDouble) }
        case .float32: try map(T.self, to: target, as: Float.self) { Float($0) }
        default: try map(T.self, to: target, as: Double.self) { Double($0) }
        }
    }

    // MARK: narrow floats

    /// A narrow float array as float32, exactly.
    private func widened() throws(ArrayError) -> Tensor {
        let source = try aligned()
        switch dtype {
        case .float16: return try source.map(UInt16.self, to: .float32, as: Float.self) { HalfPrecision.decode($0) }
        case .bfloat16: return try source.map(UInt16.self, to: .float32, as: Float.self) { HalfPrecision.decodeBrain($0) }
        default:
            guard let kind = SmallFloat(dtype) else { return source }
            let values = (0..<256).map { kind.decode($0) }
            return try values.withUnsafeBufferPointer { (table) throws(ArrayError) in
                try source.map(UInt8.self, to: .float32, as: Float.self) { table[Int($0)] }
            }
        }
    }

    private func narrowed(to target: DType) throws(ArrayError) -> Tensor {
        let source = dtype == .float64 ? try roundedToOdd() : try converted(to: .float32).aligned()
        switch target {
        case .float16: return try source.map(Float.self, to: target, as: UInt16.self) { HalfPrecision.encode($0) }
        case .bfloat16: return try source.map(Float.self, to: target, as: UInt16.self) { HalfPrecision.encodeBrain($0) }
        default:
            guard let kind = SmallFloat(target) else { return source }
            return try source.map(Float.self, to: target, as: UInt8.self) { UInt8(truncatingIfNeeded: kind.encode($0)) }
        }
    }

    private func roundedToOdd() throws(ArrayError) -> Tensor {
        try aligned().map(Double.self, to: .float32, as: Float.self) { Float(roundingToOdd: $0) }
    }

    // MARK: complex

    /// The real parts of a complex array, as a view.
    public var real: Tensor { part(0) }

    /// The imaginary parts of a complex array, as a view.
    public var imaginary: Tensor { part(1) }

    private func part(_ index: Int) -> Tensor {
        guard dtype.isComplex else { return self }
        return Tensor(
            dtype: dtype.part, layout: Layout(shape: shape, strides: strides.map { $0 * 2 }, offset: offset * 2 + index), bytes: bytes)
    }

    private func convertedComplex(to target: DType) throws(ArrayError) -> Tensor {
        if target == .bool {
            return try real.converted(to: .bool).combined(.logicalOr, with: imaginary.converted(to: .bool))
        }
        if !target.isComplex { return try real.converted(to: target) }
        let source = try aligned()
        return target == .complex128
            ? try source.map(Complex<Float>.self, to: target, as: Complex<Double>.self) { Complex(Double($0.real), Double($0.imaginary)) }
            : try source.map(Complex<Double>.self, to: target, as: Complex<Float>.self) { Complex(Float($0.real), Float($0.imaginary)) }
    }

    private func withZeroImaginary(_ target: DType) throws(ArrayError) -> Tensor {
        let source = try converted(to: target.part).aligned()
        return target == .complex64
            ? try source.map(Float.self, to: target, as: Complex<Float>.self) { Complex($0, 0) }
            : try source.map(Double.self, to: target, as: Complex<Double>.self) { Complex($0, 0) }
    }
}
