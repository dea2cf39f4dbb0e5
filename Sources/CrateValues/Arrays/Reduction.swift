/// What a whole array, or each line of it along some axes, can be brought down to.
public enum Reduction: String, Sendable, CaseIterable {
    case sum
    case product = "prod"
    case min, max, mean
    case variance = "var"
    case deviation = "std"
    case any, all, argmin, argmax
}

extension Tensor {
    /// Brings the array down along `axes` (all of them when `nil`), by numpy's rules for types: sums of small whole numbers
    /// are 64 bits wide, means of whole numbers float64.
    ///
    /// - Parameters:
    ///   - keepsDimensions: leaves the reduced dimensions with size 1.
    ///   - lostDegrees: what is taken from the count when a variance is divided (numpy's `ddof`).
    public func reduced(
        _ reduction: Reduction, axes: [Int]? = nil, keepsDimensions: Bool = false, lostDegrees: Double = 0
    ) throws(ArrayError) -> Tensor {
        let places = try normalized(axes: axes)
        let source = try lines(along: places)
        let values: Tensor
        switch reduction {
        case .mean: values = try source.meanOfLines()
        case .variance: values = try source.varianceOfLines(lostDegrees)
        case .deviation: values = try source.varianceOfLines(lostDegrees).elementwise(.sqrt)
        case .argmin, .argmax:
            guard axes == nil || places.count == 1 else { throw ArrayError(.value, "\(reduction.rawValue) takes one axis, or none") }
            values = try source.reduceLines(reduction)
        default: values = try source.reduceLines(reduction)
        }
        return try values.reshaped(reducedShape(places, keepsDimensions: keepsDimensions))
    }

    private func normalized(axes: [Int]?) throws(ArrayError) -> [Int] {
        guard let axes else { return Array(shape.indices) }
        var places: [Int] = []
        for axis in axes {
            let place = try normalized(axis: axis)
            guard !places.contains(place) else { throw ArrayError(.value, "axis \(axis) is given twice") }
            places.append(place)
        }
        return places.sorted()
    }

    private func reducedShape(_ places: [Int], keepsDimensions: Bool) -> [Int] {
        keepsDimensions
            ? shape.indices.map { places.contains($0) ? 1 : shape[$0] } : shape.indices.filter { !places.contains($0) }.map { shape[$0] }
    }

    /// Three dimensions (outer, line, inner): the middle one is to be reduced. Neighbouring axes become one line without a copy.
    private func lines(along places: [Int]) throws(ArrayError) -> Tensor {
        let isNeighbouring = places.isEmpty || places[places.count - 1] - places[0] == places.count - 1
        guard isNeighbouring else {
            let rest = shape.indices.filter { !places.contains($0) }
            let length = places.map { shape[$0] }.product
            return try transposed(rest + places).contiguous().reshaped([rest.map { shape[$0] }.product, length, 1])
        }
        let first = places.first ?? rank
        let outer = shape[..<first].product
        let length = places.map { shape[$0] }.product
        return try contiguous().reshaped([outer, length, shape[(first + places.count)...].product])
    }

    // MARK: lines

    private func reduceLines(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        if shape[1] == 0 && [.min, .max, .argmin, .argmax].contains(reduction) {
            throw ArrayError(.value, "\(reduction.rawValue) of an empty array is not defined")
        }
        switch reduction {
        case .any, .all: return try converted(to: .bool).contiguous().reduceBytes(reduction)
        case .argmin, .argmax: return try comparable(reduction).positionsOfExtremes(reduction)
        case .min, .max:
            if dtype == .bool { return try reduceBytes(reduction == .max ? .any : .all) }
            return try comparable(reduction).extremes(reduction).converted(to: dtype)
        default: return try totals(reduction)
        }
    }

    private func comparable(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        if dtype.isComplex { throw ArrayError(.type, "\(reduction.rawValue) is not defined for arrays of \(dtype.rawValue)") }
        return dtype.isSmallFloat ? try converted(to: .float32) : dtype == .bool ? try converted(to: .uint8) : self
    }

    private func totals(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        switch dtype {
        case .bool, .uint8: return try totalWhole(reduction, UInt8.self, dtype == .bool ? .int64 : .uint64)
        case .int8: return try totalWhole(reduction, Int8.self, .int64)
        case .int16: return try totalWhole(reduction, Int16.self, .int64)
        case .int32: return try totalWhole(reduction, Int32.self, .int64)
        case .int64: return try totalWhole(reduction, Int64.self, .int64)
        case .uint16: return try totalWhole(reduction, UInt16.self, .uint64)
        case .uint32: return try totalWhole(reduction, UInt32.self, .uint64)
        case .uint64: return try totalWhole(reduction, UInt64.self, .uint64)
        case .float32: return try totalFloat(reduction, Float.self)
        case .float64: return try totalFloat(reduction, Double.self)
        case .complex64, .complex128: return try totalComplex(reduction)
        default: return try converted(to: .float32).totals(reduction).converted(to: dtype)
        }
    }

    private func totalComplex(_ reduction: Reduction) throws(ArrayError) -> Tensor {
        if reduction == .product {
            var result = try Tensor.ones([shape[0], shape[2]], dtype: dtype)
            for position in 0..<shape[1] { result = try result.combined(.multiply, with: try at(position, axis: 1)) }
            return result
        }
        return try Tensor.complex(real.contiguous().totals(.sum), imaginary.contiguous().totals(.sum))
    }

    /// Two real arrays of one type and shape as the parts of a complex one.
    static func complex(_ real: Tensor, _ imaginary: Tensor) throws(ArrayError) -> Tensor {
        let isSingle = real.dtype == .float32
        var result = try zeros(real.shape, dtype: isSingle ? .complex64 : .complex128)
        let parts = result.layout
        var pairs = Tensor(
            dtype: real.dtype, layout: Layout(shape: parts.shape + [2], strides: parts.strides.map { $0 * 2 } + [1], offset: 0),
            bytes: result.bytes)
        result = real
        for (index, part) in [real, imaginary].enumerated() {
            try pairs.assign(part) { (all) throws(ArrayError) in try all.at(index, axis: real.rank) }
        }
        return Tensor(dtype: isSingle ? .complex64 : .complex128, layout: parts, bytes: pairs.bytes)
    }

    // MARK: means

    private func meanOfLines() throws(ArrayError) -> Tensor {
        let isWhole = dtype.isInteger || dtype == .bool
        let target: DType = isWhole ? .float64 : dtype
        let sums = try (isWhole ? converted(to: .float64) : dtype.isSmallFloat ? converted(to: .float32) : self).totals(.sum)
        return try sums.combined(.divide, with: .float(Double(shape[1]))).converted(to: target)
    }

    private func varianceOfLines(_ lostDegrees: Double) throws(ArrayError) -> Tensor {
        if dtype.isComplex { throw ArrayError(.type, "var is not defined for arrays of \(dtype.rawValue)") }
        let values =
            dtype.isInteger || dtype == .bool ? try converted(to: .float64) : dtype.isSmallFloat ? try converted(to: .float32) : self
        let means = try values.meanOfLines().reshaped([shape[0], 1, shape[2]])
        let squares = try values.combined(.subtract, with: means).elementwise(.square)
        let degrees = max(Double(shape[1]) - lostDegrees, 0)
        return try squares.totals(.sum).combined(.divide, with: .float(degrees)).converted(to: dtype.isFloat ? dtype : .float64)
    }
}
