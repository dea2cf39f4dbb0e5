import CrateValues

/// The list of tensors and where their bytes stand.
struct GGUFTensors {
    private struct Entry {
        let name: String
        /// Slowest first, as numpy has it.
        let shape: [Int]
        let type: GGUFTensorType
        /// From the start of the data.
        let offset: Int
        let byteCount: Int
    }

    private var entries: [Entry] = []
    private var data: ByteReader
    private let isBigEndian: Bool

    init(_ count: Int, alignment: Int, _ reader: inout GGUFReader) throws(FormatError) {
        isBigEndian = reader.isBigEndian
        var names: Set<String> = []
        for _ in 0..<count {
            let entry = try GGUFTensors.entry(&reader)
            guard names.insert(entry.name).inserted else { throw reader.reader.malformed("has the tensor \(entry.name) twice") }
            guard entry.offset % alignment == 0 else {
                throw GGUFTensors.malformed(entry.name, "begins at \(entry.offset), which is not a multiple of the alignment \(alignment)")
            }
            entries.append(entry)
        }
        try GGUFTensors.requireDisjoint(entries)
        let start = (reader.reader.position + alignment - 1) / alignment * alignment
        // A file without tensors needs no padding.
        let rest = max(reader.reader.bytes.count - start, 0)
        try reader.seek(to: min(start, reader.reader.bytes.count))
        data = ByteReader(try reader.bytes(rest), format: "GGUF", origin: start)
    }

    /// Bytes that many tensors share would be many times as much once they are turned round or unpacked.
    private static func requireDisjoint(_ entries: [Entry]) throws(FormatError) {
        var end = 0
        for entry in entries.filter({ $0.byteCount > 0 }).sorted(by: { $0.offset < $1.offset }) {
            guard entry.offset >= end else { throw malformed(entry.name, "shares bytes with the tensor before it") }
            let (next, overflow) = entry.offset.addingReportingOverflow(entry.byteCount)
            guard !overflow else { throw malformed(entry.name, "reaches past the end of the file") }
            end = next
        }
    }

    private static func malformed(_ name: String, _ reason: String, _ kind: FormatError.Kind = .malformed) -> FormatError {
        FormatError(kind, "GGUF", reason, at: .member(name))
    }

    private static func entry(_ reader: inout GGUFReader) throws(FormatError) -> Entry {
        let name = try reader.name()
        let rank = try reader.number(UInt32.self)
        guard rank <= 4 else { throw malformed(name, "has \(rank) dimensions; at most 4 are possible") }
        var sizes: [Int] = []
        for _ in 0..<rank { sizes.append(try reader.count()) }
        let number = try reader.number(UInt32.self)
        guard let type = GGUFTensorType(rawValue: number) else { throw malformed(name, "has the unknown type \(number)", .unsupported) }
        let offset = try reader.number(UInt64.self)
        guard let offset = Int(exactly: offset) else { throw malformed(name, "begins at the impossible offset \(offset)") }
        let byteCount = try byteCount(name, sizes, type)
        return Entry(name: name, shape: sizes.reversed(), type: type, offset: offset, byteCount: byteCount)
    }

    /// Blocks lie along the fastest dimension.
    private static func byteCount(_ name: String, _ sizes: [Int], _ type: GGUFTensorType) throws(FormatError) -> Int {
        let block = type.block
        guard let count = Tensor.elementCount(sizes) else { throw malformed(name, "has the impossible shape \(Array(sizes.reversed()))") }
        guard (sizes.first ?? 1) % block.elements == 0 else {
            throw malformed(name, "has rows of \(sizes.first ?? 1) numbers, which are not whole blocks of \(block.elements)")
        }
        let (bytes, overflow) = (count / block.elements).multipliedReportingOverflow(by: block.bytes)
        guard !overflow else { throw malformed(name, "has the impossible shape \(Array(sizes.reversed()))") }
        return bytes
    }

