/// What an array's elements are, by numpy's names. Sizes in bytes; all little-endian in memory.
public enum DType: String, Sendable, CaseIterable {
    case bool
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float16, bfloat16, float32, float64
    case complex64, complex128
    case float8_e4m3fn, float8_e5m2, float8_e4m3fnuz, float8_e5m2fnuz, float8_e8m0fnu

    /// The size of one element in bytes.
    public var size: Int {
        switch self {
        case .bool, .int8, .uint8, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz, .float8_e8m0fnu: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64, .complex64: 8
        case .complex128: 16
        }
    }

    public var isSignedInteger: Bool {
        switch self {
        case .int8, .int16, .int32, .int64: true
        default: false
        }
    }

    public var isUnsignedInteger: Bool {
        switch self {
        case .uint8, .uint16, .uint32, .uint64: true
        default: false
        }
    }

    public var isInteger: Bool { isSignedInteger || isUnsignedInteger }

    public var isComplex: Bool { self == .complex64 || self == .complex128 }

    /// A real floating-point number of any width.
    public var isFloat: Bool { !(self == .bool || isInteger || isComplex) }

    /// Floats narrower than 32 bits: computed in float32 and rounded back.
    var isSmallFloat: Bool { isFloat && self != .float32 && self != .float64 }

    /// The real type of a complex one's two parts.
    var part: DType { self == .complex64 ? .float32 : self == .complex128 ? .float64 : self }

    /// The unit that byte swapping turns round: an element, or one part of a complex one.
    var swapUnit: Int { part.size }
}
