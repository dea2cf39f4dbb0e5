import CrateValues

/// The ZIP layout: `<root>/data.pkl`, `<root>/data/<key>` for each storage, `<root>/byteorder`, `<root>/version`.
struct TorchArchive {
    /// What the members say that it is.
    private enum Layout: String {
        case checkpoint = "ZIP"
        /// A program: `code/` beside the data.
        case script = "TorchScript"
        /// A program as a graph: `models/*.json`.
        case exported = "torch.export"
    }

    let archive: ZipArchive
    /// The name of the one folder, with its slash.
    let root: String
    private let layout: Layout
    let limits: Limits

    init(_ bytes: Bytes, limits: Limits) throws(FormatError) {
        archive = try ZipArchive(bytes, limits: limits)
        self.limits = limits
        root = try TorchArchive.root(of: archive)
        try TorchArchive.requireDistinctNames(archive)
        if archive[root + "archive_format"] != nil {
            layout = .exported
        } else if archive[root + "constants.pkl"] != nil {
            layout = .script
        } else {
            layout = .checkpoint
        }
        guard layout == .exported || archive[root + "data.pkl"] != nil else {
            throw TorchArchive.malformed(archive, "is a ZIP file without data.pkl")
        }
    }

    func document(only selection: Checkpoint.Selection?) throws(FormatError) -> Document {
        guard layout != .exported else {
            return try selection?.applied(to: exported(), format: .pyTorch) ?? exported()
        }
        let graph = try program().complete()
        try graph.requireNothingDangerous(format: PyTorch.format)
        return try document(graph, only: selection)
    }

    func description(depth: Int) throws(FormatError) -> Checkpoint.Description {
        var description =
            layout == .exported
            ? Checkpoint.Description(.pyTorch, exported())
            : try Pickle.description(.pyTorch, try program()) { (graph) throws(FormatError) in try document(graph, only: nil) }
        description.facts += [("framework", .string("PyTorch")), ("layout", .string(layout.rawValue)), archive.compressionFact]
        if let version = text(of: "version") { description.facts.append(("archive version", .string(version))) }
        if layout != .exported { description.facts.append(("byte order", .string(text(of: "byteorder") ?? "little"))) }
        description.members = archive.listing
        description.addImports(besides: self, depth: depth)
        return description
    }

    private func document(_ graph: PickleGraph, only selection: Checkpoint.Selection?) throws(FormatError) -> Document {
        let storages = MemberStorages(archive: archive, root: root, isBigEndian: try isBigEndian())
        return try PyTorch.document(graph, from: storages, limits: limits, only: selection) { document in
            layout == .script ? script(document, graph) : document
        }
    }

    private func program() throws(FormatError) -> Pickle.Run {
        guard let member = archive[root + "data.pkl"] else { throw FormatError(.malformed, PyTorch.format, "has no data.pkl") }
        // PyTorch can be told to write no checksums, and then puts 0.
        let program = try archive.contents(of: member, checksCRC: member.crc32 != 0)
        let origin = member.isDeflated ? 0 : member.dataRange.lowerBound
        let limits = member.isDeflated ? limits.unpacked(from: member.compressedSize) : limits
        return Pickle.run(ByteReader(program, format: PyTorch.format, origin: origin), limits: limits)
    }

    /// `<root>/data/<key>` for each storage.
    private struct MemberStorages: TorchStorages.Source {
        let archive: ZipArchive
        let root: String
        let isBigEndian: Bool

        func size(of reference: TorchStorages.Reference) throws(FormatError) -> Int { try member(reference).size }

        func bytes(of reference: TorchStorages.Reference) throws(FormatError) -> Bytes {
            try archive.contents(of: try member(reference), checksCRC: false)
        }

        private func member(_ reference: TorchStorages.Reference) throws(FormatError) -> ZipArchive.Member {
            guard let member = archive["\(root)data/\(reference.key)"] else {
                throw FormatError(.malformed, PyTorch.format, "has no storage \(reference.key)", at: .byte(reference.position))
            }
            return member
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

    /// A short member's text, for descriptions.
    private func text(of name: String) -> String? {
        guard let member = archive[root + name], member.size < 64, let bytes = try? archive.contents(of: member, checksCRC: false) else {
            return nil
        }
        return String(validating: bytes.array, as: UTF8.self)?.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    /// The folder that holds everything.
    private static func root(of archive: ZipArchive) throws(FormatError) -> String {
        guard let first = archive.members.first?.name, let slash = first.utf8.firstIndex(of: UInt8(ascii: "/")), slash != first.startIndex,
            archive.members.allSatisfy({ $0.name.hasPrefix(first[...slash]) })
        else { throw malformed(archive, "is a ZIP file without the one folder that checkpoints have") }
        return String(first[...slash])
    }

    /// PyTorch looks for members without regard to case, and could find another than is shown here.
    private static func requireDistinctNames(_ archive: ZipArchive) throws(FormatError) {
        var seen: [ExactText: String] = [:]
        for name in archive.members.map(\.name) {
            guard let other = seen.updateValue(name, forKey: ExactText(name.asciiLowercased)) else { continue }
            throw FormatError(.malformed, PyTorch.format, "holds `\(other)` and `\(name)`, which PyTorch takes for one", at: .member(name))
        }
    }

    private static func malformed(_ archive: ZipArchive, _ what: String) -> FormatError {
        let shown = archive.members.prefix(8).map(\.name).joined(separator: ", ")
        let rest = archive.members.count > 8 ? " and \(archive.members.count - 8) more" : ""
        return FormatError(.malformed, PyTorch.format, "\(what); its members are \(shown)\(rest)")
    }

    // MARK: Programs, which are shown and never run

    /// The module with its attributes, and the names of its classes and of the members that hold their code.
    private func script(_ module: Document, _ graph: PickleGraph) -> Document {
        let classes = graph.labels.filter { $0.module.hasPrefix("__torch__") }.map { Document.string($0.qualifiedName) }
        let code = archive.members.filter { $0.name.hasPrefix(root + "code/") && $0.name.hasSuffix(".py") }
        return .opaque(
            .init(
                name: "torch.jit.ScriptModule",
                state: .object([
                    ("module", module), ("classes", .list(classes)), ("code", .list(code.map { .string($0.name) })), ("members", memberNames),
                ])))
    }

    private func exported() -> Document { .opaque(.init(name: "torch.export.ExportedProgram", state: .object([("members", memberNames)]))) }

    private var memberNames: Document { .list(archive.members.map { .string($0.name) }) }
}
