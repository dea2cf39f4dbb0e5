import Glibc

/// The inner loops of operations on two arrays of one type, specialised for each element type and operation.
extension Tensor {
    /// Both sides have one of the types that loops compute in.
    static func combineReal(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ shape: [Int]) throws(ArrayError) -> Tensor {
        switch a.dtype {
        case .int8: try combine(operation, a, b, shape, Int8.self)
        case .int16: try combine(operation, a, b, shape, Int16.self)
        case .int32: try combine(operation, a, b, shape, Int32.self)
        case .int64: try combine(operation, a, b, shape, Int64.self)
        case .uint8: try combine(operation, a, b, shape, UInt8.self)
        case .uint16: try combine(operation, a, b, shape, UInt16.self)
        case .uint32: try combine(operation, a, b, shape, UInt32.self)
        case .uint64: try combine(operation, a, b, shape, UInt64.self)
        case .float32: try combineFloat(operation, a, b, shape, Float.self)
        default: try combineFloat(operation, a, b, shape, Double.self)
        }
    }

    private static func combine<T: RealElement>(
        _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ shape: [Int], _ type: T.Type
    ) throws(ArrayError) -> Tensor {
        switch operation {
        case .add: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T.sum(x, y) }
        case .subtract: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T.difference(x, y) }
        case .multiply: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T.product(x, y) }
        case .floorDivide: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T.floorQuotient(x, y) }
        case .remainder: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T.floorRemainder(x, y) }
        case .power:
            if b.rank == 0, case let two = b.element(atOffset: b.offset), two == .int(2) || two == .float(2) {
                return try combine(.multiply, a, a, shape, type)
            }
            return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T.power(x, y) }
        case .equal: return try loop(a, b, shape, to: .bool) { (x: T, y: T) in x == y }
        case .notEqual: return try loop(a, b, shape, to: .bool) { (x: T, y: T) in x != y }
        case .less: return try loop(a, b, shape, to: .bool) { (x: T, y: T) in x < y }
        case .lessOrEqual: return try loop(a, b, shape, to: .bool) { (x: T, y: T) in x <= y }
        case .greater: return try loop(b, a, shape, to: .bool) { (x: T, y: T) in x < y }
        case .greaterOrEqual: return try loop(b, a, shape, to: .bool) { (x: T, y: T) in x <= y }
        case .minimum: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in prefer(x, x < y ? x : y) }
        case .maximum: return try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in prefer(x, x > y ? x : y) }
        default: throw undefined(operation, T.dtype)
        }
    }

    private static func combineFloat<T: RealElement & BinaryFloatingPoint>(
        _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ shape: [Int], _ type: T.Type
    ) throws(ArrayError) -> Tensor {
        switch operation {
        case .divide: try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in x / y }
        case .atan2: try loop(a, b, shape, to: T.dtype) { (x: T, y: T) in T(Glibc.atan2(Double(x), Double(y))) }
        default: try combine(operation, a, b, shape, type)
        }
    }

    /// Booleans: one byte each, 0 or 1, so that order and equality are those of the bytes. Any byte not 0 counts as true.
    static func combineBits(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ shape: [Int]) throws(ArrayError) -> Tensor {
        switch operation {
        case .logicalAnd, .multiply, .minimum: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in x != 0 && y != 0 }
        case .logicalOr, .add, .maximum: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in x != 0 || y != 0 }
        case .logicalXor, .notEqual: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in (x != 0) != (y != 0) }
        case .equal: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in (x != 0) == (y != 0) }
        case .less: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in x == 0 && y != 0 }
        case .lessOrEqual: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in x == 0 || y != 0 }
        case .greater: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in x != 0 && y == 0 }
        case .greaterOrEqual: try loop(a, b, shape, to: .bool) { (x: UInt8, y: UInt8) in x != 0 || y == 0 }
        default: throw undefined(operation, .bool)
        }
    }

    static func combineComplex(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ shape: [Int]) throws(ArrayError) -> Tensor {
        a.dtype == .complex64
            ? try combineComplex(operation, a, b, shape, Float.self) : try combineComplex(operation, a, b, shape, Double.self)
    }

    private static func combineComplex<Part: RealElement & BinaryFloatingPoint>(
        _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ shape: [Int], _ part: Part.Type
    ) throws(ArrayError) -> Tensor {
        typealias Number = Complex<Part>
        switch operation {
        case .add: return try loop(a, b, shape, to: a.dtype) { (x: Number, y: Number) in Number.sum(x, y) }
        case .subtract: return try loop(a, b, shape, to: a.dtype) { (x: Number, y: Number) in Number.difference(x, y) }
        case .multiply: return try loop(a, b, shape, to: a.dtype) { (x: Number, y: Number) in Number.product(x, y) }
        case .divide: return try loop(a, b, shape, to: a.dtype) { (x: Number, y: Number) in Number.quotient(x, y) }
        case .equal: return try loop(a, b, shape, to: .bool) { (x: Number, y: Number) in x == y }
        case .notEqual: return try loop(a, b, shape, to: .bool) { (x: Number, y: Number) in x != y }
        default: throw undefined(operation, a.dtype)
        }
    }

    static func undefined(_ operation: BinaryOperation, _ dtype: DType) -> ArrayError {
        ArrayError(.type, "\(operation.rawValue) is not defined for arrays of \(dtype.rawValue)")
    }

    /// NaN when `x` is it, otherwise `other`. A choice after a choice, not one with `||`, compiles without branches.
    @inline(__always)
    private static func prefer<T: RealElement>(_ x: T, _ other: T) -> T { x.isNotANumber ? x : other }

    /// One new element per pair. Both sides are broadcast to `shape`; runs that stand still on one side keep it in a register.
    @inline(__always)
    private static func loop<Source: BitwiseCopyable, Result: BitwiseCopyable>(
        _ a: Tensor, _ b: Tensor, _ shape: [Int], to dtype: DType, _ operation: (Source, Source) -> Result
    ) throws(ArrayError) -> Tensor {
        let runs = StridedLoop(try a.layout.broadcast(to: shape), try b.layout.broadcast(to: shape))
        let (length, p, q) = (runs.runLength, runs.step.0, runs.step.1)
        return try make(dtype, shape, as: Result.self) { (out, _) throws(ArrayError) in
            a.withElements(of: Source.self) { left in
                b.withElements(of: Source.self) { right in
                    var next = out
                    runs.forEachRun { i, j, _ in
                        let (x, y) = (left + i, right + j)
                        if p == 1 && q == 1 {
                            for index in 0..<length { next[index] = operation(x[index], y[index]) }
                        } else if p == 1 && q == 0 {
                            let fixed = y.pointee
                            for index in 0..<length { next[index] = operation(x[index], fixed) }
                        } else if p == 0 && q == 1 {
                            let fixed = x.pointee
                            for index in 0..<length { next[index] = operation(fixed, y[index]) }
                        } else {
                            for index in 0..<length { next[index] = operation(x[index &* p], y[index &* q]) }
                        }
                        next += length
                    }
                }
            }
        }
    }
}
