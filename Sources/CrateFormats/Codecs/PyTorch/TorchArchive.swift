import CrateValues

/// The ZIP layout: `<root>/data.pkl`, `<root>/data/<key>` for each storage, `<root>/byteorder`, `<root>/version`.
struct TorchArchive {
    private let archive: ZipArchive
    /// The name of the one folder, with its slash.
    private let root: String
    private let limits: Limits

    init(_ bytes: Bytes, limits: Limits) throws(FormatError) {
        archive = try ZipArchive(bytes, limits: limits)
        self.limits = limits
        root = try TorchArchive.root(of: archive)
    }

    func document() throws(FormatError) -> Document {
        let graph = try graph()
        try PyTorch.requireData(graph)
        return try PyTorch.document(graph, storages: try storages(graph), limits: limits)
    }

    func description() throws(FormatError) -> Pickle.Description {
        let graph = try graph()
        let document = try PyTorch.document(graph, storages: try storages(graph), limits: limits)
        return Pickle.Description(document: document, imports: graph.imports, protocolVersion: graph.protocolVersion)
    }

    private func graph() throws(FormatError) -> PickleGraph {
        guard let member = archive[root + "data.pkl"] else { throw FormatError(.malformed, PyTorch.format, "has no data.pkl") }
        // PyTorch can be told to write no checksums, and then puts 0.
        let program = try archive.contents(of: member, checksCRC: member.crc32 != 0)
        let origin = member.isDeflated ? 0 : member.dataRange.lowerBound
        return try PyTorch.graph(of: ByteReader(program, format: PyTorch.format, origin: origin), limits: limits)
    }

    private func storages(_ graph: PickleGraph) throws(FormatError) -> TorchStorages {
        try TorchStorages(graph, isBigEndian: try isBigEndian()) { (reference) throws(FormatError) in
            guard let member = archive["\(root)data/\(reference.key)"] else {
                throw FormatError(.malformed, PyTorch.format, "has no storage \(reference.key)", at: .byte(reference.position))
            }
            return try archive.contents(of: member, checksCRC: false)
        }
    }

    /// Files from before PyTorch 2.0 do not say and are little-endian.
    private func isBigEndian() throws(FormatError) -> Bool {
        guard let member = archive[root + "byteorder"] else { return false }
        let order = try archive.contents(of: member, checksCRC: false)
        if order == Bytes("little".utf8) { return false }
        if order == Bytes("big".utf8) { return true }
        throw FormatError(.malformed, PyTorch.format, "has an unknown byte order", at: .member(member.name))
    }

    /// The folder that holds everything, once it is clear that this is a checkpoint.
    private static func root(of archive: ZipArchive) throws(FormatError) -> String {
        guard let first = archive.members.first?.name, let slash = first.firstIndex(of: "/"), slash != first.startIndex else {
            throw described(archive, as: "is a ZIP file without the one folder that checkpoints have", kind: .malformed)
        }
        let root = String(first[...slash])
        guard archive.members.allSatisfy({ $0.name.hasPrefix(root) }) else {
            throw described(archive, as: "is a ZIP file without the one folder that checkpoints have", kind: .malformed)
        }
        if archive[root + "constants.pkl"] != nil {
            throw described(archive, as: "is a TorchScript program, which only PyTorch can run", kind: .unsupported)
        }
        if archive[root + "archive_format"] != nil {
            throw described(archive, as: "is a program saved by torch.export, which only PyTorch can run", kind: .unsupported)
        }
        guard archive[root + "data.pkl"] != nil else { throw described(archive, as: "is a ZIP file without data.pkl", kind: .malformed) }
        return root
    }

    private static func described(_ archive: ZipArchive, as what: String, kind: FormatError.Kind) -> FormatError {
        let shown = archive.members.prefix(8).map(\.name).joined(separator: ", ")
        let rest = archive.members.count > 8 ? " and \(archive.members.count - 8) more" : ""
        return FormatError(kind, PyTorch.format, "\(what); its members are \(shown)\(rest)")
    }
}
