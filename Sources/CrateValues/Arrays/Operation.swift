/// What two arrays, or an array and a number, can be combined by, element by element.
public enum BinaryOperation: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case logicalAnd = "and"
    case logicalOr = "or"
    case logicalXor = "xor"
    case minimum, maximum, atan2

    var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }

    var isLogical: Bool { self == .logicalAnd || self == .logicalOr || self == .logicalXor }
}

/// One side of an operation.
public enum Operand: Sendable {
    case array(Tensor)
    /// A number of the language; weak: see `Scalar`.
    case scalar(Scalar)

    var shape: [Int] {
        switch self {
        case .array(let tensor): tensor.shape
        case .scalar: []
        }
    }

    /// As an array of the given type.
    func converted(to dtype: DType) throws(ArrayError) -> Tensor {
        switch self {
        case .array(let tensor): try tensor.converted(to: dtype).aligned()
        case .scalar(let scalar): Tensor(scalar, dtype: dtype)
        }
    }
}

extension Tensor {
    /// `a op b`, broadcast, with numpy 2's types. At least one side is an array.
    public static func combine(_ operation: BinaryOperation, _ a: Operand, _ b: Operand) throws(ArrayError) -> Tensor {
        let shape = try broadcastShape(a.shape, b.shape)
        if operation.isLogical {
            return try combineBits(operation, a.converted(to: .bool), b.converted(to: .bool), shape)
        }
        if operation.isComparison, let known = try comparisonOutOfRange(operation, a, b, shape) { return known }
        let common = try commonType(operation, a, b)
        let (x, y) = (try a.converted(to: common), try b.converted(to: common))
        if common.isComplex { return try combineComplex(operation, x, y, shape) }
        if common == .bool { return try combineBits(operation, x, y, shape) }
        if operation == .floorDivide || operation == .remainder { try refuseZero(y) }
        if operation == .power { try refuseNegativeExponent(y) }
        if common.isSmallFloat {
            let wide = try combineReal(operation, x.converted(to: .float32), y.converted(to: .float32), shape)
            return wide.dtype == .bool ? wide : try wide.converted(to: common)
        }
        return try combineReal(operation, x, y, shape)
    }

    /// `self op other` for two arrays.
    public func combined(_ operation: BinaryOperation, with other: Tensor) throws(ArrayError) -> Tensor {
        try Tensor.combine(operation, .array(self), .array(other))
    }

    /// `self op scalar`.
    public func combined(_ operation: BinaryOperation, with scalar: Scalar) throws(ArrayError) -> Tensor {
        try Tensor.combine(operation, .array(self), .scalar(scalar))
    }

    // MARK: types

    /// The type that both sides are cast to.
    private static func commonType(_ operation: BinaryOperation, _ a: Operand, _ b: Operand) throws(ArrayError) -> DType {
        let common: DType
        switch (a, b) {
        case (.array(let x), .array(let y)): common = .promoted(x.dtype, y.dtype)
        case (.array(let x), .scalar(let y)): common = try weakType(operation, x.dtype, y)
        case (.scalar(let x), .array(let y)): common = try weakType(operation, y.dtype, x)
        case (.scalar(let x), .scalar(let y)): common = .promoted(x.naturalDType, y.naturalDType)
        }
        switch operation {
        case .divide: return common.isFloat || common.isComplex ? common : .float64
        case .atan2: return common.mathematical
        case .subtract where common == .bool:
            throw ArrayError(.type, "arrays of bool can't be subtracted", hint: "convert them first, as in int8(a) - int8(b)")
        case .floorDivide, .remainder, .power: return common == .bool ? .int8 : common
        default: return common
        }
    }

    private static func weakType(_ operation: BinaryOperation, _ dtype: DType, _ scalar: Scalar) throws(ArrayError) -> DType {
        let common = dtype.promoted(with: scalar)
        guard common.holds(scalar) || operation == .divide || operation == .atan2 else {
            throw ArrayError(
                .overflow, "\(scalar.text) doesn't fit \(dtype.rawValue), the array's type", hint: "convert the array first, as in int64(a)"
            )
        }
        return common
    }

    /// A whole number that the array's type can't hold still compares: it is beyond all elements.
    private static func comparisonOutOfRange(
        _ operation: BinaryOperation, _ a: Operand, _ b: Operand, _ shape: [Int]
    ) throws(ArrayError) -> Tensor? {
        let isAbove: Bool
        switch (a, b) {
        case (.array(let x), .scalar(let y)) where !x.dtype.holds(y): isAbove = y.toDouble < 0
        case (.scalar(let x), .array(let y)) where !y.dtype.holds(x): isAbove = x.toDouble > 0
        default: return nil
        }
        let answer =
            switch operation {
            case .equal: false
            case .notEqual: true
            case .greater, .greaterOrEqual: isAbove
            default: !isAbove
            }
        return try full(shape, .bool(answer))
    }

    private static func refuseZero(_ divisor: Tensor) throws(ArrayError) {
        guard divisor.dtype.isInteger, try divisor.combined(.equal, with: .int(0)).hasTrue() else { return }
        throw ArrayError(.divisionByZero, "a whole number can't be divided by zero", hint: "divide with / for infinity and nan")
    }

    private static func refuseNegativeExponent(_ exponent: Tensor) throws(ArrayError) {
        guard exponent.dtype.isSignedInteger, try exponent.combined(.less, with: .int(0)).hasTrue() else { return }
        throw ArrayError(.value, "whole numbers can't be raised to negative whole powers", hint: "convert the base to a float")
    }

    /// Whether any element of a bool array is true.
    func hasTrue() throws(ArrayError) -> Bool {
        let source = try contiguous()
        return source.withElements(of: UInt8.self) {
            UnsafeBufferPointer(start: $0 + source.offset, count: source.count).contains { $0 != 0 }
        }
    }
}
