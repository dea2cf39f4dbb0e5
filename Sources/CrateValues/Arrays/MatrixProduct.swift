extension Tensor {
    /// The matrix product by numpy's `matmul`: the last two dimensions are matrices, a vector counts as one row or column,
    /// and leading dimensions are broadcast.
    public func matrixProduct(_ other: Tensor) throws(ArrayError) -> Tensor {
        guard rank > 0, other.rank > 0 else { throw ArrayError(.shape, "a matrix product needs arrays of one dimension or more") }
        let left = rank == 1 ? try expanded(axis: 0) : self
        let right = other.rank == 1 ? try other.expanded(axis: 1) : other
        guard left.shape[left.rank - 1] == right.shape[right.rank - 2] else {
            throw ArrayError(
                .shape, "matrices of shapes \(shape) and \(other.shape) can't be multiplied",
                hint: "the last size of the first must equal the last but one of the second")
        }
        let common = DType.promoted(dtype, other.dtype)
        var result = try Tensor.batched(left, right, common)
        if rank == 1 { result = try result.squeezed(axis: result.rank - 2) }
        if other.rank == 1 { result = try result.squeezed(axis: result.rank - 1) }
        return result
    }

    private static func batched(_ a: Tensor, _ b: Tensor, _ common: DType) throws(ArrayError) -> Tensor {
        if common.isComplex { return try complexProduct(a.converted(to: common), b.converted(to: common), common) }
        let computed: DType = common.isSmallFloat ? .float32 : common == .bool ? .uint8 : common
        let (x, y) = (try a.converted(to: computed), try b.converted(to: computed))
        let batch = try broadcastShape(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
        let left = try x.broadcast(to: batch + x.shape.suffix(2)).contiguous()
        let right = try y.broadcast(to: batch + y.shape.suffix(2)).contiguous()
        if common == .bool {
            let hits = try multiply(left.converted(to: .int64), right.converted(to: .int64), batch, Int64.self)
            return try hits.converted(to: .bool)
        }
        return try product(left, right, batch).converted(to: common)
    }

    private static func complexProduct(_ a: Tensor, _ b: Tensor, _ common: DType) throws(ArrayError) -> Tensor {
        let real = try batched(a.real, b.real, common.part).combined(.subtract, with: batched(a.imaginary, b.imaginary, common.part))
        let imaginary = try batched(a.real, b.imaginary, common.part).combined(.add, with: batched(a.imaginary, b.real, common.part))
        return try complex(real, imaginary)
    }

    private static func product(_ a: Tensor, _ b: Tensor, _ batch: [Int]) throws(ArrayError) -> Tensor {
        switch a.dtype {
        case .int8: try multiply(a, b, batch, Int8.self)
        case .int16: try multiply(a, b, batch, Int16.self)
        case .int32: try multiply(a, b, batch, Int32.self)
        case .int64: try multiply(a, b, batch, Int64.self)
        case .uint8: try multiply(a, b, batch, UInt8.self)
        case .uint16: try multiply(a, b, batch, UInt16.self)
        case .uint32: try multiply(a, b, batch, UInt32.self)
        case .uint64: try multiply(a, b, batch, UInt64.self)
        case .float32: try multiply(a, b, batch, Float.self)
        default: try multiply(a, b, batch, Double.self)
        }
    }

    /// Row by row: each element of a row of `a` adds a multiple of a row of `b`, so every access runs along memory. Four rows
    /// of `b` at a time keep the row of results in registers longer, and a tile of `b` serves all rows of `a` before the next one is read.
    /// The order in which a sum is made does not depend on the tiles.
    private static func multiply<T: RealElement>(_ a: Tensor, _ b: Tensor, _ batch: [Int], _ type: T.Type) throws(ArrayError) -> Tensor {
        let (rows, inner, columns) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
        return try make(batch + [rows, columns], of: T.self) { (out, count) throws(ArrayError) in
            out.initialize(repeating: T.zero, count: count)
            guard count > 0 else { return }
            try a.withElements(of: T.self) { (left) throws(ArrayError) in
                try b.withElements(of: T.self) { (right) throws(ArrayError) in
                    for matrix in 0..<batch.product {
                        let x = left + a.offset + matrix * rows * inner
                        let y = right + b.offset + matrix * inner * columns
                        try multiply(out + matrix * rows * columns, x, y, rows, inner, columns)
                    }
                }
            }
        }
    }

    /// Rows and bytes of a row of a tile, which together stay in a core's second cache.
    private static let (tileRows, tileBytes) = (64, 4096)

    private static func multiply<T: RealElement>(
        _ out: UnsafeMutablePointer<T>, _ left: UnsafePointer<T>, _ right: UnsafePointer<T>, _ rows: Int, _ inner: Int, _ columns: Int
    ) throws(ArrayError) {
        let width = tileBytes / MemoryLayout<T>.size
        for column in stride(from: 0, to: columns, by: width) {
            for depth in stride(from: 0, to: inner, by: tileRows) {
                for row in 0..<rows {
                    if row % 16 == 0 { try ArrayWork.requireGoingOn() }
                    addRows(
                        out + row * columns + column, left + row * inner + depth, right + depth * columns + column, min(tileRows, inner - depth),
                        min(width, columns - column), stride: columns)
                }
            }
        }
    }

    @inline(__always)
    private static func addRows<T: RealElement>(
        _ out: UnsafeMutablePointer<T>, _ factors: UnsafePointer<T>, _ rows: UnsafePointer<T>, _ inner: Int, _ columns: Int, stride: Int
    ) {
        var index = 0
        while index + 4 <= inner {
            let (a, b, c, d) = (factors[index], factors[index + 1], factors[index + 2], factors[index + 3])
            let row = rows + index * stride
            for column in 0..<columns {
                let first = T.sum(T.product(a, row[column]), T.product(b, row[column &+ stride]))
                let second = T.sum(T.product(c, row[column &+ 2 &* stride]), T.product(d, row[column &+ 3 &* stride]))
                out[column] = T.sum(out[column], T.sum(first, second))
            }
            index += 4
        }
        while index < inner {
            let (factor, row) = (factors[index], rows + index * stride)
            for column in 0..<columns { out[column] = T.sum(out[column], T.product(factor, row[column])) }
            index += 1
        }
    }
}
