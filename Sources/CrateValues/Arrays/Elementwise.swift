import Glibc

/// What can be done to each element of one array.
public enum UnaryOperation: String, Sendable, CaseIterable {
    case abs, negative, sign, square, logicalNot
    case floor, ceil, trunc, rint
    case isnan, isinf, isfinite
    case sqrt, cbrt, exp, expm1, exp2, log, log2, log10, log1p
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh
    case degrees, radians

    /// Gives floats whatever it is given.
    var isMathematical: Bool {
        switch self {
        case .abs, .negative, .sign, .square, .logicalNot, .floor, .ceil, .trunc, .rint, .isnan, .isinf, .isfinite: false
        default: true
        }
    }

    /// The value for one double, by the C library.
    public func callAsFunction(_ x: Double) -> Double {
        switch self {
        case .abs: Swift.abs(x)
        case .negative: -x
        case .sign: x > 0 ? 1 : x < 0 ? -1 : x
        case .square: x * x
        case .logicalNot: x == 0 ? 1 : 0
        case .floor: x.rounded(.down)
        case .ceil: x.rounded(.up)
        case .trunc: x.rounded(.towardZero)
        case .rint: x.rounded(.toNearestOrEven)
        case .isnan: x.isNaN ? 1 : 0
        case .isinf: x.isInfinite ? 1 : 0
        case .isfinite: x.isFinite ? 1 : 0
        default: mathematical(x)
        }
    }

    /// The C library's root of 27 is a little more than 3; a step of Newton's method puts that right.
    private func cubeRoot(_ x: Double) -> Double {
        let root = Glibc.cbrt(x)
        guard root.isFinite, root * root > 0 else { return root }
        let better = root - (root * root * root - x) / (3 * root * root)
        return better.isFinite ? better : root
    }

    private func mathematical(_ x: Double) -> Double {
        switch self {
        case .sqrt: x.squareRoot()
        case .cbrt: cubeRoot(x)
        case .exp: Glibc.exp(x)
        case .expm1: Glibc.expm1(x)
        case .exp2: Glibc.exp2(x)
        case .log: Glibc.log(x)
        case .log2: Glibc.log2(x)
        case .log10: Glibc.log10(x)
        case .log1p: Glibc.log1p(x)
        case .sin: Glibc.sin(x)
        case .cos: Glibc.cos(x)
        case .tan: Glibc.tan(x)
        case .asin: Glibc.asin(x)
        case .acos: Glibc.acos(x)
        case .atan: Glibc.atan(x)
        case .sinh: Glibc.sinh(x)
        case .cosh: Glibc.cosh(x)
        case .tanh: Glibc.tanh(x)
        case .asinh: Glibc.asinh(x)
        case .acosh: Glibc.acosh(x)
        case .atanh: Glibc.atanh(x)
        case .degrees: x * (180 / Double.pi)
        default: x * (Double.pi / 180)
        }
    }
}

extension Tensor {
    /// `operation` on each element, with numpy's types: mathematics gives floats, `isnan` and its like bool, the rest keeps the type.
    public func elementwise(_ operation: UnaryOperation) throws(ArrayError) -> Tensor {
        if operation == .logicalNot { return try converted(to: .bool).aligned().map(UInt8.self, to: .bool, as: Bool.self) { $0 == 0 } }
        if dtype.isComplex { return try complexElementwise(operation) }
        if dtype == .bool { return try boolElementwise(operation) }
        if operation.isMathematical || dtype.isSmallFloat { return try floatElementwise(operation) }
        if dtype.isInteger { return try wholeElementwise(operation) }
        return try aligned().apply(operation)
    }

    private func floatElementwise(_ operation: UnaryOperation) throws(ArrayError) -> Tensor {
        let target = dtype.mathematical
        let computed = try converted(to: target.isSmallFloat ? .float32 : target).aligned().apply(operation)
        return computed.dtype == .bool ? computed : try computed.converted(to: target)
    }

    /// On float32 or float64.
    private func apply(_ operation: UnaryOperation) throws(ArrayError) -> Tensor {
        dtype == .float32 ? try apply(operation, Float.self) : try apply(operation, Double.self)
    }

