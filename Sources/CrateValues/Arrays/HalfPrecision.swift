/// Quick conversions of the two 16-bit floats, free of branches that would keep the loops from being vectorised.
enum HalfPrecision {
    /// IEEE binary16 to binary32, exactly: the exponent is moved by a multiplication, which also handles subnormals.
    @inline(__always)
    static func decode(_ bits: UInt16) -> Float {
        let shifted = UInt32(bits & 0x7FFF) << 13
        let finite = (Float(bitPattern: shifted) * 0x1p112).bitPattern
        let magnitude = bits & 0x7C00 == 0x7C00 ? shifted | 0x7F80_0000 : finite
        return Float(bitPattern: magnitude | UInt32(bits & 0x8000) << 16)
    }

    /// IEEE binary32 to binary16, ties to even.
    @inline(__always)
    static func encode(_ value: Float) -> UInt16 {
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        // Adding 1/2 lines the last place of a subnormal up with the last place of a float.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000
        let normal = (magnitude &- 0x3800_0000 &+ 0xFFF &+ (magnitude >> 13 & 1)) >> 13
        let special: UInt32 = magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00
        let bits = magnitude >= 0x4780_0000 ? special : magnitude < 0x3880_0000 ? subnormal : normal
        return UInt16(truncatingIfNeeded: bits) | sign
    }

    /// bfloat16 is the upper half of a float.
    @inline(__always)
    static func decodeBrain(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// Ties to even; NaN stays NaN.
    @inline(__always)
    static func encodeBrain(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let rounded = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
        let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
        return UInt16(truncatingIfNeeded: isNaN ? bits >> 16 | 0x40 : rounded)
    }
}
