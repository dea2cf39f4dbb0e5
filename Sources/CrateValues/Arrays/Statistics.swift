/// What an array's numbers are like. Least, greatest and mean are those of the finite numbers, so that one NaN hides nothing.
public struct ArrayStatistics: Sendable {
    /// `nil` when no number is finite.
    public internal(set) var minimum: Scalar?
    public internal(set) var maximum: Scalar?
    public internal(set) var nanCount = 0
    public internal(set) var infinityCount = 0
    var finiteCount = 0
    var sum = 0.0

    public var mean: Double? { finiteCount > 0 ? sum / Double(finiteCount) : nil }

    mutating func merge(_ other: ArrayStatistics) {
        if let least = other.minimum, minimum.map({ least.toDouble < $0.toDouble }) ?? true { minimum = least }
        if let greatest = other.maximum, maximum.map({ greatest.toDouble > $0.toDouble }) ?? true { maximum = greatest }
        nanCount += other.nanCount
        infinityCount += other.infinityCount
        finiteCount += other.finiteCount
        sum += other.sum
    }
}

extension Tensor {
    /// Arrays are widened for the computation; this bounds what that takes.
    private static let statisticsChunk = 1 << 18

    /// One pass over the numbers; `nil` for complex ones, which have no order.
    public func statistics() throws(ArrayError) -> ArrayStatistics? {
        if dtype.isComplex { return nil }
        var statistics = ArrayStatistics()
        try collect(into: &statistics)
        return statistics
    }

    private func collect(into statistics: inout ArrayStatistics) throws(ArrayError) {
        guard dtype.isSmallFloat, count > Tensor.statisticsChunk, let rows = shape.first else { return try measure(into: &statistics) }
        // A single row of a huge array is split at its next dimension.
        if rows == 1 { return try at(0).collect(into: &statistics) }
        try sliced(stop: rows / 2).collect(into: &statistics)
        try sliced(start: rows / 2).collect(into: &statistics)
    }

    private func measure(into statistics: inout ArrayStatistics) throws(ArrayError) {
        let source = try (dtype.isSmallFloat ? converted(to: .float32) : self).aligned()
        switch source.dtype {
        case .bool: statistics.merge(try source.converted(to: .uint8).measured(UInt8.self))
        case .int8: statistics.merge(source.measured(Int8.self))
        case .int16: statistics.merge(source.measured(Int16.self))
        case .int32: statistics.merge(source.measured(Int32.self))
        case .int64: statistics.merge(source.measured(Int64.self))
        case .uint8: statistics.merge(source.measured(UInt8.self))
        case .uint16: statistics.merge(source.measured(UInt16.self))
        case .uint32: statistics.merge(source.measured(UInt32.self))
        case .uint64: statistics.merge(source.measured(UInt64.self))
        case .float32: statistics.merge(source.measuredFloats(Float.self))
        default: statistics.merge(source.measuredFloats(Double.self))
        }
    }

    private func measured<T: RealElement>(_ type: T.Type) -> ArrayStatistics {
        var statistics = ArrayStatistics()
        var range: (least: T, greatest: T)?
        forEachElement(type) { value in
            let known = range ?? (value, value)
            range = (min(known.least, value), max(known.greatest, value))
            statistics.sum += value.toDouble
        }
        statistics.finiteCount = count
        statistics.minimum = range?.least.scalar
        statistics.maximum = range?.greatest.scalar
        return statistics
    }

    private func measuredFloats<T: RealElement & BinaryFloatingPoint>(_ type: T.Type) -> ArrayStatistics {
        var statistics = ArrayStatistics()
        var (least, greatest) = (T.infinity, -T.infinity)
        forEachElement(type) { value in
            if value.isFinite {
                least = min(least, value)
                greatest = max(greatest, value)
                statistics.sum += value.toDouble
                statistics.finiteCount += 1
            } else if value.isNaN {
                statistics.nanCount += 1
            } else {
                statistics.infinityCount += 1
            }
        }
        if statistics.finiteCount > 0 { (statistics.minimum, statistics.maximum) = (least.scalar, greatest.scalar) }
        return statistics
    }

    @inline(__always)
    private func forEachElement<T: RealElement>(_ type: T.Type, _ body: (T) -> Void) {
        let loop = StridedLoop(layout)
        let (length, step) = (loop.runLength, loop.step.0)
        withElements(of: type) { elements in
            loop.forEachRun { start, _, _ in
                for index in 0..<length { body(elements[start + index * step]) }
            }
        }
    }
}
