import CrateValues

/// One tensor of the model, its fields read and its numbers still where they stand.
struct ONNXTensor {
    private(set) var name = ""
    private(set) var isExternal = false
    private(set) var externalEntries: [(key: String, value: String)] = []
    private var shape: [Int] = []
    private var type = 0
    private var raw: Bytes?
    /// Packed numbers of fixed width: parts of the field, which is nearly always one.
    private var fixed: [Bytes] = []
    private var integers: [UInt64] = []
    private var texts: [Bytes] = []
    /// The field that the typed numbers came from.
    private var source = 0

    init(_ message: ProtobufReader) throws(FormatError) {
        var message = message
        var sizes: [UInt64] = []
        while let field = try message.next() {
            switch field.number {
            case 1: try field.appendIntegers(to: &sizes)
            case 2: type = try field.integer()
            case 3: throw FormatError(.unsupported, "ONNX", "has a tensor in several segments")
            case 4:
                try setSource(field)
                fixed.append(try field.fixedNumbers(size: 4))
            case 5, 7, 11:
                try setSource(field)
                try field.appendIntegers(to: &integers)
            case 6: texts.append(try field.bytes())
            case 8: name = try field.text()
            case 9: raw = try field.bytes()
            case 10:
                try setSource(field)
                fixed.append(try field.fixedNumbers(size: 8))
            case 13: externalEntries.append(try field.message().keyAndValue())
            case 14: isExternal = try field.integer() == 1
            default: break
            }
        }
        guard sizes.count <= 64 else { throw malformed("has \(sizes.count) dimensions; at most 64 are possible") }
        shape = sizes.map { Int(truncatingIfNeeded: $0) }
        guard Tensor.elementCount(shape) != nil else { throw malformed("has the impossible shape \(shape)") }
    }

    /// The name of a sparse tensor, which its values carry.
    static func sparseName(_ message: ProtobufReader) throws(FormatError) -> String {
        var message = message
        var name = ""
        while let field = try message.next() {
            if field.number == 1 { name = try ONNXTensor(try field.message()).name }
        }
        return name
    }

    private mutating func setSource(_ field: ProtobufField) throws(FormatError) {
        guard source == 0 || source == field.number else { throw malformed("has numbers of two types") }
        source = field.number
    }

    private func malformed(_ reason: String, _ kind: FormatError.Kind = .malformed) -> FormatError {
        FormatError(kind, "ONNX", reason, at: .member(name))
    }

    // MARK: The value

    /// The numbers as an array, or a description when they are no plain numbers or not at hand.
    func document(_ files: inout ONNXExternalFiles) throws(FormatError) -> Document {
        let element = try element()
        if isExternal {
            let place = try ONNXExternalPlace(externalEntries, tensor: name)
            guard element != .STRING, let file = try files.bytes(place.location) else { return described(element, values: nil) }
            return try values(element, of: try place.slice(of: file, byteCount: try byteCount(element)))
        }
        if element == .STRING { return try nestedTexts() }
        if let raw { return try values(element, of: raw) }
        guard let dtype = element.dtype else { return try values(element, of: try packed(UInt8.self)) }
        return .tensor(try tensor(dtype, try typedBytes(element, dtype)))
    }

    /// Type and shape alone; the place of one in another file is checked all the same.
    func description() throws(FormatError) -> Document {
        if isExternal { _ = try ONNXExternalPlace(externalEntries, tensor: name) }
        return described(try element(), values: nil)
    }

    private func element() throws(FormatError) -> ONNXElementType {
        guard let element = ONNXElementType(rawValue: type) else { throw malformed("has the unknown type \(type)", .unsupported) }
        return element
    }

    /// An array of `bytes`; small numbers unpacked.
    private func values(_ element: ONNXElementType, of bytes: Bytes) throws(FormatError) -> Document {
        if let dtype = element.dtype { return .tensor(try tensor(dtype, bytes)) }
        guard try byteCount(element) == bytes.count else {
            throw malformed("has \(bytes.count) bytes for \(element) numbers of the shape \(shape)")
        }
        guard let (dtype, unpacked) = ONNXSmallNumbers.unpacked(bytes, element, count: count) else {
            return described(element, values: Tensor(dtype: .uint8, shape: [bytes.count], bytes: bytes).map { .tensor($0) })
        }
        return .tensor(try tensor(dtype, unpacked))
    }

