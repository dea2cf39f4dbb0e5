/// Single elements in and out.
extension Tensor {
    /// The element at the position `index`, counted in elements from the start of the bytes.
    func element(atOffset index: Int) -> Scalar {
        func load<T: Element>(_ type: T.Type) -> Scalar {
            bytes.withBytes { $0.loadUnaligned(fromByteOffset: index * dtype.size, as: T.self).scalar }
        }
        switch dtype {
        case .bool: return bytes.withBytes { .bool($0[index] != 0) }
        case .int8: return load(Int8.self)
        case .int16: return load(Int16.self)
        case .int32: return load(Int32.self)
        case .int64: return load(Int64.self)
        case .uint8: return load(UInt8.self)
        case .uint16: return load(UInt16.self)
        case .uint32: return load(UInt32.self)
        case .uint64: return load(UInt64.self)
        case .float32: return load(Float.self)
        case .float64: return load(Double.self)
        case .complex64: return load(Complex<Float>.self)
        case .complex128: return load(Complex<Double>.self)
        default: return .float(Double(smallFloat(atOffset: index)))
        }
    }

    private func smallFloat(atOffset index: Int) -> Float {
        let bits = bytes.withBytes {
            dtype.size == 1 ? UInt32($0[index]) : UInt32($0.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        }
        return SmallFloat(dtype)?.decode(bits) ?? .nan
    }

    /// The element at `position`, one index per dimension, negative ones counted from the end.
    public func element(_ position: [Int]) throws(ArrayError) -> Scalar {
        guard position.count == rank else {
            throw ArrayError(.index, "an element of an array of shape \(shape) has \(rank) indices, not \(position.count)")
        }
        var place = layout
        for index in position { place = try place.at(index, axis: 0) }
        return element(atOffset: place.offset)
    }

    /// The only element; `nil` when there are more or none.
    public var onlyElement: Scalar? { count == 1 ? element(atOffset: offset) : nil }

    /// All elements in C order.
    public func scalars() -> [Scalar] {
        var result: [Scalar] = []
        result.reserveCapacity(count)
        let loop = StridedLoop(layout)
        loop.forEachRun { start, _, _ in
            for index in 0..<loop.runLength { result.append(element(atOffset: start + index * loop.step.0)) }
        }
        return result
    }

    /// An array of one element and no dimensions. The value wraps or is rounded as by a cast.
    public init(_ scalar: Scalar, dtype: DType) {
        var bytes: [UInt8]
        switch dtype {
        case .bool: bytes = Tensor.bytes(of: Bool(scalar))
        case .int8: bytes = Tensor.bytes(of: Int8(scalar))
        case .int16: bytes = Tensor.bytes(of: Int16(scalar))
        case .int32: bytes = Tensor.bytes(of: Int32(scalar))
        case .int64: bytes = Tensor.bytes(of: Int64(scalar))
        case .uint8: bytes = Tensor.bytes(of: UInt8(scalar))
        case .uint16: bytes = Tensor.bytes(of: UInt16(scalar))
        case .uint32: bytes = Tensor.bytes(of: UInt32(scalar))
        case .uint64: bytes = Tensor.bytes(of: UInt64(scalar))
        case .float32: bytes = Tensor.bytes(of: Float(scalar))
        case .float64: bytes = Tensor.bytes(of: Double(scalar))
        case .complex64: bytes = Tensor.bytes(of: Complex<Float>(scalar))
        case .complex128: bytes = Tensor.bytes(of: Complex<Double>(scalar))
        default:
            let bits = SmallFloat(dtype)?.encode(Float(roundingToOdd: scalar.toDouble)) ?? 0
            bytes = dtype.size == 1 ? [UInt8(truncatingIfNeeded: bits)] : Tensor.bytes(of: UInt16(truncatingIfNeeded: bits))
        }
        self.init(dtype: dtype, layout: Layout(shape: [], strides: [], offset: 0), bytes: Bytes(bytes))
    }

    private static func bytes<T: BitwiseCopyable>(of value: T) -> [UInt8] { withUnsafeBytes(of: value) { [UInt8]($0) } }
}
