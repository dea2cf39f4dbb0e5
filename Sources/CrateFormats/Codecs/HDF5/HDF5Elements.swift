import CrateValues

/// The elements of a dataset or attribute, in C order, as values.
struct HDF5Elements {
    let file: HDF5File
    let type: HDF5Datatype
    let shape: [Int]
    let bytes: Bytes

    /// Numbers as an array over the bytes, texts as nested lists, records as a mapping of columns, anything else described.
    func document() throws(FormatError) -> Document {
        try file.count(1)
        guard Tensor.isCountable(shape, elementSize: type.size), let count = Tensor.elementCount(shape), count * type.size == bytes.count
        else {
            throw FormatError(.malformed, HDF5.format, "has the impossible shape \(shape)")
        }
        switch type {
        case .number(let dtype, let isBigEndian): return try number(dtype, isBigEndian: isBigEndian)
        case .text, .variableText: return try texts()
        case .record(let fields, _): return try columns(fields)
        case .array(let element, let inner, _):
            return try HDF5Elements(file: file, type: element, shape: shape + inner, bytes: bytes).document()
        case .opaque where shape.isEmpty:
            try file.expand(bytes.count)
            return .bytes(bytes.array)
        case .opaque: return described("hdf5.opaque", isSelfContained: true)
        case .other(let name, _):
            return described("hdf5.\(name.split(separator: " ").first ?? "value")", isSelfContained: !name.hasPrefix("lists"))
        }
    }

    // MARK: Numbers

    private func number(_ dtype: DType, isBigEndian: Bool) throws(FormatError) -> Document {
        if isBigEndian, dtype.size > 1 { try file.expand(bytes.count) }
        let ordered = isBigEndian ? try ElementBytes.swapped(bytes, dtype: dtype, format: HDF5.format) : bytes
        guard let tensor = Tensor(dtype: dtype, shape: shape, bytes: ordered) else {
            throw FormatError(.malformed, HDF5.format, "has the impossible shape \(shape)")
        }
        return .tensor(tensor)
    }

    // MARK: Texts

    private func texts() throws(FormatError) -> Document {
        guard let count = Tensor.elementCount(shape.map { max($0, 1) }) else {
            throw FormatError(.malformed, HDF5.format, "has the impossible shape \(shape)")
        }
        try file.count(count)
        try file.expand(count.multipliedClamped(by: MemoryLayout<Document>.stride))
        return try list(axis: 0, element: 0)
    }

    private func list(axis: Int, element: Int) throws(FormatError) -> Document {
        guard axis < shape.count else { return try text(at: element) }
        var items: [Document] = []
        for index in 0..<shape[axis] { items.append(try list(axis: axis + 1, element: element * shape[axis] + index)) }
        return .list(items)
    }

    /// UTF-8 as a string; bytes when it is something else.
    private func text(at element: Int) throws(FormatError) -> Document {
        let content: Bytes
        if case .text(let size, let padding) = type {
            content = HDF5Elements.trimmed(bytes.slice((element * size)..<(element * size + size)) ?? bytes, padding: padding)
        } else {
            content = try variableText(at: element)
        }
        try file.expand(content.count)
        return content.withBytes { buffer in
            if let text = String(validating: buffer, as: UTF8.self) { .string(text) } else { .bytes(Array(buffer)) }
        }
    }

    /// What an element of varying length leads to. One that nothing was written to is empty.
    func variableText(at element: Int) throws(FormatError) -> Bytes {
        guard let reference = bytes.slice((element * type.size)..<((element + 1) * type.size)) else { return Bytes([]) }
        var reader = ByteReader(reference, format: HDF5.format, origin: file.origin)
        let length = try reader.size(4)
        let address = try reader.address(file.offsetSize)
        let index = try reader.size(4)
        guard length > 0, let address, address > 0 else { return Bytes([]) }
        guard let object = try file.globalHeap(at: address)[index], let text = object.slice(0..<length) else {
            throw FormatError(.malformed, HDF5.format, "has a text that is not in its heap", at: .byte(file.origin + address))
        }
        return text
    }

    /// Without what fills it up: from the first NUL on, NULs at the end, or spaces at the end.
    private static func trimmed(_ bytes: Bytes, padding: UInt8) -> Bytes {
        let length = bytes.withBytes { buffer in
            if padding == 0 { return buffer.firstIndex(of: 0) ?? buffer.count }
            let filler: UInt8 = padding == 2 ? 0x20 : 0
            return buffer.lastIndex { $0 != filler }.map { $0 + 1 } ?? 0
        }
        return bytes.slice(0..<length) ?? bytes
    }

    // MARK: Records

    private func columns(_ fields: [HDF5Datatype.Field]) throws(FormatError) -> Document {
        var entries: [(key: Document, value: Document)] = []
        for field in fields { entries.append((.string(field.name), try column(field).document())) }
        return .mapping(Document.Mapping(entries))
    }

    /// Gathers one field of all records.
    private func column(_ field: HDF5Datatype.Field) throws(FormatError) -> HDF5Elements {
        let (width, step) = (field.type.size, type.size)
        let count = bytes.count / step
        try file.expand(count * width)
        let gathered = ByteRegion(count: count * width) { output in
            bytes.withBytes { input in
                for record in 0..<count {
                    let start = record * step + field.offset
                    UnsafeMutableRawBufferPointer(rebasing: output[(record * width)...]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: input[start..<(start + width)]))
                }
            }
        }
        return HDF5Elements(file: file, type: field.type, shape: shape, bytes: Bytes(gathered))
    }

    // MARK: Descriptions

    /// A label with what is known of it, and its bytes if they mean something on their own.
    private func described(_ name: String, isSelfContained: Bool) -> Document {
        var facts = HDF5Elements.facts(type, shape, bytes.count)
        if isSelfContained, let data = Tensor(dtype: .uint8, shape: shape + [type.size], bytes: bytes) {
            facts.append(("data", .tensor(data)))
        }
        return .opaque(Document.Opaque(name: name, state: .object(facts)))
    }

    static func facts(_ type: HDF5Datatype, _ shape: [Int], _ byteCount: Int) -> [(String, Document)] {
        [("type", .string(type.name)), ("shape", .list(shape.map { .integer($0) })), ("nbytes", .integer(byteCount))]
    }
}
