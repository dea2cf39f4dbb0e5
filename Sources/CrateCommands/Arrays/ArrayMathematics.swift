import CrateLanguage
import CrateValues

extension ArrayFunction {
    /// Functions of each element; of plain numbers they give plain numbers.
    static let mathematics: [ArrayFunction] =
        [abs, round, sign, floor, ceil, trunc] + floatFunctions.map { unary($0.0, $0.1, $0.2) } + tests
        + [
            binary(.atan2, "Give the angle of the point (x, y).", ("y", "x"), "atan2(0.0, 1.0)  # 0.0"),
            binary(.minimum, "Give the lesser of each pair.", ("a", "b"), "minimum([1, 5], 3).tolist()  # [1, 3]"),
            binary(.maximum, "Give the greater of each pair.", ("a", "b"), "maximum([1, 5], 3).tolist()  # [3, 5]"),
            binary(
                .logicalAnd, "Tell where both are true.", ("a", "b"), "logical_and([true, true], [true, false]).tolist()  # [true, false]"),
            binary(.logicalOr, "Tell where one is true.", ("a", "b"), "logical_or([true, false], false).tolist()  # [true, false]"),
            binary(
                .logicalXor, "Tell where exactly one is true.", ("a", "b"), "logical_xor([true, false], true).tolist()  # [false, true]"),
        ]

    private static let floatFunctions: [(UnaryOperation, String, String)] = [
        (.sqrt, "Give the square root.", "sqrt(9)  # 3.0"), (.cbrt, "Give the cube root.", "cbrt(27)  # 3.0"),
        (.exp, "Raise e to a power.", "exp(0)  # 1.0"), (.expm1, "Give exp(x) - 1 exactly for small x.", "expm1(0)  # 0.0"),
        (.exp2, "Raise 2 to a power.", "exp2(3)  # 8.0"),
        (.log, "Give the natural logarithm.", "log(1)  # 0.0"), (.log2, "Give the logarithm to base 2.", "log2(8)  # 3.0"),
        (.log10, "Give the logarithm to base 10.", "log10(1000)  # 3.0"),
        (.log1p, "Give log(1 + x) exactly for small x.", "log1p(0)  # 0.0"),
        (.sin, "Give the sine of an angle in radians.", "sin(0)  # 0.0"),
        (.cos, "Give the cosine of an angle in radians.", "cos(0)  # 1.0"),
        (.tan, "Give the tangent of an angle in radians.", "tan(0)  # 0.0"), (.asin, "Give the angle of a sine.", "asin(0)  # 0.0"),
        (.acos, "Give the angle of a cosine.", "acos(1)  # 0.0"), (.atan, "Give the angle of a tangent.", "atan(0)  # 0.0"),
        (.sinh, "Give the hyperbolic sine.", "sinh(0)  # 0.0"), (.cosh, "Give the hyperbolic cosine.", "cosh(0)  # 1.0"),
        (.tanh, "Give the hyperbolic tangent.", "tanh(0)  # 0.0"), (.asinh, "Give the number of a hyperbolic sine.", "asinh(0)  # 0.0"),
        (.acosh, "Give the number of a hyperbolic cosine.", "acosh(1)  # 0.0"),
        (.atanh, "Give the number of a hyperbolic tangent.", "atanh(0)  # 0.0"),
        (.degrees, "Turn radians into degrees.", "degrees(0)  # 0.0"), (.radians, "Turn degrees into radians.", "radians(0)  # 0.0"),
    ]

    private static let tests: [ArrayFunction] = [
        test(.isnan, "Tell which elements are not a number.", "isnan([1.5]).tolist()  # [false]"),
        test(.isinf, "Tell which elements are infinite.", "isinf(1.5)  # false"),
        test(.isfinite, "Tell which elements are finite.", "isfinite(1.5)  # true"),
        ArrayFunction(
            "logical_not", "Turn true and false round.", [operandParameter], ["logical_not([true, false]).tolist()  # [false, true]"]
        ) {
            (call) throws(Failure) in
            let tensor = try call.tensor(0)
            return try arrayResult { () throws(ArrayError) in try tensor.elementwise(.logicalNot) }
        },
    ]

    private static let operandParameter = Parameter("x", .numbers, .required, "a number, list or array")

    /// Of a plain number: a float, and an error where there is none.
    private static func unary(_ operation: UnaryOperation, _ summary: String, _ example: String) -> ArrayFunction {
        ArrayFunction(operation.rawValue, summary, [operandParameter], [example]) { (call) throws(Failure) in
            if let value = call[0], let number = plainDouble(value) { return .float(try checked(operation, number)) }
            let tensor = try call.tensor(0)
            return try arrayResult { () throws(ArrayError) in try tensor.elementwise(operation) }
        }
    }

