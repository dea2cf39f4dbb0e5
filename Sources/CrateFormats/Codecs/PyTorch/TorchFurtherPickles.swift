import CrateValues

extension Checkpoint.Description {
    /// Adds what pickles in other members than `data.pkl` ask for. Loading a checkpoint runs none of them; `torch.export` runs some, and
    /// anyone may do so by hand.
    mutating func addImports(besides checkpoint: TorchArchive, depth: Int = 0) {
        for member in checkpoint.archive.members where !checkpoint.isProgramOrStorage(member) {
            guard let bytes = try? checkpoint.archive.contents(of: member, checksCRC: false), bytes.mayBePickle || member.isCalledPickle else { continue }
            guard let inner = try? PyTorch.describe(bytes, limits: checkpoint.limits, depth: depth + 1) else { continue }
            imports += inner.imports.map { $0.inside(member.name) }
        }
    }
}

extension TorchArchive {
    /// What is looked at elsewhere, and what is numbers.
    fileprivate func isProgramOrStorage(_ member: ZipArchive.Member) -> Bool {
        if member.name == root + "data.pkl" || member.isDirectory { return true }
        let parts = member.name.pathParts()
        return parts.count == 3 && parts[1] == "data" && !member.isCalledPickle
    }
}

extension ZipArchive.Member {
    fileprivate var isCalledPickle: Bool { name.hasSuffix(".pkl") || name.hasSuffix(".pt") || name.hasSuffix(".pth") }
}

extension Bytes {
    /// Begins as pickles of protocol 2 and later do, or as a ZIP file.
    fileprivate var mayBePickle: Bool { ZipArchive.recognizes(self) || (2...5).contains { starts(with: [0x80, $0]) } }
}

extension Pickle.Import {
    func inside(_ name: String) -> Pickle.Import {
        var copy = self
        copy.member = copy.member.map { "\(name)/\($0)" } ?? name
        return copy
    }
}

extension String {
    var asciiLowercased: String { String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self) }
}
