import CrateValues

/// Reads the datatype message, which nests.
struct HDF5DatatypeReader {
    private static let deepest = 32

    static func read(_ reader: inout ByteReader, depth: Int = 0) throws(FormatError) -> HDF5Datatype {
        guard depth < deepest else { throw reader.error(.limit, "has a datatype nested more than \(deepest) deep") }
        let classAndVersion = try reader.byte()
        let bits = Int(try reader.unsigned(3))
        let size = try reader.size(4)
        let type = HDF5DatatypeReader(version: classAndVersion >> 4, bits: bits, size: size, depth: depth)
        guard (1...5).contains(type.version), size > 0 else { throw reader.malformed("has an impossible datatype") }
        return try type.read(classAndVersion & 0x0F, &reader)
    }

    private let version: UInt8
    /// The class's own flags.
    private let bits: Int
    private let size: Int
    private let depth: Int

    private func read(_ kind: UInt8, _ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        switch kind {
        case 0: return try integer(&reader)
        case 1: return try float(&reader)
        case 2: return try described("time", skipping: 2, &reader)
        case 3: return .text(size: size, padding: UInt8(bits & 0x0F))
        case 4: return try described("bitfield", skipping: 4, &reader)
        case 5: return .opaque(tag: try reader.name(bits & 0xFF), size: size)
        case 6: return try record(&reader)
        case 7: return .other("reference", size: size)
        case 8: return try enumeration(&reader)
        case 9: return try variable(&reader)
        case 10: return try array(&reader)
        case 11: return try complex(&reader)
        default: throw reader.error(.unsupported, "has a datatype of the unknown class \(kind)")
        }
    }

    private func described(_ name: String, skipping count: Int, _ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        try reader.skip(count)
        return .other(name, size: size)
    }

    // MARK: Numbers

    private func integer(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        let offset = try reader.littleEndian(UInt16.self)
        let precision = Int(try reader.littleEndian(UInt16.self))
        let isSigned = bits & 8 != 0
        let dtype: DType? =
            switch size {
            case 1: isSigned ? .int8 : .uint8
            case 2: isSigned ? .int16 : .uint16
            case 4: isSigned ? .int32 : .uint32
            case 8: isSigned ? .int64 : .uint64
            default: nil
            }
        guard let dtype, offset == 0, precision == size * 8 else { return .other("integer of \(precision) bits", size: size) }
        return .number(dtype, isBigEndian: bits & 1 != 0)
    }

    /// The types that arrays have here, told by where sign, exponent and mantissa stand.
    private func float(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        let offset = try reader.littleEndian(UInt16.self)
        let precision = Int(try reader.littleEndian(UInt16.self))
        let exponent = (start: Int(try reader.byte()), size: Int(try reader.byte()))
        let mantissa = (start: Int(try reader.byte()), size: Int(try reader.byte()))
        let bias = try reader.littleEndian(UInt32.self)
        let sign = bits >> 8 & 0xFF
        let isPlain =
            offset == 0 && precision == size * 8 && mantissa.start == 0 && exponent.start == mantissa.size && sign == precision - 1
            && exponent.start + exponent.size == sign && bits & 0x40 == 0 && bits >> 4 & 3 == 2
        guard isPlain, let dtype = HDF5FloatLayout.dtype(exponentBits: exponent.size, mantissaBits: mantissa.size, bias: bias) else {
            return .other("float of \(precision) bits", size: size)
        }
        return .number(dtype, isBigEndian: bits & 1 != 0)
    }

    private func complex(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        guard case .number(let part, let isBigEndian) = try HDF5DatatypeReader.read(&reader, depth: depth + 1),
            let dtype = HDF5DatatypeReader.complexType(of: part), dtype.size == size
        else { return .other("complex of \(size) bytes", size: size) }
        return .number(dtype, isBigEndian: isBigEndian)
    }

    private static func complexType(of part: DType) -> DType? { part == .float32 ? .complex64 : part == .float64 ? .complex128 : nil }

    // MARK: Types made of others

