import CrateValues

/// Types of values, by the file's numbers.
enum GGUFValueType: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// The type of an array of such numbers; `nil` for what is not a number of fixed width.
    var dtype: DType? {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        case .bool, .string, .array: nil
        }
    }

    /// The fewest bytes that a value takes.
    func leastSize(version: Int) -> Int {
        let countSize = version == 1 ? 4 : 8
        return switch self {
        case .bool: 1
        case .string: countSize
        case .array: 4 + countSize
        default: dtype?.size ?? 1
        }
    }
}

/// Keys and values before the tensors.
struct GGUFMetadata {
    private var nodesLeft: Int
    private let deepest: Int

    init(limits: Limits) {
        nodesLeft = limits.nodes
        deepest = min(limits.depth, 8)
    }

    mutating func read(_ count: Int, _ reader: inout GGUFReader) throws(FormatError) -> [(key: Document, value: Document)] {
        var entries: [(key: Document, value: Document)] = []
        var keys: Set<String> = []
        for _ in 0..<count {
            let key = try reader.name()
            guard keys.insert(key).inserted else { throw reader.reader.malformed("has the key \(key) twice") }
            let type = try valueType(&reader)
            entries.append((.string(key), try value(type, &reader, depth: 0)))
        }
        return entries
    }

    /// The tensors' alignment in bytes: a key of its own, or 32.
    func alignment(_ entries: [(key: Document, value: Document)], at reader: GGUFReader) throws(FormatError) -> Int {
        guard let value = Document.Mapping(entries)["general.alignment"] else { return 32 }
        guard case .integer(let alignment) = value, alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 30 else {
            throw reader.reader.malformed("has an alignment that is not a power of two")
        }
        return alignment
    }

    private func valueType(_ reader: inout GGUFReader) throws(FormatError) -> GGUFValueType {
        let number = try reader.number(UInt32.self)
        guard let type = GGUFValueType(rawValue: number) else { throw reader.reader.malformed("has a value of the unknown type \(number)") }
        return type
    }

    private mutating func value(_ type: GGUFValueType, _ reader: inout GGUFReader, depth: Int) throws(FormatError) -> Document {
        switch type {
        case .uint8: return .integer(Int(try reader.number(UInt8.self)))
        case .int8: return .integer(Int(try reader.number(Int8.self)))
        case .uint16: return .integer(Int(try reader.number(UInt16.self)))
        case .int16: return .integer(Int(try reader.number(Int16.self)))
        case .uint32: return .integer(Int(try reader.number(UInt32.self)))
        case .int32: return .integer(Int(try reader.number(Int32.self)))
        case .int64: return .integer(Int(try reader.number(Int64.self)))
        case .uint64:
            let number = try reader.number(UInt64.self)
            return Int(exactly: number).map { .integer($0) } ?? .bigInteger(BigInteger(number))
        case .float32: return .float(Double(Float(bitPattern: try reader.number(UInt32.self))))
        case .float64: return .float(Double(bitPattern: try reader.number(UInt64.self)))
        case .bool:
            let byte = try reader.number(UInt8.self)
            guard byte <= 1 else { throw reader.reader.malformed("has a truth value other than 0 and 1") }
            return .bool(byte == 1)
        case .string: return try reader.text()
        case .array: return try array(&reader, depth: depth + 1)
        }
    }

    private mutating func array(_ reader: inout GGUFReader, depth: Int) throws(FormatError) -> Document {
        guard depth <= deepest else { throw reader.reader.error(.limit, "has lists nested deeper than \(deepest)") }
        let type = try valueType(&reader)
        let count = try reader.count()
        guard count <= reader.reader.remaining / type.leastSize(version: reader.version) else {
            throw reader.reader.error(.truncated, "claims a list of \(count) items, but \(reader.reader.remaining) bytes are left")
        }
        if count > GGUF.longestNumberList, let dtype = type.dtype { return try numbers(dtype, count, &reader) }
        guard count <= nodesLeft else { throw reader.reader.error(.limit, "has more items in its lists than the limit") }
        nodesLeft -= count
        var items: [Document] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try value(type, &reader, depth: depth)) }
        return .list(items)
    }

    private func numbers(_ dtype: DType, _ count: Int, _ reader: inout GGUFReader) throws(FormatError) -> Document {
        var bytes = try reader.bytes(count * dtype.size)
        if reader.isBigEndian { bytes = try ElementBytes.swapped(bytes, dtype: dtype, format: "GGUF") }
        guard let tensor = Tensor(dtype: dtype, shape: [count], bytes: bytes) else {
            throw reader.reader.malformed("has a list of an impossible size")
        }
        return .tensor(tensor)
    }
}
