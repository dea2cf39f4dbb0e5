extension DType {
    /// The element type that holds the results of two, by numpy's table. Types of 8-bit floats and bfloat16, which numpy
    /// leaves out, meet each other and float16 in float32, and integers in themselves, as PyTorch has it.
    public static func promoted(_ a: DType, _ b: DType) -> DType {
        if a == b { return a }
        if a == .bool { return b }
        if b == .bool { return a }
        if a.isComplex || b.isComplex { return promotedComplex(a, b) }
        switch (a.isFloat, b.isFloat) {
        case (true, true): return promotedFloat(a, b)
        case (true, false): return promotedFloat(a, withInteger: b)
        case (false, true): return promotedFloat(b, withInteger: a)
        case (false, false): return promotedInteger(a, b)
        }
    }

    private static func promotedComplex(_ a: DType, _ b: DType) -> DType {
        promoted(a.part, b.part) == .float64 || a == .complex128 || b == .complex128 ? .complex128 : .complex64
    }

    private static func promotedFloat(_ a: DType, _ b: DType) -> DType {
        if a.isSmallFloat && b.isSmallFloat { return .float32 }
        return a.size > b.size ? a : b
    }

    /// Float16 keeps 8-bit integers exactly, float32 16-bit ones; wider ones need float64.
    private static func promotedFloat(_ float: DType, withInteger integer: DType) -> DType {
        switch float {
        case .float16: integer.size == 1 ? .float16 : integer.size == 2 ? .float32 : .float64
        case .float32: integer.size <= 2 ? .float32 : .float64
        case .float64: .float64
        default: float
        }
    }

    private static func promotedInteger(_ a: DType, _ b: DType) -> DType {
        if a.isSignedInteger == b.isSignedInteger { return a.size > b.size ? a : b }
        let (signed, unsigned) = a.isSignedInteger ? (a, b) : (b, a)
        if signed.size > unsigned.size { return signed }
        switch unsigned {
        case .uint8: return .int16
        case .uint16: return .int32
        case .uint32: return .int64
        default: return .float64
        }
    }

    /// The element type of an array of this type combined with a weak scalar (NEP 50).
    public func promoted(with scalar: Scalar) -> DType {
        switch scalar {
        case .bool: self
        case .int, .unsigned: self == .bool ? scalar.naturalDType : self
        case .float: isFloat || isComplex ? self : .float64
        case .complex: isComplex ? self : self == .float64 || !isFloat ? .complex128 : .complex64
        }
    }

    /// Whether an integer type holds `scalar`; true for every other type.
    public func holds(_ scalar: Scalar) -> Bool {
        guard isInteger else { return true }
        switch scalar {
        case .int(let value):
            if isSignedInteger { return size == 8 || (-(1 << (size * 8 - 1))..<(1 << (size * 8 - 1))).contains(value) }
            return value >= 0 && (size == 8 || value < 1 << (size * 8))
        case .unsigned: return self == .uint64
        default: return true
        }
    }

    /// The float type in which elementwise mathematics gives its results, by numpy's table.
    var mathematical: DType {
        if isFloat || isComplex { return self }
        return size == 1 ? .float16 : size == 2 ? .float32 : .float64
    }
}