    private var count: Int { Tensor.elementCount(shape) ?? 0 }

    private func byteCount(_ element: ONNXElementType) throws(FormatError) -> Int {
        guard let count = Tensor.elementCount(shape), case (let bits, let overflow) = count.multipliedReportingOverflow(by: element.bits),
            !overflow
        else { throw malformed("has the impossible shape \(shape)") }
        return bits / 8 + (bits % 8 > 0 ? 1 : 0)
    }

    private func tensor(_ dtype: DType, _ bytes: Bytes) throws(FormatError) -> Tensor {
        guard let tensor = Tensor(dtype: dtype, shape: shape, bytes: bytes) else {
            throw malformed("has \(bytes.count) bytes for \(dtype.rawValue) numbers of the shape \(shape)")
        }
        return tensor
    }

    private func described(_ element: ONNXElementType, values: Document?) -> Document {
        var state: [(String, Document)] = [("type", .string("\(element)")), ("shape", .list(shape.map { .integer($0) }))]
        if let count = try? byteCount(element) { state.append(("nbytes", .integer(count))) }
        if let values { state.append(("values", values)) }
        return .opaque(Document.Opaque(name: "onnx.\(element)", state: .object(state)))
    }

    /// Texts in nested lists by the shape; one that is not UTF-8 as bytes.
    private func nestedTexts() throws(FormatError) -> Document {
        guard texts.count == count else { throw malformed("has \(texts.count) texts for the shape \(shape)") }
        var rest = texts[...]
        return nested(shape[...], &rest)
    }

    private func nested(_ shape: ArraySlice<Int>, _ rest: inout ArraySlice<Bytes>) -> Document {
        guard let size = shape.first else {
            guard let text = rest.popFirst() else { return .null }
            return text.withBytes { String(validating: $0, as: UTF8.self).map { .string($0) } ?? .bytes([UInt8]($0)) }
        }
        var items: [Document] = []
        // Empty lists at the end of a shape such as (1000000000, 0) are not worth their memory.
        guard !shape.contains(0) else { return .list([]) }
        for _ in 0..<size { items.append(nested(shape.dropFirst(), &rest)) }
        return .list(items)
    }

    // MARK: Numbers in typed fields

    /// The field that a type's numbers stand in when they aren't raw.
    private func expectedSource(_ dtype: DType) -> Int {
        switch dtype {
        case .float32, .complex64: 4
        case .float64, .complex128: 10
        case .int64: 7
        case .uint32, .uint64: 11
        default: 5
        }
    }

    private func typedBytes(_ element: ONNXElementType, _ dtype: DType) throws(FormatError) -> Bytes {
        guard source == 0 || source == expectedSource(dtype) else { throw malformed("has its \(element) numbers in field \(source)") }
        if source == 4 || source == 10 {
            if fixed.count == 1 { return fixed[0] }
            return Bytes(fixed.flatMap { $0.array })
        }
        return try narrowed(dtype)
    }

    /// Numbers of varying length as elements of `dtype`; bits of small floats come as the integers that they make up.
    private func narrowed(_ dtype: DType) throws(FormatError) -> Bytes {
        switch dtype {
        case .int8: return try packed(Int8.self)
        case .int16: return try packed(Int16.self)
        case .int32: return try packed(Int32.self)
        case .int64: return try packed(Int64.self)
        case .bool:
            guard integers.allSatisfy({ $0 <= 1 }) else { throw malformed("has a truth value other than 0 and 1") }
            return try packed(UInt8.self)
        case .uint32: return try packed(UInt32.self)
        case .uint64: return try packed(UInt64.self)
        default: return dtype.size == 1 ? try packed(UInt8.self) : try packed(UInt16.self)
        }
    }

    private func packed<Number: FixedWidthInteger>(_: Number.Type) throws(FormatError) -> Bytes {
        let size = MemoryLayout<Number>.size
        return Bytes(
            try ByteRegion(count: integers.count * size) { (target) throws(FormatError) in
                for (index, value) in integers.enumerated() {
                    let number = Number.isSigned ? Number(exactly: Int64(bitPattern: value)) : Number(exactly: value)
                    guard let number else { throw malformed("has a number that its type can't hold") }
                    target.storeBytes(of: number, toByteOffset: index * size, as: Number.self)
                }
            })
    }
}
