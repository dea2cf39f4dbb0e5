/// What a file or folder held at one moment.
struct FileState: Equatable {
    /// Bytes; of a folder those of all its files.
    var size: Int
    /// Nanoseconds since 1970, UTC; of a folder the newest of its files.
    var modified: Int
    /// SHA-256 in hexadecimal; of a folder as `Files.digest` has it.
    var digest: String

    /// Whether nothing speaks against it being the same content, without reading it.
    func looksLike(_ other: Outline) -> Bool { size == other.size && modified == other.modified }

    /// What is known without reading.
    struct Outline: Equatable {
        var size: Int
        var modified: Int
    }
}

extension Files {
    /// `nil` when nothing is there. Links in a folder count as what they lead to is called, not as what it holds.
    func outline(_ path: String) throws(CrateError) -> FileState.Outline? {
        guard let status = try status(path) else { return nil }
        if status.kind != .directory { return .init(size: status.size, modified: status.modified) }
        var outline = FileState.Outline(size: 0, modified: 0)
        for info in try list(path, recursive: true) where !info.isDirectory {
            guard let inner = try self.status(info.path) else { continue }
            outline.size += inner.size
            outline.modified = max(outline.modified, inner.modified)
        }
        return outline
    }

    /// Reads everything. `nil` when nothing is there.
    ///
    /// - Parameter digest: the content's, when it is known already.
    func state(_ path: String, digest: String? = nil) throws(CrateError) -> FileState? {
        guard let outline = try outline(path) else { return nil }
        let digest = if let digest { digest } else { try self.digest(path) }
        return FileState(size: outline.size, modified: outline.modified, digest: digest)
    }
}
