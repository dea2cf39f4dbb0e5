import CrateValues

/// PyTorch's checkpoints (`.pth`, `.pt`): data as a pickle, the tensors' bytes beside it.
///
/// Tensors are views of the file's bytes where these are stored plainly. Nothing of the pickle is run: plain containers and
/// tensors become a document, other objects stay `Document.opaque`, and a request for anything dangerous refuses the file.
public enum PyTorch {
    static let format = "PyTorch checkpoint"

    /// Reads the ZIP layout (since PyTorch 1.6), the older one, or a plain pickle under the same extension.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        if ZipArchive.recognizes(bytes) { return try TorchArchive(bytes, limits: limits).document() }
        if LegacyTorch.recognizes(bytes) { return try LegacyTorch(bytes, limits: limits).document() }
        if TorchTar.recognizes(bytes) { return try TorchTar.document(bytes, limits: limits) }
        guard bytes.starts(with: [0x80]) else { throw FormatError(.malformed, format, "is neither a ZIP file nor a pickle", at: .byte(0)) }
        return try Pickle.decode(bytes, limits: limits)
    }

    /// What a checkpoint holds and asks for, also of one that `decode` refuses.
    public static func describe(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Checkpoint.Description {
        if ZipArchive.recognizes(bytes) { return try TorchArchive(bytes, limits: limits).description() }
        if LegacyTorch.recognizes(bytes) { return try LegacyTorch(bytes, limits: limits).description() }
        if TorchTar.recognizes(bytes) { return try TorchTar.describe(bytes, limits: limits) }
        return try Pickle.describe(bytes, limits: limits)
    }

    static let names = TorchVocabulary(storages: TorchStorages())

    /// Runs the pickle at the reader's position, with PyTorch's names among those that are understood.
    static func graph(of reader: ByteReader, limits: Limits) throws(FormatError) -> PickleGraph {
        try run(reader, limits: limits).complete()
    }

    static func run(_ reader: ByteReader, limits: Limits) -> Pickle.Run {
        Pickle.run(reader, limits: limits, vocabulary: [names] + Pickle.standardVocabulary)
    }

    static func document(_ graph: PickleGraph, storages: TorchStorages, limits: Limits) throws(FormatError) -> Document {
        let vocabulary: [any PickleVocabulary] = [TorchVocabulary(storages: storages)] + Pickle.standardVocabulary
        return try PickleResolver(graph, vocabulary: vocabulary, limits: limits, format: format).document(graph.root)
    }
}
