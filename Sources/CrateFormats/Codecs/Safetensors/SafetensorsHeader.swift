import CrateValues

/// The checked header of a safetensors file.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let type: SafetensorsType
        let shape: [Int]
        /// In the data block.
        let range: Range<Int>
    }

    private(set) var entries: [Entry] = []
    private(set) var metadata: [(key: String, value: String)] = []
    private let data: Bytes
    private let fileSize: Int

    init(_ bytes: Bytes, limits: Limits) throws(FormatError) {
        fileSize = bytes.count
        var reader = ByteReader(bytes, format: Safetensors.format)
        let length: UInt64 = try reader.littleEndian()
        guard length <= UInt64(Safetensors.largestHeader) else {
            throw FormatError(
                .limit, Safetensors.format, "announces a header of \(length) bytes; at most \(Safetensors.largestHeader) are allowed",
                at: .byte(0))
        }
        let text = try reader.bytes(Int(length))
        data = try reader.bytes(reader.remaining)
        try read(try SafetensorsHeader.json(text, limits: limits))
        try requireTiling()
    }

    private static func json(_ text: Bytes, limits: Limits) throws(FormatError) -> Document.Mapping {
        guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else { throw malformed("has a header that begins with a byte order mark") }
        let document: Document
        do throws(FormatError) {
            document = try JSON.decode(text, options: .init(refusesDuplicateKeys: true, allowsNonFinite: false), limits: limits)
        } catch {
            throw FormatError(
                error.kind, Safetensors.format, "has a header that is not JSON: \(error.reason)", at: error.place, hint: error.hint)
        }
        guard case .mapping(let mapping) = document else { throw malformed("has a header that is not an object") }
        return mapping
    }

    private static func malformed(_ reason: String, _ name: String? = nil) -> FormatError {
        FormatError(
            .malformed, Safetensors.format, name.map { "the tensor \($0) \(reason)" } ?? reason, at: name.map { .member($0) } ?? .byte(8))
    }

    // MARK: Entries

    private mutating func read(_ header: Document.Mapping) throws(FormatError) {
        for (key, value) in header.entries {
            guard case .string(let name) = key else { continue }
            if name == Safetensors.metadataKey {
                metadata = try SafetensorsHeader.texts(value)
            } else {
                entries.append(try SafetensorsHeader.entry(name, value))
            }
        }
    }

    private static func texts(_ document: Document) throws(FormatError) -> [(key: String, value: String)] {
        if case .null = document { return [] }
        guard case .mapping(let mapping) = document else { throw malformed("has metadata that are not an object") }
        var texts: [(key: String, value: String)] = []
        for (key, value) in mapping.entries {
            guard case .string(let key) = key, case .string(let value) = value else { throw malformed("has metadata that are not text") }
            texts.append((key, value))
        }
        return texts
    }

    private static func entry(_ name: String, _ document: Document) throws(FormatError) -> Entry {
        guard case .mapping(let facts) = document, case .string(let typeName)? = facts["dtype"] else {
            throw malformed("has no dtype", name)
        }
        guard let type = SafetensorsType(typeName) else { throw malformed("has the unknown dtype \(typeName)", name) }
        guard let shape = integers(facts["shape"]) else { throw malformed("has no shape of whole numbers", name) }
        guard let offsets = integers(facts["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
            throw malformed("has impossible data_offsets", name)
        }
        guard Tensor.isCountable(shape, elementSize: 1), let count = Tensor.elementCount(shape),
            case (let bits, let overflow) = count.multipliedReportingOverflow(by: type.bits),
            !overflow, bits.isMultiple(of: 8),
            bits / 8 == offsets[1] - offsets[0]
        else { throw malformed("has a shape that does not fit its \(offsets[1] - offsets[0]) bytes", name) }
        return Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
    }

    private static func integers(_ document: Document?) -> [Int]? {
        guard case .list(let items)? = document else { return nil }
        var integers: [Int] = []
        for item in items {
            guard case .integer(let value) = item, value >= 0 else { return nil }
            integers.append(value)
        }
        return integers
    }

    // MARK: Data

    /// The ranges must cover the data block without a hole or an overlap.
    private func requireTiling() throws(FormatError) {
        var end = 0
        for entry in entries.sorted(by: { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }) {
            guard entry.range.lowerBound == end else {
                throw SafetensorsHeader.malformed("does not begin where the one before it ends", entry.name)
            }
            end = entry.range.upperBound
        }
        guard end <= data.count else {
            throw FormatError(.truncated, Safetensors.format, "needs \(end) bytes of data and has \(data.count)", at: .byte(fileSize))
        }
        guard end == data.count else { throw SafetensorsHeader.malformed("has \(data.count - end) bytes that belong to no tensor") }
    }

    func value(of entry: Entry) throws(FormatError) -> Document {
        guard let bytes = data.slice(entry.range) else { throw SafetensorsHeader.malformed("reaches past the end", entry.name) }
        switch entry.type {
        case .element(let dtype):
            guard let tensor = Tensor(dtype: dtype, shape: entry.shape, bytes: bytes) else {
                throw SafetensorsHeader.malformed("has an impossible shape", entry.name)
            }
            return .tensor(tensor)
        case .packed(let name, _):
            let facts: [(String, Document)] = [
                ("type", .string(name)), ("shape", .list(entry.shape.map { .integer($0) })), ("nbytes", .integer(bytes.count)),
            ]
            let data = Tensor(dtype: .uint8, shape: [bytes.count], bytes: bytes).map { [("data", Document.tensor($0))] } ?? []
            return .opaque(.init(name: "safetensors.\(name)", state: .object(facts + data)))
        }
    }
}
