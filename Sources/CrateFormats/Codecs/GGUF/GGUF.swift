import CrateValues

/// Language models' weights as llama.cpp keeps them. Facts: the GGUF specification in ggml's documentation, versions 1 to 3.
public enum GGUF {
    /// What every file begins with.
    static let signature = Array("GGUF".utf8)

    /// Reads a file as a mapping of `version`, `metadata` (by key) and `tensors` (by name, in the order of the file).
    ///
    /// Tensors of plain numbers are views of `bytes`, in numpy's order of dimensions (the file has the fastest first);
    /// those of big-endian files are copies. Quantised tensors are `Document.opaque` values named `gguf.Q4_K` and the like,
    /// whose state tells their `type`, `shape`, `nbytes` and `data` (the blocks, a uint8 view).
    ///
    /// Lists of numbers in the metadata that are longer than `longestNumberList` are arrays, also views. A text that is not
    /// UTF-8 comes as bytes.
    ///
    /// - Parameters:
    ///   - dequantizes: computes tensors of type Q8_0 as float32 instead.
    ///   - only: what is wanted, by names such as `tensors.output.weight`; other tensors are not turned round or computed.
    /// - Throws: `.unsupported` for unknown versions and types, `.limit` beyond `limits.nodes` items in lists, `.truncated`,
    ///   `.malformed`.
    public static func decode(
        _ bytes: Bytes, dequantizes: Bool = false, limits: Limits = .standard, only selection: Checkpoint.Selection? = nil
    ) throws(FormatError) -> Document {
        var reader = try GGUFReader(bytes, limits: limits)
        let tensorCount = try reader.count()
        let keyCount = try reader.count()
        var metadata = GGUFMetadata(limits: limits)
        let entries = try metadata.read(keyCount, &reader)
        let tensors = try GGUFTensors(tensorCount, alignment: try metadata.alignment(entries, at: reader), &reader)
        let document = Document.object([
            ("version", .integer(reader.version)),
            ("metadata", .mapping(Document.Mapping(entries))),
            ("tensors", .mapping(Document.Mapping(try tensors.documents(dequantizes: dequantizes, only: selection)))),
        ])
        return try selection?.applied(to: document, format: .gguf) ?? document
    }

    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let document = try decode(bytes, limits: limits)
        guard case .mapping(let parts) = document else { return Checkpoint.Description(.gguf, document) }
        let isBigEndian = try GGUFReader(bytes, limits: limits).isBigEndian
        return Checkpoint.Description(
            .gguf, parts["tensors"] ?? .null,
            facts: [
                ("version", parts["version"] ?? .null), ("byte order", .string(isBigEndian ? "big" : "little")),
                ("metadata", parts["metadata"] ?? .null),
            ])
    }

    /// Longer lists of numbers in the metadata, such as a vocabulary's scores, are arrays.
    public static let longestNumberList = 1024
}

/// Numbers and texts in the byte order and width of the file's version.
struct GGUFReader {
    private(set) var reader: ByteReader
    /// 1 to 3.
    let version: Int
    let isBigEndian: Bool

    init(_ bytes: Bytes, limits: Limits) throws(FormatError) {
        reader = ByteReader(bytes, format: "GGUF")
        guard try reader.bytes(4).array == GGUF.signature else {
            throw FormatError(.malformed, "GGUF", "does not begin with GGUF", at: .byte(0))
        }
        let number = try reader.littleEndian(UInt32.self)
        isBigEndian = number & 0xFFFF == 0 && number != 0
        version = Int(isBigEndian ? number.byteSwapped : number)
        guard (1...3).contains(version) else { throw reader.error(.unsupported, "has the unknown version \(version)") }
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(FormatError) -> Number {
        isBigEndian ? try reader.bigEndian(type) : try reader.littleEndian(type)
    }

    /// A count or length: 32 bits in version 1, else 64.
    mutating func count() throws(FormatError) -> Int {
        let value = version == 1 ? UInt64(try number(UInt32.self)) : try number(UInt64.self)
        guard let count = Int(exactly: value) else { throw reader.malformed("holds the impossible count \(value)") }
        return count
    }

    /// A key or name.
    mutating func name() throws(FormatError) -> String { try reader.utf8(try count()) }

    mutating func text() throws(FormatError) -> Document {
        let bytes = try reader.bytes(try count())
        return bytes.withBytes { buffer in
            if let text = String(validating: buffer, as: UTF8.self) { .string(text) } else { .bytes(Array(buffer)) }
        }
    }

    mutating func seek(to position: Int) throws(FormatError) { try reader.seek(to: position) }

    mutating func bytes(_ count: Int) throws(FormatError) -> Bytes { try reader.bytes(count) }
}
