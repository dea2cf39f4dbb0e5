import CrateValues

/// What the elements of a numpy array are, as a type code such as `<f4` says it.
indirect enum NumpyType {
    case number(DType, isBigEndian: Bool)
    /// `S`: so many bytes, filled up with NUL.
    case bytes(Int)
    /// `U`: so many UTF-32 characters, filled up with NUL.
    case text(Int, isBigEndian: Bool)
    /// `M8` and `m8`: 64-bit counts of a unit; the smallest integer is "not a time".
    case time(unit: String, isSpan: Bool, isBigEndian: Bool)
    case record([Field], size: Int)
    /// `O`: Python objects, kept as a pickle.
    case object
    /// Anything else with a size: raw bytes, 80-bit floats.
    case raw(code: String, size: Int)

    struct Field {
        let name: String
        let type: NumpyType
        let offset: Int
        /// Of an array inside each record; empty for a single element.
        let shape: [Int]
    }

    /// Bytes of one element; 0 for objects.
    var size: Int {
        switch self {
        case .number(let dtype, _): dtype.size
        case .bytes(let size), .raw(_, let size), .record(_, let size): size
        case .text(let characters, _): characters * 4
        case .time: 8
        case .object: 0
        }
    }

    /// Whether the elements are Python objects, or hold some.
    var holdsObjects: Bool {
        switch self {
        case .object: true
        case .record(let fields, _): fields.contains(where: \.type.holdsObjects)
        default: false
        }
    }

    /// The fields in it, at any depth.
    var fieldCount: Int {
        if case .record(let fields, _) = self { fields.reduce(fields.count) { $0 &+ $1.type.fieldCount } } else { 0 }
    }

    /// Bytes of one record's fields as columns. Fields may show the same bytes in several ways, of several sizes; `nil` when it is
    /// more than a few, which would make columns far larger than the array.
    var columnSize: Int? {
        guard case .record(let fields, let size) = self else { return self.size }
        let ways = fields.contains { if case .record = $0.type { true } else { false } } ? 1 : NumpyType.mostWays
        guard size <= Int.max / ways else { return nil }
        var left = size * ways
        for field in fields {
            guard let count = Tensor.elementCount(field.shape), case (let width, false) = count.multipliedReportingOverflow(by: field.type.size),
                width <= left
            else { return nil }
            left -= width
        }
        return size * ways - left
    }

    private static let mostWays = 8

    /// The values of a document that one element becomes, when arrays of numbers stay such; as good as any for more than can be counted.
    var valuesPerElement: Int {
        switch self {
        case .number, .raw: return 0
        case .bytes, .text, .time, .object: return 1
        case .record(let fields, _):
            var sum = 0
            for field in fields {
                let (product, overflow) = (Tensor.elementCount(field.shape) ?? 0).multipliedReportingOverflow(by: field.type.valuesPerElement)
                let (next, overflowSum) = sum.addingReportingOverflow(product)
                if overflow || overflowSum { return .max }
                sum = next
            }
            return sum
        }
    }

    /// Parses an order sign (`<`, `>`, `|`, `=` or none), a kind letter and a size, or a name such as `float32`. The unit of
    /// a time stands in brackets.
    init?(code: String) {
        if let dtype = DType(rawValue: code), dtype != .bfloat16, dtype.rawValue.hasPrefix("float8") == false {
            self = .number(dtype, isBigEndian: false)
            return
        }
        var rest = Substring(code)
        let isBigEndian = rest.first == ">"
        if let first = rest.first, "<>|=".contains(first) { rest.removeFirst() }
        guard let kind = rest.popFirst() else { return nil }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        let suffix = rest.dropFirst(digits.count)
        guard digits.utf8.count <= 9, let size = digits.isEmpty ? 0 : Int(digits) else { return nil }
        switch kind {
        case "M", "m":
            guard size == 8, suffix.isEmpty || (suffix.first == "[" && suffix.last == "]" && !suffix.contains(",")) else { return nil }
            self = .time(unit: String(suffix.dropFirst().dropLast()), isSpan: kind == "m", isBigEndian: isBigEndian)
        case _ where !suffix.isEmpty: return nil
        case "S", "a": self = .bytes(size)
        case "U": self = .text(size, isBigEndian: isBigEndian)
        case "O": self = .object
        case "V": self = .raw(code: code, size: size)
        default:
            if let dtype = NumpyType.number(kind: kind, size: size) {
                self = .number(dtype, isBigEndian: isBigEndian)
            } else if (kind == "f" && size == 16) || (kind == "c" && size == 32) {
                self = .raw(code: code, size: size)
            } else {
                return nil
            }
        }
    }

    private static func number(kind: Character, size: Int) -> DType? {
        switch (kind, size) {
        case ("b", 1), ("?", 0): .bool
        case ("i", 1): .int8
        case ("i", 2): .int16
        case ("i", 4): .int32
        case ("i", 8): .int64
        case ("u", 1): .uint8
        case ("u", 2): .uint16
        case ("u", 4): .uint32
        case ("u", 8): .uint64
        case ("f", 2): .float16
        case ("f", 4): .float32
        case ("f", 8): .float64
        case ("c", 8): .complex64
        case ("c", 16): .complex128
        default: nil
        }
    }

    /// The same type with the other byte order, which pickles give apart from the code.
    func ordered(bigEndian: Bool) -> NumpyType {
        switch self {
        case .number(let dtype, _): .number(dtype, isBigEndian: bigEndian)
        case .text(let count, _): .text(count, isBigEndian: bigEndian)
        case .time(let unit, let isSpan, _): .time(unit: unit, isSpan: isSpan, isBigEndian: bigEndian)
        default: self
        }
    }

    /// The code that numpy writes for `dtype`; `nil` for types numpy lacks.
    static func code(for dtype: DType) -> String? {
        switch dtype {
        case .bool: "|b1"
        case .int8: "|i1"
        case .int16: "<i2"
        case .int32: "<i4"
        case .int64: "<i8"
        case .uint8: "|u1"
        case .uint16: "<u2"
        case .uint32: "<u4"
        case .uint64: "<u8"
        case .float16: "<f2"
        case .float32: "<f4"
        case .float64: "<f8"
        case .complex64: "<c8"
        case .complex128: "<c16"
        case .bfloat16, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz, .float8_e8m0fnu: nil
        }
    }
}
