import CrateValues

/// PyTorch's checkpoints (`.pth`, `.pt`): data as a pickle, the tensors' bytes beside it.
///
/// Tensors are views of the file's bytes where these are stored plainly. Nothing of the pickle is run: plain containers and
/// tensors become a document, other objects stay `Document.opaque`, and a request for anything dangerous refuses the file. Programs
/// (TorchScript, torch.export) are described: their classes, members and tensors.
public enum PyTorch {
    static let format = "PyTorch checkpoint"
    private static let mostDepth = 4

    /// Reads the ZIP layout (since PyTorch 1.6), the older one, or a plain pickle under the same extension.
    ///
    /// - Parameter only: what is wanted; everything when left out.
    public static func decode(
        _ bytes: Bytes, limits: Limits = .standard, only: Checkpoint.Selection? = nil
    ) throws(FormatError) -> Document {
        if ZipArchive.recognizes(bytes) { return try TorchArchive(bytes, limits: limits).document(only: only) }
        // In the order in which PyTorch tries them: a file can be both.
        if !TorchTar.recognizes(bytes), LegacyTorch.recognizes(bytes) { return try LegacyTorch(bytes, limits: limits).document(only: only) }
        let document = try withoutStorages(bytes, limits: limits)
        return try only?.applied(to: document, format: .pyTorch) ?? document
    }

    private static func withoutStorages(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Document {
        if TorchTar.recognizes(bytes) { return try TorchTar.document(bytes, limits: limits) }
        guard bytes.starts(with: [0x80]) else { throw FormatError(.malformed, format, "is neither a ZIP file nor a pickle", at: .byte(0)) }
        return try Pickle.decode(bytes, limits: limits)
    }

    /// What a checkpoint holds and asks for, also of one that `decode` refuses.
    ///
    /// - Parameter depth: of checkpoints around it.
    static func describe(_ bytes: Bytes, limits: Limits = .standard, depth: Int = 0) throws(FormatError) -> Checkpoint.Description {
        guard depth <= mostDepth else { throw FormatError(.limit, format, "holds checkpoints in each other, more than \(mostDepth) deep") }
        if ZipArchive.recognizes(bytes) { return try TorchArchive(bytes, limits: limits).description(depth: depth) }
        if TorchTar.recognizes(bytes) { return try TorchTar.describe(bytes, limits: limits) }
        if LegacyTorch.recognizes(bytes) { return try LegacyTorch(bytes, limits: limits).description() }
        return try Pickle.describe(bytes, limits: limits)
    }

    /// The pickle's content, all of it or what is selected. A first reading without the storages finds out which of them a selection
    /// needs; the others are neither inflated nor turned round.
    ///
    /// - Parameter complete: adds what surrounds the content, such as a program's classes.
    static func document(
        _ graph: PickleGraph, from source: some TorchStorages.Source, limits: Limits, only selection: Checkpoint.Selection? = nil,
        complete: (Document) -> Document = { $0 }
    ) throws(FormatError) -> Document {
        guard let selection else {
            return complete(try document(graph, storages: try TorchStorages(graph, from: source), limits: limits))
        }
        let standIns = try TorchStorages(graph, from: source, wanted: [])
        let outline = try selection.applied(to: complete(try document(graph, storages: standIns, limits: limits)), format: .pyTorch)
        let storages = try TorchStorages(graph, from: source, wanted: standIns.keys(usedBy: outline))
        return try selection.applied(to: complete(try document(graph, storages: storages, limits: limits)), format: .pyTorch)
    }

    private static func document(_ graph: PickleGraph, storages: TorchStorages, limits: Limits) throws(FormatError) -> Document {
        // The usual one for PyTorch knows no storages, and would refuse tensors that this one leaves as labels.
        let vocabulary: [any PickleVocabulary] = [TorchVocabulary(storages: storages)] + Pickle.standardVocabulary.filter { !($0 is TorchVocabulary) }
        return try PickleResolver(graph, vocabulary: vocabulary, limits: limits, format: format).document(graph.root)
    }
}
