import CrateFormats

/// One file, folder or link below a folder.
struct TreeEntry {
    enum Kind { case file, folder, link(String) }
    /// Below the folder, `/` between parts.
    let path: String
    let kind: Kind
    /// Bytes of a file.
    let size: Int
    let isExecutable: Bool
}

extension Files {
    /// All that is below `folder`, sorted by the bytes of the paths; unfinished files are left out, links are not followed.
    ///
    /// Throws `invalid` for what can't be kept: devices, pipes, and links that lead out of the folder.
    func walk(_ folder: String) throws(CrateError) -> [TreeEntry] {
        guard try status(folder, followingLinks: true)?.kind == .directory else { throw .notFound(what: "folder", path: folder, hint: nil) }
        let root = try resolved(folder)
        var entries: [TreeEntry] = []
        try named(below: [(root, folder)]) { () throws(SystemError) in try collect(root, "", into: &entries) }
        for entry in entries { try refuseLeavingLink(entry, in: folder) }
        return entries.sorted { Path.precedes($0.path, $1.path) }
    }

    private func collect(_ full: String, _ prefix: String, into entries: inout [TreeEntry]) throws(SystemError) {
        for name in try calls.names(in: full) where !name.hasPrefix(NameRules.temporaryPrefix) {
            let (place, path) = (Path.join(full, name), prefix + name)
            guard let status = try calls.status(place, followingLinks: false) else { continue }
            let kind: TreeEntry.Kind
            switch status.kind {
            case .file: kind = .file
            case .directory: kind = .folder
            case .symbolicLink: kind = .link(try calls.readLink(place))
            case .other: throw SystemError("keep", place, SystemError.notSupported)
            }
            entries.append(
                TreeEntry(
                    path: path, kind: kind, size: status.kind == .file ? status.size : 0,
                    isExecutable: status.kind == .file && status.permissions & 0o100 != 0))
            if status.kind == .directory { try collect(place, path + "/", into: &entries) }
        }
    }

    private func refuseLeavingLink(_ entry: TreeEntry, in folder: String) throws(CrateError) {
        guard case .link(let target) = entry.kind, let fault = ArchiveName.fault(ofLinkTo: target, at: entry.path) else { return }
        throw .invalid(
            what: "link", reason: "`\(Path.join(folder, entry.path))`: \(fault)", hint: "only links that stay inside the folder are kept; replace it by a copy")
    }
}
