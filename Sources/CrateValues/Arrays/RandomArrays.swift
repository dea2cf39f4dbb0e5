/// Random arrays. Elements are drawn in C order, one or more words of the generator each.
extension Tensor {
    /// Floats in 0..<1, evenly spread, with as many random bits as the type has.
    public static func random(_ shape: [Int], dtype: DType = .float64, using generator: inout RandomGenerator) throws(ArrayError) -> Tensor
    {
        guard dtype.isFloat else { throw ArrayError(.type, "random draws floats, not \(dtype.rawValue)", hint: "use random_integers") }
        if dtype == .float64 {
            return try make(shape, of: Double.self) { (out, count) throws(ArrayError) in
                try ArrayWork.inStretches(count) { for index in $0 { out[index] = generator.uniform() } }
            }
        }
        // Fewer bits than the type's precision, so that rounding never gives 1.
        let bits: UInt64 =
            switch dtype {
            case .float32: 24
            case .float16: 11
            case .bfloat16: 8
            default: 3
            }
        let unit = Float(sign: .plus, exponent: -Int(bits), significand: 1)
        return try make(shape, of: Float.self) { (out, count) throws(ArrayError) in
            try ArrayWork.inStretches(count) { for index in $0 { out[index] = Float(generator.next() >> (64 - bits)) * unit } }
        }.converted(to: dtype)
    }

    /// Draws from the normal distribution.
    public static func randomNormal(
        _ shape: [Int], mean: Double = 0, deviation: Double = 1, dtype: DType = .float64, using generator: inout RandomGenerator
    ) throws(ArrayError) -> Tensor {
        guard dtype.isFloat else { throw ArrayError(.type, "random_normal draws floats, not \(dtype.rawValue)") }
        guard deviation >= 0 else { throw ArrayError(.value, "a deviation can't be negative: \(deviation.shortestText)") }
        return try make(shape, of: Double.self) { (out, count) throws(ArrayError) in
            try ArrayWork.inStretches(count) { for index in $0 { out[index] = mean + deviation * generator.normal() } }
        }.converted(to: dtype)
    }

    /// Whole numbers from `low` up to but without `high`, every one as likely.
    public static func randomIntegers(
        _ low: Int, _ high: Int, shape: [Int], dtype: DType = .int64, using generator: inout RandomGenerator
    ) throws(ArrayError) -> Tensor {
        guard low < high else { throw ArrayError(.value, "there is no whole number from \(low) up to but without \(high)") }
        guard dtype.isInteger || dtype == .bool else {
            throw ArrayError(.type, "random_integers draws whole numbers, not \(dtype.rawValue)")
        }
        let limits: DType = dtype == .bool ? .uint8 : dtype
        guard limits.holds(.int(low)), limits.holds(.int(high - 1)), dtype != .bool || (low >= 0 && high <= 2) else {
            throw ArrayError(.overflow, "numbers from \(low) to \(high - 1) don't fit \(dtype.rawValue)")
        }
        let bound = UInt64(bitPattern: Int64(high &- low))
        switch dtype.size {
        case 1: return try fill(dtype, shape, UInt8.self, low, bound, &generator)
        case 2: return try fill(dtype, shape, UInt16.self, low, bound, &generator)
        case 4: return try fill(dtype, shape, UInt32.self, low, bound, &generator)
        default: return try fill(dtype, shape, UInt64.self, low, bound, &generator)
        }
    }

    private static func fill<T: FixedWidthInteger & BitwiseCopyable>(
        _ dtype: DType, _ shape: [Int], _ type: T.Type, _ low: Int, _ bound: UInt64, _ generator: inout RandomGenerator
    ) throws(ArrayError) -> Tensor {
        let start = UInt64(bitPattern: Int64(low))
        return try make(dtype, shape, as: T.self) { (out, count) throws(ArrayError) in
            try ArrayWork.inStretches(count) { for index in $0 { out[index] = T(truncatingIfNeeded: start &+ generator.below(bound)) } }
        }
    }

    /// The numbers 0..<`count` in random order (Fisher and Yates).
    public static func permutation(_ count: Int, using generator: inout RandomGenerator) throws(ArrayError) -> Tensor {
        guard count >= 0 else { throw ArrayError(.value, "a permutation of \(count) numbers can't be") }
        var order = try arange(0, count)
        order.withMutableElements(of: Int64.self) { numbers in
            for last in stride(from: count - 1, to: 0, by: -1) {
                let other = Int(generator.below(UInt64(last + 1)))
                (numbers[last], numbers[other]) = (numbers[other], numbers[last])
            }
        }
        return order
    }

    /// The parts of the first dimension in random order.
    public func shuffled(using generator: inout RandomGenerator) throws(ArrayError) -> Tensor {
        guard rank > 0 else { return self }
        return try taken(try Tensor.permutation(shape[0], using: &generator))
    }

    /// `count` parts of the first dimension drawn at random, each at most once unless `replaces`.
    public func choice(_ count: Int, replaces: Bool = true, using generator: inout RandomGenerator) throws(ArrayError) -> Tensor {
        guard rank > 0, shape[0] > 0 || count == 0 else { throw ArrayError(.value, "there is nothing to choose from") }
        guard count >= 0 else { throw ArrayError(.value, "a count can't be negative: \(count)") }
        if replaces && count > 0 { return try taken(try Tensor.randomIntegers(0, shape[0], shape: [count], using: &generator)) }
        guard count <= shape[0] else { throw ArrayError(.value, "can't choose \(count) of \(shape[0]) without repeating") }
        return try taken(try Tensor.permutation(shape[0], using: &generator).sliced(stop: count))
    }
}
