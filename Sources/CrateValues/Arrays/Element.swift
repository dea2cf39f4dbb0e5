/// A Swift type whose memory is one element of an array.
protocol Element: BitwiseCopyable, Sendable {
    static var dtype: DType { get }
    /// As a C cast does it: whole numbers wrap, floats are cut to whole numbers.
    init(_ scalar: Scalar)
    var scalar: Scalar { get }
}

/// The types that loops compute in, apart from complex numbers. Narrow floats are widened to `Float` first.
protocol RealElement: Element, Comparable {
    /// Wraps round for whole numbers.
    static func sum(_ a: Self, _ b: Self) -> Self
    static func difference(_ a: Self, _ b: Self) -> Self
    static func product(_ a: Self, _ b: Self) -> Self
    /// Rounds towards minus infinity, as Python does. A whole divisor is not zero.
    static func floorQuotient(_ a: Self, _ b: Self) -> Self
    /// Has the divisor's sign, as in Python. A whole divisor is not zero.
    static func floorRemainder(_ a: Self, _ b: Self) -> Self
    /// A whole exponent is not negative.
    static func power(_ a: Self, _ b: Self) -> Self
    /// -x, wrapping.
    static func opposite(_ a: Self) -> Self
    static var zero: Self { get }
    static var one: Self { get }
    /// Only ever true for floats.
    var isNotANumber: Bool { get }
    var toDouble: Double { get }
}

// MARK: whole numbers

extension RealElement where Self: FixedWidthInteger & BitwiseCopyable {
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) static func opposite(_ a: Self) -> Self { 0 &- a }
    @inline(__always) static var one: Self { 1 }
    @inline(__always) var isNotANumber: Bool { false }
    @inline(__always) var toDouble: Double { Double(self) }

    @inline(__always) static func floorQuotient(_ a: Self, _ b: Self) -> Self {
        let (quotient, overflow) = a.dividedReportingOverflow(by: b)
        if overflow { return a }  // the least value by -1 wraps to itself
        return Self.isSigned && (a < 0) != (b < 0) && quotient &* b != a ? quotient &- 1 : quotient
    }

    @inline(__always) static func floorRemainder(_ a: Self, _ b: Self) -> Self {
        let (remainder, overflow) = a.remainderReportingOverflow(dividingBy: b)
        if overflow { return 0 }
        return Self.isSigned && remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
    }

    static func power(_ a: Self, _ b: Self) -> Self {
        var result: Self = 1
        var base = a
        var exponent = b
        while exponent > 0 {
            if exponent & 1 == 1 { result = result &* base }
            exponent >>= 1
            base = base &* base
        }
        return result
    }

    init(_ scalar: Scalar) {
        switch scalar {
        case .bool(let value): self = value ? 1 : 0
        case .int(let value): self.init(truncatingIfNeeded: value)
        case .unsigned(let value): self.init(truncatingIfNeeded: value)
        case .float(let value), .complex(let value, _): self = wholeNumber(value)
        }
    }

    var scalar: Scalar {
        if let value = Int(exactly: self) { .int(value) } else { .unsigned(UInt64(truncatingIfNeeded: self)) }
    }
}

/// What C's cast gives on x86-64: the value cut to a whole number of the next natural width (32 or 64 bits), whose low bits
/// are kept; beyond that width the least number.
@inline(__always)
func wholeNumber<Whole: FixedWidthInteger>(_ value: Double) -> Whole {
    if Whole.bitWidth < 32 || (Whole.isSigned && Whole.bitWidth == 32) {
        let inside = value > -2_147_483_649 && value < 2_147_483_648
        return Whole(truncatingIfNeeded: inside ? Int32(value) : Int32.min)
    }
    if !Whole.isSigned && Whole.bitWidth == 64 && value >= 0x1p63 {
        return Whole(truncatingIfNeeded: value < 0x1p64 ? UInt64(value) : 0)
    }
    let inside = value >= -0x1p63 && value < 0x1p63
    return Whole(truncatingIfNeeded: inside ? Int64(value) : Int64.min)
}

extension Int8: RealElement { static var dtype: DType { .int8 } }
extension Int16: RealElement { static var dtype: DType { .int16 } }
extension Int32: RealElement { static var dtype: DType { .int32 } }
extension Int64: RealElement { static var dtype: DType { .int64 } }
extension UInt8: RealElement { static var dtype: DType { .uint8 } }
extension UInt16: RealElement { static var dtype: DType { .uint16 } }
extension UInt32: RealElement { static var dtype: DType { .uint32 } }
extension UInt64: RealElement { static var dtype: DType { .uint64 } }

// MARK: floats

extension RealElement where Self: BinaryFloatingPoint & BitwiseCopyable {
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a - b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) static func opposite(_ a: Self) -> Self { -a }
    @inline(__always) static var one: Self { 1 }
    @inline(__always) var isNotANumber: Bool { isNaN }

    @inline(__always) static func floorQuotient(_ a: Self, _ b: Self) -> Self {
        if b == 0 { return a / b }
        let remainder = a.truncatingRemainder(dividingBy: b)
        var quotient = (a - remainder) / b
        if remainder != 0 && (remainder < 0) != (b < 0) { quotient -= 1 }
        // The division is inexact by at most a rounding: the nearest whole number is meant.
        return quotient == 0 ? Self(signOf: a / b, magnitudeOf: 0) : quotient.rounded()
    }

    @inline(__always) static func floorRemainder(_ a: Self, _ b: Self) -> Self {
        let remainder = a.truncatingRemainder(dividingBy: b)
        if remainder == 0 { return Self(signOf: b, magnitudeOf: 0) }
        return (remainder < 0) != (b < 0) ? remainder + b : remainder
    }

    init(_ scalar: Scalar) {
        switch scalar {
        case .bool(let value): self = value ? 1 : 0
        case .int(let value): self.init(value)
        case .unsigned(let value): self.init(value)
        case .float(let value), .complex(let value, _): self.init(value)
        }
    }

    var scalar: Scalar { .float(Double(self)) }
}
