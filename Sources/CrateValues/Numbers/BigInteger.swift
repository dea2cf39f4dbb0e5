import CGMP
import Glibc

/// An integer of any size, by GNU MP. Immutable, so it may be shared freely.
///
/// Division and remainder follow Python: they round towards minus infinity, and a remainder has the divisor's sign.
/// GNU MP ends the process when memory runs out, so whatever could grow fast answers `nil` beyond `maximumBits`.
public final class BigInteger: Sendable {
    /// The largest magnitude, in bits, that text, a product or a power may reach: about three million digits.
    public static let maximumBits = 10_000_000

    // Written only before the initialiser returns.
    nonisolated(unsafe) let storage: UnsafeMutablePointer<__mpz_struct>

    /// A new number that `fill` writes.
    private init(_ fill: (UnsafeMutablePointer<__mpz_struct>) -> Void) {
        storage = .allocate(capacity: 1)
        __gmpz_init(storage)
        fill(storage)
    }

    deinit {
        __gmpz_clear(storage)
        storage.deallocate()
    }

    public convenience init(_ value: Int) {
        self.init { __gmpz_set_si($0, value) }
    }

    public convenience init(_ value: UInt64) {
        self.init { __gmpz_set_ui($0, UInt(value)) }
    }

    /// The whole part of `value`; `nil` for an infinity or NaN.
    public convenience init?(truncating value: Double) {
        guard value.isFinite else { return nil }
        self.init { __gmpz_set_d($0, value) }
    }

    /// Decimal digits with an optional sign, and nothing else; `nil` for other text or too many digits.
    public convenience init?(decimal text: some StringProtocol) { self.init(text, radix: 10) }

    /// Digits of `radix` (2 to 16) with an optional sign, and nothing else; `nil` for other text or too many digits.
    public convenience init?(_ text: some StringProtocol, radix: Int) {
        var digits = Array(text.utf8)
        let isSigned = digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+")
        let isNegative = digits.first == UInt8(ascii: "-")
        if isSigned { digits.removeFirst() }
        // Four bits hold any digit, so this also keeps the value below `maximumBits`.
        guard !digits.isEmpty, digits.count < BigInteger.maximumBits / 4,
            digits.allSatisfy({ $0.hexadecimalDigit.map { $0 < radix } ?? false })
        else { return nil }
        digits.append(0)
        self.init { number in
            digits.withUnsafeBytes { _ = __gmpz_set_str(number, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(radix)) }
            if isNegative { __gmpz_neg(number, number) }
        }
    }

    // MARK: bytes, as pickles keep integers

    /// Two's complement, lowest byte first; no bytes are zero. `nil` when longer than `maximumBits`.
    public convenience init?(littleEndianTwosComplement bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= BigInteger.maximumBits / 8 else { return nil }
        self.init { number in
            __gmpz_import(number, bytes.count, -1, 1, 0, 0, bytes.baseAddress)
            guard let last = bytes.last, last >= 0x80 else { return }
            let modulus = BigInteger { __gmpz_setbit($0, UInt(bytes.count * 8)) }
            withExtendedLifetime(modulus) { __gmpz_sub(number, number, modulus.storage) }
        }
    }

    public convenience init?(littleEndianTwosComplement bytes: [UInt8]) {
        guard bytes.count <= BigInteger.maximumBits / 8 else { return nil }
        guard let number = bytes.withUnsafeBytes({ BigInteger(littleEndianTwosComplement: $0) }) else { return nil }
        self.init { copy in withExtendedLifetime(number) { __gmpz_set(copy, number.storage) } }
    }

    /// The shortest two's complement, lowest byte first; no bytes for zero.
    public var littleEndianTwosComplement: [UInt8] {
        withExtendedLifetime(self) {
            guard signum != 0 else { return [] }
            // For a negative number the complement (-x - 1) has the bits that decide the length.
            let magnitude = BigInteger { number in
                if signum < 0 { __gmpz_com(number, storage) } else { __gmpz_set(number, storage) }
            }
            let width = magnitude.bitWidthOfMagnitude / 8 + 1
            var bytes = [UInt8](repeating: 0, count: width)
            bytes.withUnsafeMutableBytes { _ = __gmpz_export($0.baseAddress, nil, -1, 1, 0, 0, magnitude.storage) }
            if signum < 0 { for index in bytes.indices { bytes[index] = ~bytes[index] } }
            return bytes
        }
    }

    // MARK: reading

