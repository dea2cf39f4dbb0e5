import CrateLanguage
import CrateValues

extension Table.Values {
    /// The type's name for `t.types`.
    var typeName: String {
        switch self {
        case .integers: "int64"
        case .floats: "float64"
        case .booleans: "bool"
        case .strings: "string"
        case .mixed: "mixed"
        }
    }

    /// One cell; a missing one is null, among floats NaN.
    func cell(_ row: Int) -> Value {
        switch self {
        case .integers(let cells): cells[row].map { .int($0) } ?? .null
        case .floats(let cells): .float(cells[row])
        case .booleans(let cells): cells[row].map { .bool($0) } ?? .null
        case .strings(let cells): cells[row].map { .string($0) } ?? .null
        case .mixed(let cells): value(from: cells[row])
        }
    }

    /// The column: an array when it holds numbers or booleans and none is missing, otherwise a list.
    func wholeColumn() throws(Failure) -> Value {
        switch self {
        case .integers(let cells):
            let numbers = cells.compactMap { $0 }
            if numbers.count == cells.count { return try array(numbers, .int64) }
        case .floats(let cells): return try array(cells, .float64)
        case .booleans(let cells):
            let flags = cells.compactMap { $0 }
            if flags.count == cells.count { return try array(flags, .bool) }
        case .strings, .mixed: break
        }
        return .list((0..<count).map(cell))
    }

    private func array<Cell: BitwiseCopyable>(_ cells: [Cell], _ dtype: DType) throws(Failure) -> Value {
        let bytes = cells.withUnsafeBytes { Bytes($0) }
        guard let tensor = Tensor(dtype: dtype, shape: [cells.count], bytes: bytes) else {
            throw Failure("limit", "a column too long for an array")
        }
        return .object(ArrayObject(tensor))
    }

    /// The cells as a list.
    var document: Document {
        switch self {
        case .integers(let cells): .list(cells.map { $0.map { .integer($0) } ?? .null })
        case .floats(let cells): .list(cells.map { .float($0) })
        case .booleans(let cells): .list(cells.map { $0.map { .bool($0) } ?? .null })
        case .strings(let cells): .list(cells.map { $0.map { .string($0) } ?? .null })
        case .mixed(let cells): .list(cells)
        }
    }

    /// The cells at `positions`, which exist.
    func picked(_ positions: [Int]) -> Table.Values {
        switch self {
        case .integers(let cells): .integers(positions.map { cells[$0] })
        case .floats(let cells): .floats(positions.map { cells[$0] })
        case .booleans(let cells): .booleans(positions.map { cells[$0] })
        case .strings(let cells): .strings(positions.map { cells[$0] })
        case .mixed(let cells): .mixed(positions.map { cells[$0] })
        }
    }

    /// The numbers that are not missing; `nil` when the column is not of numbers.
    var numbers: [Double]? {
        switch self {
        case .integers(let cells): cells.compactMap { $0.map(Double.init) }
        case .floats(let cells): cells.filter { !$0.isNaN }
        default: nil
        }
    }
}
