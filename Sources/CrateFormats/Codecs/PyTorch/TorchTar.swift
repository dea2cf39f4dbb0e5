import CrateValues

/// The layout before PyTorch 0.1.10: a tar file of pickles and storages. Its members are named; its data are not read.
enum TorchTar {
    static func recognizes(_ bytes: Bytes) -> Bool { bytes.starts(with: Array("ustar".utf8), at: 257) }

    static func document(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Document {
        .opaque(.init(name: "torch.tar", state: .object([("members", .list(try members(bytes, limits: limits).map { .string($0) }))])))
    }

    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        Checkpoint.Description(
            .pyTorch, try document(bytes, limits: limits),
            facts: [("framework", .string("PyTorch")), ("layout", .string("tar, before PyTorch 0.1.10"))])
    }

    /// Headers of 512 bytes with a name and an octal size; the content follows, filled up to a multiple of 512.
    private static func members(_ bytes: Bytes, limits: Limits) throws(FormatError) -> [String] {
        var reader = ByteReader(bytes, format: PyTorch.format)
        var names: [String] = []
        while !reader.isAtEnd, reader.peek() != 0, names.count < limits.nodes {
            let header = try reader.bytes(512).array
            let name = String(decoding: header[..<100].prefix { $0 != 0 }, as: UTF8.self)
            let digits = String(decoding: header[124..<136].filter { (0x30...0x37).contains($0) }, as: UTF8.self)
            guard let size = Int(digits, radix: 8) else { throw reader.malformed("has a tar member without a size") }
            names.append(name)
            try reader.skip(size)
            try reader.skip((512 - size % 512) % 512)
        }
        return names
    }
}
