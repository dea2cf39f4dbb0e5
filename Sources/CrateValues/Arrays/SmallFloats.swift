/// A float narrower than 32 bits: how its bits are laid out and which of them are special.
///
/// The 8-bit kinds follow "FP8 Formats for Deep Learning" (e4m3fn, e5m2), the GraphCore/AMD variants without negative zero
/// (…fnuz) and the OCP microscaling specification (e8m0fnu, a bare exponent).
struct SmallFloat {
    let exponentBits: Int
    let mantissaBits: Int
    let bias: Int
    /// How the values at the top of the range and NaN are written.
    let specials: Specials

    enum Specials {
        /// The greatest exponent is infinity and NaN.
        case ieee
        /// All ones is NaN; no infinity.
        case finite
        /// The pattern of negative zero is NaN; no infinity, no negative zero.
        case finiteUnsignedZero
        /// No sign, no zero: 2^(bits - bias), all ones is NaN.
        case exponentOnly
    }

    /// `nil` for types that are not narrow floats.
    init?(_ dtype: DType) {
        switch dtype {
        case .float16: self.init(exponentBits: 5, mantissaBits: 10, bias: 15, specials: .ieee)
        case .bfloat16: self.init(exponentBits: 8, mantissaBits: 7, bias: 127, specials: .ieee)
        case .float8_e5m2: self.init(exponentBits: 5, mantissaBits: 2, bias: 15, specials: .ieee)
        case .float8_e4m3fn: self.init(exponentBits: 4, mantissaBits: 3, bias: 7, specials: .finite)
        case .float8_e4m3fnuz: self.init(exponentBits: 4, mantissaBits: 3, bias: 8, specials: .finiteUnsignedZero)
        case .float8_e5m2fnuz: self.init(exponentBits: 5, mantissaBits: 2, bias: 16, specials: .finiteUnsignedZero)
        case .float8_e8m0fnu: self.init(exponentBits: 8, mantissaBits: 0, bias: 127, specials: .exponentOnly)
        default: return nil
        }
    }

    private init(exponentBits: Int, mantissaBits: Int, bias: Int, specials: Specials) {
        self.exponentBits = exponentBits
        self.mantissaBits = mantissaBits
        self.bias = bias
        self.specials = specials
    }

    // MARK: bits to float

    /// The value of a bit pattern; always exact.
    func decode(_ bits: UInt32) -> Float {
        if specials == .exponentOnly { return bits == 0xFF ? .nan : Float(sign: .plus, exponent: Int(bits) - bias, significand: 1) }
        let mantissa = Int(bits) & (1 << mantissaBits - 1)
        let exponent = Int(bits) >> mantissaBits & (1 << exponentBits - 1)
        let sign: FloatingPointSign = Int(bits) >> (mantissaBits + exponentBits) & 1 == 1 ? .minus : .plus
        if isNaN(bits: Int(bits), exponent: exponent, mantissa: mantissa) { return .nan }
        if specials == .ieee && exponent == 1 << exponentBits - 1 { return sign == .minus ? -.infinity : .infinity }
        let unit = 1 - bias - mantissaBits
        if exponent == 0 { return Float(sign: sign, exponent: unit, significand: Float(mantissa)) }
        return Float(sign: sign, exponent: unit + exponent - 1, significand: Float(mantissa + 1 << mantissaBits))
    }

    private func isNaN(bits: Int, exponent: Int, mantissa: Int) -> Bool {
        switch specials {
        case .ieee: exponent == 1 << exponentBits - 1 && mantissa != 0
        case .finite: bits & (1 << (exponentBits + mantissaBits) - 1) == 1 << (exponentBits + mantissaBits) - 1
        case .finiteUnsignedZero: bits == 1 << (exponentBits + mantissaBits)
        case .exponentOnly: bits == 0xFF
        }
    }

    // MARK: float to bits

    private var signBit: UInt32 { 1 << UInt32(exponentBits + mantissaBits) }
    private var notANumber: UInt32 {
        switch specials {
        case .ieee: (1 << UInt32(exponentBits) - 1) << UInt32(mantissaBits) | 1 << UInt32(mantissaBits - 1)
        case .finite: signBit - 1
        case .finiteUnsignedZero: signBit
        case .exponentOnly: 0xFF
        }
    }

    /// The nearest pattern, ties to even. Beyond the range: infinity, or NaN where there is none.
    func encode(_ value: Float) -> UInt32 {
        if specials == .exponentOnly { return encodeExponent(value) }
        let sign = value.sign == .minus ? signBit : 0
        if value.isNaN { return specials == .finiteUnsignedZero ? notANumber : notANumber | sign }
        if value.isInfinite { return overflowed(sign) }
        // In units of the last place at this exponent, the pattern counts up with the magnitude.
        let exponent = value == 0 ? 1 - bias : max(Int(value.exponent), 1 - bias)
        let units = roundedUnits(value.magnitude, unit: exponent - mantissaBits)
        let pattern = UInt32(exponent - (1 - bias)) << UInt32(mantissaBits) + units
        if pattern > greatest { return overflowed(sign) }
        return pattern == 0 && specials == .finiteUnsignedZero ? 0 : pattern | sign
    }

    /// `magnitude / 2^unit` as a whole number, ties to even.
    private func roundedUnits(_ magnitude: Float, unit: Int) -> UInt32 {
        // Through double: 2^-unit may be beyond a float's range for bfloat16's subnormals.
        let scaled = Double(magnitude) * Double(sign: .plus, exponent: -unit, significand: 1)
        return UInt32(scaled.rounded(.toNearestOrEven))
    }

    /// The pattern of the greatest finite value.
    private var greatest: UInt32 {
        switch specials {
        case .ieee: (1 << UInt32(exponentBits) - 1) << UInt32(mantissaBits) - 1
        case .finite: signBit - 2
        case .finiteUnsignedZero: signBit - 1
        case .exponentOnly: 0xFE
        }
    }

    private func overflowed(_ sign: UInt32) -> UInt32 {
        switch specials {
        case .ieee: (1 << UInt32(exponentBits) - 1) << UInt32(mantissaBits) | sign
        case .finite: notANumber | sign
        case .finiteUnsignedZero, .exponentOnly: notANumber
        }
    }

    private func encodeExponent(_ value: Float) -> UInt32 {
        guard value > 0, value.isFinite else { return value == 0 ? 0 : 0xFF }
        // Ties go up, as in PyTorch; only the lowest pattern keeps them.
        let low = Int(value.exponent) + bias
        guard low >= 0 else { return 0 }
        let half = Float(sign: .plus, exponent: Int(value.exponent), significand: 1.5)
        let isUp = value > half || (value == half && low > 0)
        return UInt32(min(low + (isUp ? 1 : 0), 0xFF))
    }
}

extension Float {
    /// The nearest float, but odd instead of even when inexact: rounding it once more to fewer bits then gives what rounding
    /// `value` directly would.
    @inline(__always)
    init(roundingToOdd value: Double) {
        var nearest = Float(value)
        if Double(nearest) != value, nearest.isFinite, nearest.bitPattern & 1 == 0 {
            let isTooBig = abs(Double(nearest)) > abs(value)
            nearest = Float(bitPattern: isTooBig ? nearest.bitPattern &- 1 : nearest.bitPattern &+ 1)
        }
        self = nearest
    }
}
