import CrateValues

/// Types of elements, by the file's numbers. The cases have the format's own names, which descriptions show.
enum ONNXElementType: Int {
    case FLOAT = 1
    case UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, UINT32, UINT64, COMPLEX64, COMPLEX128
    case BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, UINT4, INT4, FLOAT4E2M1, FLOAT8E8M0, UINT2, INT2
    case FLOAT6E2M3, FLOAT6E3M2

    /// `nil` for texts and numbers of less than a byte.
    var dtype: DType? {
        switch self {
        case .FLOAT: .float32
        case .UINT8: .uint8
        case .INT8: .int8
        case .UINT16: .uint16
        case .INT16: .int16
        case .INT32: .int32
        case .INT64: .int64
        case .BOOL: .bool
        case .FLOAT16: .float16
        case .DOUBLE: .float64
        case .UINT32: .uint32
        case .UINT64: .uint64
        case .COMPLEX64: .complex64
        case .COMPLEX128: .complex128
        case .BFLOAT16: .bfloat16
        case .FLOAT8E4M3FN: .float8_e4m3fn
        case .FLOAT8E4M3FNUZ: .float8_e4m3fnuz
        case .FLOAT8E5M2: .float8_e5m2
        case .FLOAT8E5M2FNUZ: .float8_e5m2fnuz
        case .FLOAT8E8M0: .float8_e8m0fnu
        case .STRING, .UINT4, .INT4, .FLOAT4E2M1, .UINT2, .INT2, .FLOAT6E2M3, .FLOAT6E3M2: nil
        }
    }

    /// Bits of one element; of texts none are counted.
    var bits: Int {
        switch self {
        case .UINT4, .INT4, .FLOAT4E2M1: 4
        case .UINT2, .INT2: 2
        case .FLOAT6E2M3, .FLOAT6E3M2: 6
        default: (dtype?.size ?? 0) * 8
        }
    }

    static func name(_ number: Int) -> String { ONNXElementType(rawValue: number).map { "\($0)" } ?? "type \(number)" }
}

/// The type of an input or output.
enum ONNXValueType {
    /// `[type, shape]`; other values than tensors have their kind and null.
    static func document(_ message: ProtobufReader) throws(FormatError) -> Document {
        var message = message
        var type = Document.null
        while let field = try message.next() {
            switch field.number {
            case 1: type = try tensor(try field.message())
            case 4: type = .list([.string("sequence"), .null])
            case 5: type = .list([.string("map"), .null])
            case 7: type = .list([.string("opaque"), .null])
            case 8: type = .list([.string("sparse tensor"), .null])
            case 9: type = .list([.string("optional"), .null])
            default: break
            }
        }
        return type
    }

    private static func tensor(_ message: ProtobufReader) throws(FormatError) -> Document {
        var message = message
        var (element, shape) = (0, Document.null)
        while let field = try message.next() {
            switch field.number {
            case 1: element = try field.integer()
            case 2: shape = try self.shape(try field.message())
            default: break
            }
        }
        return .list([.string(ONNXElementType.name(element)), shape])
    }

    private static func shape(_ message: ProtobufReader) throws(FormatError) -> Document {
        var message = message
        var sizes: [Document] = []
        while let field = try message.next() {
            if field.number == 1 { sizes.append(try size(try field.message())) }
        }
        return .list(sizes)
    }

    /// A number, a name such as `N`, or null for one that is not known.
    private static func size(_ message: ProtobufReader) throws(FormatError) -> Document {
        var message = message
        var size = Document.null
        while let field = try message.next() {
            switch field.number {
            case 1: size = .integer(try field.integer())
            case 2:
                let name = try field.text()
                size = name.isEmpty ? .null : .string(name)
            default: break
            }
        }
        return size
    }
}
