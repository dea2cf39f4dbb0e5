/// The generator behind every random draw: xoshiro256** by Blackman and Vigna, seeded through SplitMix64.
///
/// What a seed gives never changes: the same seed, function, shape and type give the same elements with every version and on
/// every machine. Normal draws therefore use their own logarithm, made of operations that IEEE 754 rounds exactly.
public struct RandomGenerator: Sendable, RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    /// The second of a pair of normal draws.
    private var spare: Double?

    public init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var value = mixer
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
        state = (next(), next(), next(), next())
    }

    /// The next 64 random bits.
    @inline(__always)
    public mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// A multiple of 2^-53 in 0..<1.
    @inline(__always)
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in 0..<`bound`, every one as likely (Lemire's method). The bound is not zero.
    @inline(__always)
    public mutating func below(_ bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A draw from the normal distribution of mean 0 and deviation 1 (Marsaglia's polar method).
    public mutating func normal() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        while true {
            let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
            let radius = x * x + y * y
            guard radius < 1, radius > 0 else { continue }
            let scale = (-2 * exactlyRepeatableLogarithm(radius) / radius).squareRoot()
            spare = y * scale
            return x * scale
        }
    }
}

/// The natural logarithm of a positive normal number, to about the last place, from additions, products and quotients alone.
private func exactlyRepeatableLogarithm(_ value: Double) -> Double {
    var exponent = Double(value.exponent)
    var mantissa = value.significand
    if mantissa > 1.414_213_562_373_095_1 {
        mantissa /= 2
        exponent += 1
    }
    // log m = 2 artanh s with s = (m - 1) / (m + 1), at most 0.172: the series ends below one part in 10^17.
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    for denominator in stride(from: 23.0, through: 3, by: -2) { sum = (sum + 1 / denominator) * square }
    return exponent * 0.693_147_180_559_945_3 + 2 * s * (1 + sum)
}
