import CrateValues

/// How much room something takes.
public struct Usage: Sendable {
    public enum Sort: String, Sendable { case snapshot, version, kind, artifact, backup, kept, resets }
    public let sort: Sort
    /// `run`, `run/v0`, `run/v0/texts`, `run/v0/texts/a.txt`.
    public let name: String
    /// Bytes of all its files.
    public internal(set) var bytes: Int
    /// Of these, bytes that other files have too, so that removing it alone would not free them.
    public internal(set) var shared: Int
    /// Bytes that nothing else has.
    public var exclusive: Int { bytes - shared }
}

extension Crate {
    /// How much room snapshots, versions, kinds, artifacts and backups take, and what is kept for `undo`; each above what it is made of.
    ///
    /// - Parameter name: one snapshot; all when `nil`. Throws `notFound` when it is not there.
    public func usage(_ name: String? = nil) throws(CrateError) -> [Usage] {
        var usage: [Usage] = []
        for name in try seriesNames(name) {
            let start = usage.count
            usage.append(Usage(sort: .snapshot, name: name, bytes: 0, shared: 0))
            for version in try versions(of: name) { usage += try store(name, version).usage(name) }
            usage.append(try kept(Path.join(name, "(reset)"), .resets, project.hidden.resets(name)))
            if usage[usage.count - 1].bytes == 0 { usage.removeLast() }
            for part in usage[(start + 1)...] where part.sort == .version || part.sort == .resets {
                usage[start].bytes += part.bytes
                usage[start].shared += part.shared
            }
        }
        return usage
    }

    /// The one, or all names that have versions or that a reset took away. Throws `notFound` for one that has neither.
    func seriesNames(_ name: String?) throws(CrateError) -> [String] {
        if let name {
            if try knownVersions(of: name).isEmpty, try resets(of: name).isEmpty { throw .notFound(what: "snapshot", path: name, hint: nil) }
            return [name]
        }
        return Set((try names() + resetNames()).map(ExactText.init)).map(\.text).sorted(by: Path.precedes)
    }

    private func kept(_ name: String, _ sort: Usage.Sort, _ path: String) throws(CrateError) -> Usage {
        let room = try files.room(path)
        return Usage(sort: sort, name: name, bytes: room.bytes, shared: room.shared)
    }
}

extension VersionStore {
    fileprivate func usage(_ name: String) throws(CrateError) -> [Usage] {
        let own = Path.join(name, Path.name(directory))
        var parts: [Usage] = []
        for kind in try kindFolders() {
            var folder = Usage(sort: .kind, name: Path.join(own, kind), bytes: 0, shared: 0)
            var items: [Usage] = []
            for item in try files.names(in: path(kind)).sorted() {
                let room = try files.room(path(Path.join(kind, item)))
                folder.bytes += room.bytes
                folder.shared += room.shared
                items.append(Usage(sort: Backup.isBackup(item) ? .backup : .artifact, name: Path.join(folder.name, item), bytes: room.bytes, shared: room.shared))
            }
            parts.append(folder)
            parts += items
        }
        let kept = try files.room(keptFolder)
        if kept.bytes > 0 { parts.append(Usage(sort: .kept, name: Path.join(own, "(kept)"), bytes: kept.bytes, shared: kept.shared)) }
        let whole = try files.room(directory)
        return [Usage(sort: .version, name: own, bytes: whole.bytes + kept.bytes, shared: whole.shared + kept.shared)] + parts
    }
}

extension Files {
    /// Bytes of a file, or of all below a folder, and how many of them other files share.
    func room(_ path: String) throws(CrateError) -> (bytes: Int, shared: Int) {
        guard let status = try status(path) else { return (0, 0) }
        if status.kind == .directory {
            var sum = (bytes: 0, shared: 0)
            for name in try names(in: path) {
                let inner = try room(Path.join(path, name))
                sum = (sum.bytes + inner.bytes, sum.shared + inner.shared)
            }
            return sum
        }
        guard status.kind == .file, status.size > 0 else { return (0, 0) }
        let full = try resolved(path)
        guard let handle = try? calls.open(full, .read) else { return (status.size, 0) }
        defer { try? calls.close(handle) }
        return (status.size, min(status.size, calls.sharedBytes(handle)))
    }
}