    private static func checked(_ operation: UnaryOperation, _ number: Double) throws(Failure) -> Double {
        let result = operation(number)
        if result.isFinite || !number.isFinite { return result }
        guard operation(number).isNaN || operation.rawValue.hasPrefix("log") || operation == .atanh else {
            throw Failure("overflow", "\(operation.rawValue) of \(number.shortestText) is too large for a float")
        }
        throw Failure("value", "\(operation.rawValue) of \(number.shortestText) is not defined")
    }

    private static func plainDouble(_ value: Value) -> Double? {
        switch value {
        case .bigInt(let number): number.toDouble
        default: Scalar(value)?.toDouble
        }
    }

    private static func test(_ operation: UnaryOperation, _ summary: String, _ example: String) -> ArrayFunction {
        ArrayFunction(operation.rawValue, summary, [operandParameter], [example]) { (call) throws(Failure) in
            let tensor = try call.tensor(0)
            return try arrayResult { () throws(ArrayError) in try tensor.elementwise(operation) }
        }
    }

    private static func binary(_ operation: BinaryOperation, _ summary: String, _ names: (String, String), _ example: String)
        -> ArrayFunction
    {
        let name = operation.isWord ? operation.rawValue : "logical_" + operation.rawValue
        let parameters = [
            Parameter(names.0, .numbers, .required, "a number, list or array"), Parameter(names.1, .numbers, .required, "a number, list or array"),
        ]
        return ArrayFunction(name, summary, parameters, [example]) { (call) throws(Failure) in
            let (a, b) = (try call.operand(0), try call.operand(1))
            return try arrayResult { () throws(ArrayError) in try Tensor.combine(operation, a, b) }
        }
    }

    // MARK: that keep whole numbers whole

    private static let abs = ArrayFunction(
        "abs", "Give the absolute value.", [operandParameter], ["abs(-3)  # 3", "abs(array([-1.5, 2.0])).tolist()  # [1.5, 2.0]"]
    ) { (call) throws(Failure) in
        switch call[0] {
        case .int(let number): return number == .min ? .bigInt(BigInteger(number).magnitude) : .int(Swift.abs(number))
        case .bigInt(let number): return .bigInt(number.magnitude)
        case .float(let number): return .float(number.magnitude)
        default:
            let tensor = try call.tensor(0)
            return try arrayResult { () throws(ArrayError) in try tensor.elementwise(.abs) }
        }
    }

    private static let sign = ArrayFunction(
        "sign", "Give -1, 0 or 1 by the sign.", [operandParameter], ["sign(-2.5)  # -1.0", "sign([3, 0]).tolist()  # [1, 0]"]
    ) { (call) throws(Failure) in
        let tensor = try call.tensor(0)
        return try arrayResult { () throws(ArrayError) in try tensor.elementwise(.sign) }
    }

    private static let floor = whole(.floor, "Round down.", "floor(-1.5)  # -2")
    private static let ceil = whole(.ceil, "Round up.", "ceil(1.2)  # 2")
    private static let trunc = whole(.trunc, "Cut the fraction off.", "trunc(-1.7)  # -1")

    /// Of a plain number, a whole number; of an array, an array of the same type.
    private static func whole(_ operation: UnaryOperation, _ summary: String, _ example: String) -> ArrayFunction {
        ArrayFunction(operation.rawValue, summary, [operandParameter], [example]) { (call) throws(Failure) in
            switch call[0] {
            case .int, .bigInt: return call[0] ?? .null
            case .float(let number): return try wholeValue(operation(number))
            default:
                let tensor = try call.tensor(0)
                return try arrayResult { () throws(ArrayError) in try tensor.elementwise(operation) }
            }
        }
    }

    private static func wholeValue(_ number: Double) throws(Failure) -> Value {
        if let small = Int(exactly: number) { return .int(small) }
        guard let big = BigInteger(truncating: number) else {
            throw Failure("value", "\(number.shortestText) can't be rounded to a whole number")
        }
        return .bigInt(big)
    }

    private static let round = ArrayFunction(
        "round", "Round, half to even.",
        [operandParameter, Parameter("decimals", .int, .optional, "places after the point; negative for tens and hundreds")],
        ["round(2.5)  # 2", "round(3.14159, 2)  # 3.14", "round(array([0.5, 1.5])).tolist()  # [0.0, 2.0]"]
    ) { (call) throws(Failure) in
        let places = try call.int(1)
        switch call[0] {
        case .int, .bigInt: if places ?? 0 >= 0 { return call[0] ?? .null }
        case .float(let number):
            guard let places else { return try wholeValue(UnaryOperation.rint(number)) }
            // By way of text, which is rounded exactly: 2.675 is a little less than it looks, and gives 2.67.
            if places >= 0, number.isFinite, let text = NumberFormat(".\(min(places, 400))f")?.text(number), let result = Double(text) {
                return .float(result)
            }
        default: break
        }
        let tensor = try call.tensor(0)
        return try arrayResult { () throws(ArrayError) in try tensor.rounded(decimals: places ?? 0) }
    }
}

extension BinaryOperation {
    /// Whether the function has the operation's own name.
    fileprivate var isWord: Bool { self == .atan2 || self == .minimum || self == .maximum }
}
