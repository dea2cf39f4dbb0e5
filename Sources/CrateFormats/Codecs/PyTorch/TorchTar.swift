import CrateValues

/// The layout before PyTorch 0.1.10: a tar file of pickles and storages. Its members are named; its data are not read.
enum TorchTar {
    static func recognizes(_ bytes: Bytes) -> Bool { bytes.starts(with: Array("ustar".utf8), at: 257) }

    static func document(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Document {
        var reader = TarReader(PlainStream(bytes), source: .plain(bytes), limits: limits)
        let names = try reader.members().map { Document.string($0.name) }
        return .opaque(.init(name: "torch.tar", state: .object([("members", .list(names))])))
    }

    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        Checkpoint.Description(
            .pyTorch, try document(bytes, limits: limits),
            facts: [("framework", .string("PyTorch")), ("layout", .string("tar, before PyTorch 0.1.10"))])
    }
}
