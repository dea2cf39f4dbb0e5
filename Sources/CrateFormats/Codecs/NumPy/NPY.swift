import CrateValues

/// numpy's `.npy`: one array behind a header that is a Python dictionary, of versions 1 to 3.
///
/// Facts from numpy's `numpy/lib/_format_impl.py`.
public enum NPY {
    static let format = "NPY"
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    static let longestHeader = 10_000

    public static func recognizes(_ bytes: Bytes) -> Bool { bytes.starts(with: magic) }

    /// Numbers as a tensor over the file's bytes; text and bytes as lists, times as points of time; records as a mapping of columns. Arrays
    /// of Python objects hold a pickle, which is described.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        var reader = ByteReader(bytes, format: format)
        let facts = try header(&reader)
        guard case .object = facts.type else { return try array(facts, &reader, limits: limits) }
        let graph = try Pickle.graph(of: reader, limits: limits)
        try graph.requireNothingDangerous(format: format)
        return try objects(graph, limits: limits)
    }

    /// Shows any array, one of hostile objects too.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        var reader = ByteReader(bytes, format: format)
        let facts = try header(&reader)
        var description =
            if case .object = facts.type {
                try Pickle.description(.npy, Pickle.run(reader, limits: limits)) { (graph) throws(FormatError) in
                    try objects(graph, limits: limits)
                }
            } else {
                Checkpoint.Description(.npy, try array(facts, &reader, limits: limits))
            }
        description.facts += [("framework", .string("numpy")), ("order", .string(facts.isFortranOrder ? "Fortran" : "C"))]
        return description
    }

    /// A pickle of the array, read like any other.
    private static func objects(_ graph: PickleGraph, limits: Limits) throws(FormatError) -> Document {
        try PickleResolver(graph, vocabulary: Pickle.standardVocabulary, limits: limits, format: format).document(graph.root)
    }

    /// The reader stands behind it afterwards.
    private static func header(_ reader: inout ByteReader) throws(FormatError) -> NPYHeader {
        guard recognizes(reader.bytes) else { throw FormatError(.malformed, format, "does not begin as NPY does", at: .byte(0)) }
        try reader.skip(magic.count)
        let version = try reader.byte()
        try reader.skip(1)
        guard (1...3).contains(version) else { throw reader.error(.unsupported, "has the version \(version); 1 to 3 are known") }
        let length = version == 1 ? try reader.count(UInt16.self) : try reader.count(UInt32.self)
        let header = try reader.bytes(length)
        guard length <= longestHeader else { throw reader.error(.limit, "has a header of \(length) bytes; numpy takes \(longestHeader)") }
        return try NPYHeader(text(header, isUTF8: version == 3, reader), place: .byte(magic.count + 2))
    }

    private static func text(_ header: Bytes, isUTF8: Bool, _ reader: ByteReader) throws(FormatError) -> String {
        guard isUTF8 else { return String(String.UnicodeScalarView(header.array.map { Unicode.Scalar($0) })) }
        guard let text = String(validating: header.array, as: UTF8.self) else { throw reader.malformed("has a header that is not UTF-8") }
        return text
    }

    /// As many bytes as the shape needs; more may follow, which numpy takes, too.
    private static func array(_ facts: NPYHeader, _ reader: inout ByteReader, limits: Limits) throws(FormatError) -> Document {
        guard let count = Tensor.elementCount(facts.shape),
            case (let byteCount, let overflow) = count.multipliedReportingOverflow(by: facts.type.size), !overflow
        else { throw reader.malformed("has the impossible shape \(facts.shape)") }
        let start = reader.position
        return try NumpyArray(
            type: facts.type, shape: facts.shape, isFortranOrder: facts.isFortranOrder, bytes: try reader.bytes(byteCount), limits: limits,
            format: format, place: .byte(start)
        ).document()
    }
}

/// What an NPY header says: exactly the keys descr, fortran_order and shape.
struct NPYHeader {
    let type: NumpyType
    let isFortranOrder: Bool
    let shape: [Int]

    init(_ text: String, place: FormatError.Place) throws(FormatError) {
        func malformed(_ reason: String) -> FormatError { FormatError(.malformed, NPY.format, reason, at: place) }
        guard case .dictionary(let entries)? = PythonLiteral.parse(text) else {
            throw malformed("has a header that is not a Python dictionary")
        }
        var facts: [String: PythonLiteral.Value] = [:]
        for (key, value) in entries {
            guard case .string(let name) = key, facts.updateValue(value, forKey: name) == nil else {
                throw malformed("has a header with an odd key")
            }
        }
        guard facts.count == 3, let descr = facts["descr"], case .bool(let order)? = facts["fortran_order"],
            case .tuple(let sizes)? = facts["shape"]
        else {
            throw malformed("has a header with other keys than descr, fortran_order and shape")
        }
        guard let type = NPYHeader.type(descr, depth: 0) else { throw malformed("has an element type that numpy does not write") }
        var shape: [Int] = []
        for size in sizes {
            guard case .integer(let size) = size, size >= 0 else { throw malformed("has an impossible shape") }
            shape.append(size)
        }
        self.type = type
        self.shape = shape
        isFortranOrder = order
    }

    /// A code, or a list of (name, type) and (name, type, shape) for records, which are packed.
    private static func type(_ value: PythonLiteral.Value, depth: Int) -> NumpyType? {
        if case .string(let code) = value { return NumpyType(code: code) }
        guard depth < 16, case .list(let items) = value else { return nil }
        var fields: [NumpyType.Field] = []
        var offset = 0
        for item in items {
            guard let field = field(item, at: offset, depth: depth), let count = Tensor.elementCount(field.shape),
                case (let size, let overflow) = count.multipliedReportingOverflow(by: field.type.size), !overflow,
                case (let end, let overflowEnd) = offset.addingReportingOverflow(size), !overflowEnd
            else { return nil }
            if !field.name.isEmpty { fields.append(field) }
            offset = end
        }
        return .record(fields, size: offset)
    }

    private static func field(_ value: PythonLiteral.Value, at offset: Int, depth: Int) -> NumpyType.Field? {
        guard case .tuple(let parts) = value, parts.count == 2 || parts.count == 3, let name = name(parts[0]),
            let type = type(parts[1], depth: depth + 1)
        else { return nil }
        if case .object = type { return nil }
        var shape: [Int] = []
        if parts.count == 3 {
            guard case .tuple(let sizes) = parts[2] else { return nil }
            for size in sizes {
                guard case .integer(let size) = size, size >= 0 else { return nil }
                shape.append(size)
            }
        }
        return NumpyType.Field(name: name, type: type, offset: offset, shape: shape)
    }

    /// A field's name, or the second of (title, name).
    private static func name(_ value: PythonLiteral.Value) -> String? {
        switch value {
        case .string(let name): return name
        case .tuple(let parts):
            guard parts.count == 2, case .string(let name) = parts[1] else { return nil }
            return name
        default: return nil
        }
    }
}
