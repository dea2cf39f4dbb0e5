import CrateValues
import Glibc

// The operators of numbers, by Python's rules: an int that outgrows 64 bits becomes a big one and comes back when it
// fits; `/` gives a float; `//` and `%` round towards minus infinity.

extension BinaryOperator {
    var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }

    /// `nil` unless both values are numbers.
    func number(_ a: Value, _ b: Value) throws(Failure) -> Value? {
        switch (a, b) {
        case (.int(let a), .int(let b)): try ints(a, b)
        case (.float(let a), .float(let b)): try floats(a, b)
        case (.int(let a), .float(let b)): try floats(Double(a), b)
        case (.float(let a), .int(let b)): try floats(a, Double(b))
        case (.bigInt(let a), .bigInt(let b)): try bigInts(a, b)
        case (.bigInt(let a), .int(let b)): try bigInts(a, BigInteger(b))
        case (.int(let a), .bigInt(let b)): try bigInts(BigInteger(a), b)
        case (.bigInt(let a), .float(let b)): try floats(a.toDouble, b)
        case (.float(let a), .bigInt(let b)): try floats(a, b.toDouble)
        default: nil
        }
    }

    private func ints(_ a: Int, _ b: Int) throws(Failure) -> Value? {
        switch self {
        case .divide: return try floats(Double(a), Double(b))
        case .power: return try power(a, b)
        case .floorDivide, .remainder:
            if b == 0 { throw .divisionByZero }
            if a == Int.min, b == -1 { return try bigInts(BigInteger(a), BigInteger(b)) }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            let isRoundedUp = remainder != 0 && (remainder < 0) != (b < 0)
            return self == .floorDivide ? .int(isRoundedUp ? quotient - 1 : quotient) : .int(isRoundedUp ? remainder + b : remainder)
        case .add, .subtract, .multiply: return try bigInts(BigInteger(a), BigInteger(b))
        default: return nil
        }
    }

    private func power(_ base: Int, _ exponent: Int) throws(Failure) -> Value? {
        guard exponent >= 0 else { return try floats(Double(base), Double(exponent)) }
        var (result, factor, rest) = (1, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: factor)
                if overflow { return try bigInts(BigInteger(base), BigInteger(exponent)) }
                result = product
            }
            rest >>= 1
            if rest > 0 {
                let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
                if overflow { return try bigInts(BigInteger(base), BigInteger(exponent)) }
                factor = square
            }
        }
        return .int(result)
    }

    private func floats(_ a: Double, _ b: Double) throws(Failure) -> Value? {
        switch self {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .divide:
            if b == 0 { throw .divisionByZero }
            return .float(a / b)
        case .floorDivide, .remainder:
            if b == 0 { throw .divisionByZero }
            let (quotient, remainder) = BinaryOperator.floored(a, b)
            return .float(self == .floorDivide ? quotient : remainder)
        case .power:
            if a == 0, b < 0 { throw .divisionByZero }
            if a < 0, b.isFinite, b != b.rounded(.towardZero) {
                throw Failure("value", "a negative number has no power with a fraction among the real numbers")
            }
            return .float(pow(a, b))
        default: return nil
        }
    }

    /// As CPython computes them: the remainder has the divisor's sign, and the quotient is whole.
    private static func floored(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(a, b)
        var quotient = (a - remainder) / b
        if remainder != 0 {
            if (b < 0) != (remainder < 0) {
                remainder += b
                quotient -= 1
            }
        } else {
            remainder = copysign(0, b)
        }
        guard quotient != 0 else { return (copysign(0, a / b), remainder) }
        let floor = quotient.rounded(.down)
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
    }

    private func bigInts(_ a: BigInteger, _ b: BigInteger) throws(Failure) -> Value? {
        switch self {
        case .add: return Value(a + b)
        case .subtract: return Value(a - b)
        case .multiply: return try fits(a * b)
        case .floorDivide:
            guard let quotient = a.floorDivided(by: b) else { throw .divisionByZero }
            return Value(quotient)
        case .remainder:
            guard let remainder = a.remainder(dividingBy: b) else { throw .divisionByZero }
            return Value(remainder)
        case .divide: return try floats(a.toDouble, b.toDouble)
        case .power:
            guard b.signum >= 0 else { return try floats(a.toDouble, b.toDouble) }
            if a == BigInteger(1) || a.signum == 0 { return Value(b.signum == 0 ? BigInteger(1) : a) }
            if a == BigInteger(-1) { return .int(b.remainder(dividingBy: BigInteger(2))?.signum == 0 ? 1 : -1) }
            return try fits(b.asInt.flatMap { a.power($0) })
        default: return nil
        }
    }

    private func fits(_ number: BigInteger?) throws(Failure) -> Value {
        guard let number else { throw Failure("overflow", "the result of `\(rawValue)` has too many digits") }
        return Value(number)
    }
}

extension Value {
    /// An int when it fits 64 bits.
    public init(_ number: BigInteger) { self = number.asInt.map { .int($0) } ?? .bigInt(number) }
}

extension Failure {
    static var divisionByZero: Failure { Failure("division_by_zero", "division by zero") }
}
