import CrateValues

/// Safetensors: a JSON header with each tensor's type, shape and place, and the bytes after it.
///
/// Reading follows the reference implementation (huggingface/safetensors, `src/tensor.rs`), which lets no byte be used
/// twice or left over; repeated names, which it takes, are refused. Tensors are views of the file's bytes.
public enum Safetensors {
    static let format = "safetensors"
    static let metadataKey = "__metadata__"
    static let largestHeader = 100_000_000

    /// The tensors by name, in the header's order. Those of a type that is not known here stay opaque, with their bytes as uint8. The header's
    /// texts are the mapping's attribute `__metadata__`.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let header = try SafetensorsHeader(bytes, limits: limits)
        var entries: [(key: Document, value: Document)] = []
        for entry in header.entries { entries.append((.string(entry.name), try header.value(of: entry))) }
        var mapping = Document.Mapping(entries)
        if !header.metadata.isEmpty {
            mapping.attributes = [(.string(metadataKey), .object(header.metadata.map { ($0.key, .string($0.value)) }))]
        }
        return .mapping(mapping)
    }

    /// The texts that a mapping read from a file has beside its tensors.
    static func metadata(of mapping: Document.Mapping) -> [(key: String, value: String)] {
        guard case .mapping(let texts)? = mapping.attributes.first(where: { $0.key.keyText == metadataKey })?.value else { return [] }
        return texts.entries.compactMap { entry in
            if case .string(let key) = entry.key, case .string(let value) = entry.value { (key, value) } else { nil }
        }
    }

    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let header = try SafetensorsHeader(bytes, limits: limits)
        return Checkpoint.Description(
            .safetensors, try decode(bytes, limits: limits),
            facts: [("metadata", .object(header.metadata.map { ($0.key, .string($0.value)) }))])
    }

    /// The texts of the header.
    public static func metadata(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> [(key: String, value: String)] {
        try SafetensorsHeader(bytes, limits: limits).metadata
    }

    /// Whether the first bytes can be a header's length and its brace.
    public static func recognizes(_ bytes: Bytes) -> Bool {
        var reader = ByteReader(bytes, format: format)
        guard let length = try? reader.count(UInt64.self), length <= reader.remaining else { return false }
        return reader.peek() == UInt8(ascii: "{")
    }
}

/// The element types by the names of the header.
enum SafetensorsType {
    case element(DType)
    /// Packed elements of so many bits.
    case packed(String, bits: Int)

    init?(_ name: String) {
        switch name {
        case "F4": self = .packed(name, bits: 4)
        case "F6_E2M3", "F6_E3M2": self = .packed(name, bits: 6)
        default:
            guard let dtype = DType.allCases.first(where: { SafetensorsType.name(of: $0) == name }) else { return nil }
            self = .element(dtype)
        }
    }

    var bits: Int {
        switch self {
        case .element(let dtype): dtype.size * 8
        case .packed(_, let bits): bits
        }
    }

    /// The reference's order of types, by which it sorts tensors: wider ones are later.
    private static let order: [DType] = [
        .bool, .uint8, .int8, .float8_e5m2, .float8_e4m3fn, .float8_e8m0fnu, .float8_e4m3fnuz, .float8_e5m2fnuz, .int16, .uint16, .float16,
        .bfloat16,
        .int32, .uint32, .float32, .complex64, .float64, .int64, .uint64,
    ]

    static func rank(of dtype: DType) -> Int { order.firstIndex(of: dtype) ?? order.count }

    /// `nil` for types that the format lacks.
    static func name(of dtype: DType) -> String? {
        switch dtype {
        case .bool: "BOOL"
        case .int8: "I8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        case .uint8: "U8"
        case .uint16: "U16"
        case .uint32: "U32"
        case .uint64: "U64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        case .complex64: "C64"
        case .complex128: nil
        case .float8_e4m3fn: "F8_E4M3"
        case .float8_e5m2: "F8_E5M2"
        case .float8_e4m3fnuz: "F8_E4M3FNUZ"
        case .float8_e5m2fnuz: "F8_E5M2FNUZ"
        case .float8_e8m0fnu: "F8_E8M0"
        }
    }
}
