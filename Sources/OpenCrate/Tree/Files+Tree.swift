import CrateValues

extension Files {
    /// What stands below `folder`, for showing.
    ///
    /// - Parameters:
    ///   - depth: levels below the folder; `nil` for all.
    ///   - extensions: only files that have one of these, with or without the dot, in any case. Folders always show.
    public func tree(_ folder: String, depth: Int? = 2, extensions: [String] = []) throws(CrateError) -> FileTree {
        guard let status = try status(folder, followingLinks: true) else { throw .notFound(what: "folder", path: folder, hint: nil) }
        if status.kind != .directory { throw .invalid(what: "folder", reason: "`\(folder)` is a file", hint: nil) }
        let wanted = Set(extensions.map { ($0.hasPrefix(".") ? String($0.dropFirst()) : $0).lowercased() })
        let children = try nodes(in: folder, depth: depth ?? .max, wanted)
        let root = FileTree.Node(
            name: Path.name(folder), isFolder: true, children: children, size: 0, modified: system.clock.local(status.modified))
        return FileTree(root: root)
    }

    private func nodes(in folder: String, depth: Int, _ wanted: Set<String>) throws(CrateError) -> [FileTree.Node] {
        if depth <= 0 { return [] }
        var nodes: [FileTree.Node] = []
        for name in try names(in: folder) {
            let path = Path.join(folder, name)
            guard let status = try status(path) else { continue }
            let isFolder = status.kind == .directory
            if !isFolder, !wanted.isEmpty, !wanted.contains(ArtifactName(name).fileExtension) { continue }
            nodes.append(
                FileTree.Node(
                    name: name, isFolder: isFolder, children: isFolder ? try self.nodes(in: path, depth: depth - 1, wanted) : [],
                    size: isFolder ? try totalSize(path) : status.size, modified: system.clock.local(status.modified)))
        }
        return nodes.sorted { ($0.isFolder ? 0 : 1, $0.name.lowercased(), $0.name) < ($1.isFolder ? 0 : 1, $1.name.lowercased(), $1.name) }
    }

    /// Bytes of a file, or of all files below a folder; links count nothing.
    public func totalSize(_ path: String) throws(CrateError) -> Int {
        guard let status = try status(path, followingLinks: true) else { throw .notFound(what: "file", path: path, hint: nil) }
        if status.kind != .directory { return status.size }
        return try list(path, recursive: true).reduce(0) { $1.isDirectory || $1.isSymbolicLink ? $0 : $0 + $1.size }
    }
}