    /// Those that are not wanted are only described.
    func documents(
        dequantizes: Bool, only selection: Checkpoint.Selection?
    ) throws(FormatError) -> [(key: Document, value: Document)] {
        var documents: [(key: Document, value: Document)] = []
        documents.reserveCapacity(entries.count)
        for entry in entries {
            let isWanted = selection?.contains(entry.name, in: "tensors") ?? true
            documents.append((.string(entry.name), isWanted ? try document(entry, dequantizes: dequantizes) : described(entry, [])))
        }
        return documents
    }

    private func document(_ entry: Entry, dequantizes: Bool) throws(FormatError) -> Document {
        let (end, overflow) = entry.offset.addingReportingOverflow(entry.byteCount)
        guard !overflow, end <= data.bytes.count, let bytes = data.bytes.slice(entry.offset..<end) else {
            throw GGUFTensors.malformed(
                entry.name, "reaches past the end of the file: \(entry.byteCount) bytes at \(entry.offset) of \(data.bytes.count)",
                .truncated)
        }
        if let dtype = entry.type.dtype {
            let ordered = isBigEndian ? try ElementBytes.swapped(bytes, dtype: dtype, format: "GGUF") : bytes
            return .tensor(try tensor(entry, dtype, ordered))
        }
        if dequantizes, entry.type == .Q8_0 { return .tensor(try tensor(entry, .float32, dequantizedQ8(bytes))) }
        return described(entry, [("data", .tensor(try blocks(entry, bytes)))])
    }

    private func described(_ entry: Entry, _ data: [(String, Document)]) -> Document {
        let facts: [(String, Document)] = [
            ("type", .string("\(entry.type)")), ("shape", .list(entry.shape.map { .integer($0) })), ("nbytes", .integer(entry.byteCount)),
        ]
        return .opaque(Document.Opaque(name: "gguf.\(entry.type)", state: .object(facts + data)))
    }

    private func tensor(_ entry: Entry, _ dtype: DType, _ bytes: Bytes) throws(FormatError) -> Tensor {
        guard let tensor = Tensor(dtype: dtype, shape: entry.shape, bytes: bytes) else {
            throw GGUFTensors.malformed(entry.name, "has the impossible shape \(entry.shape)")
        }
        return tensor
    }

    private func blocks(_ entry: Entry, _ bytes: Bytes) throws(FormatError) -> Tensor {
        guard let tensor = Tensor(dtype: .uint8, shape: [bytes.count], bytes: bytes) else {
            throw GGUFTensors.malformed(entry.name, "has the impossible size \(bytes.count)")
        }
        return tensor
    }

    /// Blocks of 34 bytes: a float16 scale, then 32 signed bytes that it multiplies.
    private func dequantizedQ8(_ blocks: Bytes) -> Bytes {
        let (elements, size) = GGUFTensorType.Q8_0.block
        return Bytes(
            ByteRegion(count: blocks.count / size * elements * 4) { target in
                let numbers = target.assumingMemoryBound(to: Float.self)
                blocks.withBytes { source in
                    for block in 0..<(source.count / size) {
                        let start = block * size
                        let bits = source.loadUnaligned(fromByteOffset: start, as: UInt16.self)
                        let scale = float(half: isBigEndian ? bits.byteSwapped : bits)
                        for index in 0..<elements {
                            numbers[block * elements + index] = Float(Int8(bitPattern: source[start + 2 + index])) * scale
                        }
                    }
                }
            })
    }

    /// IEEE 754 binary16, widened: its exponent is moved to binary32's by a multiplication, which also takes care of
    /// subnormal numbers.
    private func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF) << 13
        if bits & 0x7C00 == 0x7C00 { return Float(bitPattern: sign | magnitude | 0x7F80_0000) }
        return Float(bitPattern: sign | (Float(bitPattern: magnitude) * 0x1p112).bitPattern)
    }
}
