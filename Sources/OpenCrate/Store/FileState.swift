import CrateValues

/// What a file or folder held at one moment.
struct FileState: Equatable {
    /// Bytes; of a folder those of all its files.
    var size: Int
    /// Nanoseconds since 1970, UTC; of a folder the newest of its files.
    var modified: Int
    /// SHA-256 in hexadecimal; of a folder as `Files.digest` has it, of a link as `Files.ownDigest`.
    var digest: String

    /// Whether nothing speaks against it being the same content, without reading it.
    func looksLike(_ other: Outline) -> Bool { !other.isLink && size == other.size && modified == other.modified }

    /// What is known without reading.
    struct Outline: Equatable {
        var size: Int
        var modified: Int
        /// Whether it is a symbolic link, which the store never makes in an artifact's place.
        var isLink = false
    }
}

extension Files {
    /// `nil` when nothing is there. Links in a folder count as what they lead to is called, not as what it holds.
    func outline(_ path: String) throws(CrateError) -> FileState.Outline? {
        guard let status = try status(path) else { return nil }
        var outline = FileState.Outline(size: 0, modified: 0, isLink: status.kind == .symbolicLink)
        let full = try resolved(path)
        try named(below: [(full, path)]) { () throws(SystemError) in try add(full, status, to: &outline) }
        return outline
    }

    private func add(_ full: String, _ status: FileStatus, to outline: inout FileState.Outline) throws(SystemError) {
        guard status.kind == .directory else {
            outline.size += status.size
            outline.modified = max(outline.modified, status.modified)
            return
        }
        for name in try calls.names(in: full) where !name.hasPrefix(NameRules.temporaryPrefix) {
            let inner = Path.join(full, name)
            if let status = try calls.status(inner, followingLinks: false) { try add(inner, status, to: &outline) }
        }
    }

    /// As `digest`, but a link counts as what it says, not as what is at its end: that may change without it.
    func ownDigest(_ path: String) throws(CrateError) -> String {
        guard try status(path)?.kind == .symbolicLink else { return try digest(path) }
        return SHA256Digest.hex(of: Array(TreeRecord.link("", to: try linkTarget(path)).utf8))
    }

    /// What is said of a link that has taken an artifact's place.
    func linkText(_ path: String) throws(CrateError) -> String { "it is a symbolic link to `\(try linkTarget(path))` now" }

    private func linkTarget(_ path: String) throws(CrateError) -> String {
        let full = try resolved(path)
        return try named(path) { () throws(SystemError) in try calls.readLink(full) }
    }

    /// Reads everything that is not given. `nil` when nothing is there.
    ///
    /// - Parameters:
    ///   - digest: the content's, when it is known already.
    ///   - outline: as `outline` would give it, when it is known already.
    func state(_ path: String, digest: String? = nil, outline: FileState.Outline? = nil) throws(CrateError) -> FileState? {
        let known = if let outline { outline } else { try self.outline(path) }
        guard let outline = known else { return nil }
        let digest = if let digest { digest } else { try ownDigest(path) }
        return FileState(size: outline.size, modified: outline.modified, digest: digest)
    }
}