    private func record(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        var fields: [HDF5Datatype.Field] = []
        var seen: Set<String> = []
        for _ in 0..<(bits & 0xFFFF) {
            let name = try memberName(&reader)
            guard seen.insert(name).inserted else { throw reader.malformed("has the field \(name) twice") }
            let offset = try reader.size(version >= 3 ? HDF5DatatypeReader.width(of: size) : 4)
            var shape: [Int] = []
            if version == 1 { shape = try oldShape(&reader) }
            let type = try HDF5DatatypeReader.read(&reader, depth: depth + 1)
            let field = try HDF5DatatypeReader.array(of: type, shape, reader)
            guard field.size <= size, offset <= size - field.size else {
                throw reader.malformed("has the field \(name) outside its records")
            }
            fields.append(HDF5Datatype.Field(name: name, offset: offset, type: field))
        }
        return complexNumber(fields) ?? .record(fields, size: size)
    }

    /// Names are filled up to 8 bytes in old versions.
    private func memberName(_ reader: inout ByteReader) throws(FormatError) -> String {
        let start = reader.position
        let name = try reader.nulTerminated()
        if version < 3 { try reader.alignToEight(from: start) }
        return name
    }

    /// The sizes of an array inside a record, as version 1 has them: always room for four.
    private func oldShape(_ reader: inout ByteReader) throws(FormatError) -> [Int] {
        let rank = Int(try reader.byte())
        guard rank <= 4 else { throw reader.malformed("has a field of \(rank) dimensions") }
        try reader.skip(3 + 4 + 4)
        var shape: [Int] = []
        for index in 0..<4 {
            let size = try reader.size(4)
            if index < rank { shape.append(size) }
        }
        return shape
    }

    /// Python's complex numbers, as h5py writes them.
    private func complexNumber(_ fields: [HDF5Datatype.Field]) -> HDF5Datatype? {
        guard fields.count == 2, fields[0].name == "r", fields[1].name == "i", fields[0].offset == 0,
            case .number(let part, let isBigEndian) = fields[0].type, case .number(part, isBigEndian) = fields[1].type,
            fields[1].offset == part.size, let dtype = HDF5DatatypeReader.complexType(of: part), dtype.size == size
        else { return nil }
        return .number(dtype, isBigEndian: isBigEndian)
    }

    /// Numbers with names. Those of h5py's bool are FALSE and TRUE.
    private func enumeration(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        let base = try HDF5DatatypeReader.read(&reader, depth: depth + 1)
        guard base.size == size else { throw reader.malformed("has an enumeration of \(size) bytes over \(base.size)") }
        var names: [String] = []
        for _ in 0..<(bits & 0xFFFF) { names.append(try memberName(&reader)) }
        let values = try reader.bytes(names.count.multipliedClamped(by: size)).array
        if size == 1, names == ["FALSE", "TRUE"], values == [0, 1] { return .number(.bool, isBigEndian: false) }
        return base
    }

    private func variable(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        let base = try HDF5DatatypeReader.read(&reader, depth: depth + 1)
        return bits & 0x0F == 1 ? .variableText(size: size) : .other("lists of \(base.name)", size: size)
    }

    private func array(_ reader: inout ByteReader) throws(FormatError) -> HDF5Datatype {
        let rank = Int(try reader.byte())
        if version < 3 { try reader.skip(3) }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try reader.size(4)) }
        if version < 3 { try reader.skip(4 * rank) }
        let array = try HDF5DatatypeReader.array(of: try HDF5DatatypeReader.read(&reader, depth: depth + 1), shape, reader)
        guard array.size == size else { throw reader.malformed("has an array type of the wrong size") }
        return array
    }

    private static func array(of element: HDF5Datatype, _ shape: [Int], _ reader: ByteReader) throws(FormatError) -> HDF5Datatype {
        if shape.isEmpty { return element }
        guard !shape.contains(0), Tensor.isCountable(shape, elementSize: element.size), let count = Tensor.elementCount(shape) else {
            throw reader.malformed("has an array type of the impossible shape \(shape)")
        }
        return .array(element, shape: shape, size: count * element.size)
    }

    /// The fewest bytes that hold `size`.
    private static func width(of size: Int) -> Int { max(1, (Int.bitWidth - size.leadingZeroBitCount + 7) / 8) }
}
