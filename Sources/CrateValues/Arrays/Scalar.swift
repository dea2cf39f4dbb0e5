/// One element outside its array.
///
/// As an operand a scalar is weak, as Python's numbers are for numpy 2 (NEP 50): the array's element type decides.
public enum Scalar: Sendable, Equatable {
    case bool(Bool)
    case int(Int)
    /// Only beyond `Int.max`.
    case unsigned(UInt64)
    case float(Double)
    case complex(Double, Double)

    /// `.int` when it fits.
    public init(_ value: UInt64) {
        self = if let small = Int(exactly: value) { .int(small) } else { .unsigned(value) }
    }

    /// The element type that an array of such scalars gets.
    public var naturalDType: DType {
        switch self {
        case .bool: .bool
        case .int: .int64
        case .unsigned: .uint64
        case .float: .float64
        case .complex: .complex128
        }
    }

    /// The nearest double; of a complex number the real part.
    public var toDouble: Double {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .float(let value): value
        case .complex(let real, _): real
        }
    }
}