    private func apply<T: RealElement & BinaryFloatingPoint>(_ operation: UnaryOperation, _ type: T.Type) throws(ArrayError) -> Tensor {
        switch operation {
        case .abs: return try map(T.self, to: dtype, as: T.self) { $0.magnitude }
        case .negative: return try map(T.self, to: dtype, as: T.self) { -$0 }
        case .square: return try map(T.self, to: dtype, as: T.self) { $0 * $0 }
        case .sqrt: return try map(T.self, to: dtype, as: T.self) { $0.squareRoot() }
        case .floor: return try map(T.self, to: dtype, as: T.self) { $0.rounded(.down) }
        case .ceil: return try map(T.self, to: dtype, as: T.self) { $0.rounded(.up) }
        case .trunc: return try map(T.self, to: dtype, as: T.self) { $0.rounded(.towardZero) }
        case .rint: return try map(T.self, to: dtype, as: T.self) { $0.rounded(.toNearestOrEven) }
        case .isnan: return try map(T.self, to: .bool, as: Bool.self) { $0.isNaN }
        case .isinf: return try map(T.self, to: .bool, as: Bool.self) { $0.isInfinite }
        case .isfinite: return try map(T.self, to: .bool, as: Bool.self) { $0.isFinite }
        case .exp: return try map(T.self, to: dtype, as: T.self) { T(Glibc.exp(Double($0))) }
        case .log: return try map(T.self, to: dtype, as: T.self) { T(Glibc.log(Double($0))) }
        case .sin: return try map(T.self, to: dtype, as: T.self) { T(Glibc.sin(Double($0))) }
        case .cos: return try map(T.self, to: dtype, as: T.self) { T(Glibc.cos(Double($0))) }
        default: return try map(T.self, to: dtype, as: T.self) { T(operation(Double($0))) }
        }
    }

    // MARK: whole numbers and booleans

    private func wholeElementwise(_ operation: UnaryOperation) throws(ArrayError) -> Tensor {
        switch operation {
        case .floor, .ceil, .trunc, .rint: return self
        case .isnan, .isinf: return try Tensor.zeros(shape, dtype: .bool)
        case .isfinite: return try Tensor.ones(shape, dtype: .bool)
        case .abs where dtype.isUnsignedInteger: return self
        default: break
        }
        let source = try aligned()
        switch dtype {
        case .int8: return try source.applyWhole(operation, Int8.self)
        case .int16: return try source.applyWhole(operation, Int16.self)
        case .int32: return try source.applyWhole(operation, Int32.self)
        case .int64: return try source.applyWhole(operation, Int64.self)
        case .uint8: return try source.applyWhole(operation, UInt8.self)
        case .uint16: return try source.applyWhole(operation, UInt16.self)
        case .uint32: return try source.applyWhole(operation, UInt32.self)
        default: return try source.applyWhole(operation, UInt64.self)
        }
    }

    private func applyWhole<T: RealElement & FixedWidthInteger>(_ operation: UnaryOperation, _ type: T.Type) throws(ArrayError) -> Tensor {
        switch operation {
        case .abs: try map(T.self, to: dtype, as: T.self) { $0 < 0 ? 0 &- $0 : $0 }
        case .negative: try map(T.self, to: dtype, as: T.self) { 0 &- $0 }
        case .square: try map(T.self, to: dtype, as: T.self) { $0 &* $0 }
        default: try map(T.self, to: dtype, as: T.self) { T(truncatingIfNeeded: $0.signum()) }
        }
    }

    private func boolElementwise(_ operation: UnaryOperation) throws(ArrayError) -> Tensor {
        switch operation {
        case .negative: throw ArrayError(.type, "an array of bool can't be negated with -", hint: "use logical_not(a)")
        case .abs, .square, .floor, .ceil, .trunc, .rint: return self
        case .sign: return try converted(to: .int8)
        case .isnan, .isinf, .isfinite: return try converted(to: .uint8).wholeElementwise(operation)
        default: return try floatElementwise(operation)
        }
    }

    private func complexElementwise(_ operation: UnaryOperation) throws(ArrayError) -> Tensor {
        switch operation {
        case .negative: return try Tensor.complex(real.elementwise(.negative), imaginary.elementwise(.negative))
        case .square: return try combined(.multiply, with: self)
        case .isnan, .isinf: return try real.elementwise(operation).combined(.logicalOr, with: imaginary.elementwise(operation))
        case .isfinite: return try real.elementwise(operation).combined(.logicalAnd, with: imaginary.elementwise(operation))
        case .abs:
            let source = try aligned()
            return dtype == .complex64
                ? try source.map(Complex<Float>.self, to: .float32, as: Float.self) { hypotf($0.real, $0.imaginary) }
                : try source.map(Complex<Double>.self, to: .float64, as: Double.self) { hypot($0.real, $0.imaginary) }
        default: throw ArrayError(.type, "\(operation.rawValue) is not defined for arrays of \(dtype.rawValue)")
        }
    }
}