    /// -1, 0 or 1.
    public var signum: Int {
        withExtendedLifetime(self) { Int(storage.pointee._mp_size.signum()) }
    }

    /// The bits of the absolute value: 0 for zero.
    public var bitWidthOfMagnitude: Int {
        withExtendedLifetime(self) { storage.pointee._mp_size == 0 ? 0 : Int(__gmpz_sizeinbase(storage, 2)) }
    }

    /// The value when it fits 64 signed bits.
    public var asInt: Int? {
        withExtendedLifetime(self) { __gmpz_fits_slong_p(storage) != 0 ? __gmpz_get_si(storage) : nil }
    }

    /// The value when it fits 64 unsigned bits.
    public var asUInt64: UInt64? {
        withExtendedLifetime(self) { __gmpz_fits_ulong_p(storage) != 0 ? UInt64(__gmpz_get_ui(storage)) : nil }
    }

    /// The nearest double, ties to even; infinite beyond the range.
    public var toDouble: Double {
        let width = bitWidthOfMagnitude
        guard width > 64 else {
            let top = withExtendedLifetime(self) { UInt64(__gmpz_get_ui(storage)) }
            return signum < 0 ? -Double(top) : Double(top)
        }
        guard width <= 1024 else { return signum < 0 ? -.infinity : .infinity }
        let shift = width - 64
        let top = BigInteger { number in withExtendedLifetime(self) { __gmpz_tdiv_q_2exp(number, storage, UInt(shift)) } }
        var bits = withExtendedLifetime(top) { UInt64(__gmpz_get_ui(top.storage)) }
        // The last of 64 bits lies below the rounding bit of 53: it may stand for everything that was cut off.
        if withExtendedLifetime(self, { Int(__gmpz_scan1(storage, 0)) }) < shift { bits |= 1 }
        let magnitude = Double(sign: .plus, exponent: shift, significand: Double(bits))
        return signum < 0 ? -magnitude : magnitude
    }

    // MARK: arithmetic

    private static func combine(
        _ a: BigInteger, _ b: BigInteger,
        _ operation: (UnsafeMutablePointer<__mpz_struct>, UnsafeMutablePointer<__mpz_struct>, UnsafeMutablePointer<__mpz_struct>) -> Void
    ) -> BigInteger {
        withExtendedLifetime((a, b)) { BigInteger { operation($0, a.storage, b.storage) } }
    }

    public static func + (a: BigInteger, b: BigInteger) -> BigInteger { combine(a, b) { __gmpz_add($0, $1, $2) } }

    public static func - (a: BigInteger, b: BigInteger) -> BigInteger { combine(a, b) { __gmpz_sub($0, $1, $2) } }

    /// `nil` when the product could have more than `maximumBits` bits.
    public static func * (a: BigInteger, b: BigInteger) -> BigInteger? {
        guard a.bitWidthOfMagnitude + b.bitWidthOfMagnitude <= maximumBits else { return nil }
        return combine(a, b) { __gmpz_mul($0, $1, $2) }
    }

    /// Python's `//`; `nil` for a zero divisor.
    public func floorDivided(by divisor: BigInteger) -> BigInteger? {
        guard divisor.signum != 0 else { return nil }
        return BigInteger.combine(self, divisor) { __gmpz_fdiv_q($0, $1, $2) }
    }

    /// Python's `%`; `nil` for a zero divisor.
    public func remainder(dividingBy divisor: BigInteger) -> BigInteger? {
        guard divisor.signum != 0 else { return nil }
        return BigInteger.combine(self, divisor) { __gmpz_fdiv_r($0, $1, $2) }
    }

    /// `nil` for a negative exponent, or when the result could have more than `limit` bits.
    public func power(_ exponent: Int, limit: Int = BigInteger.maximumBits) -> BigInteger? {
        guard exponent >= 0 else { return nil }
        if bitWidthOfMagnitude > 1 {
            let bits = bitWidthOfMagnitude < 1000 ? log2(abs(toDouble)) : Double(bitWidthOfMagnitude)
            guard bits * Double(exponent) < Double(limit) else { return nil }
        }
        return withExtendedLifetime(self) { BigInteger { __gmpz_pow_ui($0, storage, UInt(exponent)) } }
    }

    public var negated: BigInteger {
        withExtendedLifetime(self) { BigInteger { __gmpz_neg($0, storage) } }
    }

    public var magnitude: BigInteger { signum < 0 ? negated : self }
}
