import CrateValues
import Glibc

/// Words and numbers.
extension JSONReader {
    mutating func readScalar() throws(FormatError) -> Document {
        switch peek() {
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        case UInt8(ascii: "-"): return takes("-Infinity") ? try nonFinite(-.infinity) : try readNumber()
        case UInt8(ascii: "t") where takes("true"): return .bool(true)
        case UInt8(ascii: "f") where takes("false"): return .bool(false)
        case UInt8(ascii: "n") where takes("null"): return .null
        case UInt8(ascii: "N") where takes("NaN"): return try nonFinite(.nan)
        case UInt8(ascii: "I") where takes("Infinity"): return try nonFinite(.infinity)
        default: throw missingValue()
        }
    }

    /// Goes past `word` if it stands here.
    private mutating func takes(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard let base = bytes.baseAddress, length <= end - position, memcmp(word.utf8Start, base + position, length) == 0 else {
            return false
        }
        position += length
        return true
    }

    private func nonFinite(_ value: Double) throws(FormatError) -> Document {
        guard options.allowsNonFinite else { throw malformed("a number that is not finite", at: position) }
        return .float(value)
    }

    /// A number with its significant digits gathered as an integer, as long as that is exact.
    private mutating func readNumber() throws(FormatError) -> Document {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        var digits = Digits()
        let firstDigit = position
        guard readDigits(&digits) > 0 else {
            throw position < end ? malformed("a digit must follow `-`", at: position) : truncated("in a number")
        }
        if bytes[firstDigit] == UInt8(ascii: "0"), position - firstDigit > 1 {
            throw malformed("a number with a leading zero", at: start, hint: "write it in quotes to keep the zero, or without it")
        }
        let isFloat = try readFractionAndExponent(&digits)
        guard position - start <= limits.digits else {
            throw FormatError(.limit, "JSON", "a number of more than \(limits.digits) digits", at: place(start))
        }
        if isFloat { return try float(digits, isNegative: isNegative, start: start) }
        if digits.isExact { return .integer(isNegative ? -Int(digits.value) : Int(digits.value)) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let value = Int(text) { return .integer(value) }
        guard let value = BigInteger(decimal: text) else { throw malformed("a number that is too long", at: start) }
        return .bigInteger(value)
    }

    private mutating func readFractionAndExponent(_ digits: inout Digits) throws(FormatError) -> Bool {
        var isFloat = false
        if take(UInt8(ascii: ".")) {
            isFloat = true
            let fraction = readDigits(&digits)
            guard fraction > 0 else {
                throw position < end ? malformed("a digit must follow the point", at: position) : truncated("in a number")
            }
            digits.exponent = -fraction
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            position += 1
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            var power = Digits()
            guard readDigits(&power) > 0 else {
                throw position < end ? malformed("a digit must follow `e`", at: position) : truncated("in a number")
            }
            // Beyond this bound the slow path decides.
            let magnitude = power.isExact ? Int(min(power.value, 100_000)) : 100_000
            digits.exponent += isNegative ? -magnitude : magnitude
        }
        return isFloat
    }

    /// Goes past digits, and answers how many there were.
    @inline(__always)
    private mutating func readDigits(_ digits: inout Digits) -> Int {
        let start = position
        while position < end {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            digits.append(digit)
            position += 1
        }
        return position - start
    }

    private func float(_ digits: Digits, isNegative: Bool, start: Int) throws(FormatError) -> Document {
        let value =
            digits.exactDouble.map { isNegative ? -$0 : $0 } ?? Double(String(decoding: bytes[start..<position], as: UTF8.self)) ?? .nan
        return value.isFinite ? .float(value) : try nonFinite(value)
    }
}

/// Decimal digits as a number, times a power of ten.
struct Digits {
    var value: UInt64 = 0
    private var count = 0
    var exponent = 0

    @inline(__always)
    mutating func append(_ digit: UInt8) {
        value = value &* 10 &+ UInt64(digit)
        if value != 0 { count &+= 1 }
    }

    /// Whether `value` holds all digits; 18 of them always fit.
    var isExact: Bool { count <= 18 }

    /// The nearest double, where one multiplication of two exact doubles gives it (Clinger's fast path).
    var exactDouble: Double? {
        guard isExact, value <= 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
        return exponent < 0 ? Double(value) / Digits.powerOfTen(-exponent) : Double(value) * Digits.powerOfTen(exponent)
    }

    /// 10 to the power of `exponent`, which is exact up to 22.
    private static func powerOfTen(_ exponent: Int) -> Double {
        var power = 1.0
        var base = 10.0
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { power *= base }
            base *= base
            rest >>= 1
        }
        return power
    }
}
