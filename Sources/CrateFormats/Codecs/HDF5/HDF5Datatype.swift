import CrateValues

/// What the elements of a dataset or attribute are.
indirect enum HDF5Datatype {
    case number(DType, isBigEndian: Bool)
    /// So many bytes, ended by NUL or filled up with it or with spaces.
    case text(size: Int, padding: UInt8)
    /// A text in a global heap.
    case variableText(size: Int)
    case record([Field], size: Int)
    case array(HDF5Datatype, shape: [Int], size: Int)
    /// Bytes with a tag that says what they are.
    case opaque(tag: String, size: Int)
    /// Anything else, by its class.
    case other(String, size: Int)

    struct Field {
        let name: String
        let offset: Int
        let type: HDF5Datatype
    }

    /// Bytes of one element.
    var size: Int {
        switch self {
        case .number(let dtype, _): dtype.size
        case .text(let size, _), .variableText(let size), .record(_, let size), .array(_, _, let size), .opaque(_, let size),
            .other(_, let size):
            size
        }
    }

    /// What a person calls it.
    var name: String {
        switch self {
        case .number(let dtype, _): dtype.rawValue
        case .text, .variableText: "text"
        case .record(let fields, _): "record (" + fields.map { "\($0.name): \($0.type.name)" }.joined(separator: ", ") + ")"
        case .array(let element, let shape, _): "\(element.name) \(shape)"
        case .opaque(let tag, let size): tag.isEmpty ? "\(size) bytes" : "\(size) bytes (\(tag))"
        case .other(let name, _): name
        }
    }
}

/// How the floats that arrays have here are laid out: mantissa, exponent, sign from the lowest bit on.
enum HDF5FloatLayout {
    private static let known: [(dtype: DType, exponentBits: Int, mantissaBits: Int, bias: UInt32)] = [
        (.float16, 5, 10, 15), (.bfloat16, 8, 7, 127), (.float32, 8, 23, 127), (.float64, 11, 52, 1023), (.float8_e5m2, 5, 2, 15),
        (.float8_e4m3fn, 4, 3, 7),
    ]

    static func dtype(exponentBits: Int, mantissaBits: Int, bias: UInt32) -> DType? {
        known.first { $0.exponentBits == exponentBits && $0.mantissaBits == mantissaBits && $0.bias == bias }?.dtype
    }

    static func of(_ dtype: DType) -> (exponentBits: Int, mantissaBits: Int, bias: UInt32)? {
        known.first { $0.dtype == dtype }.map { ($0.exponentBits, $0.mantissaBits, $0.bias) }
    }
}
