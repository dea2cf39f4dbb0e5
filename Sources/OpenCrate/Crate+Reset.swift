import CrateFormats
import CrateValues

/// Taking away all versions of a name, and bringing them back.
///
/// ```
/// .opencrate/store/resets/<name>/<id>/record.json   the counter, and when
///                                    /files         was snapshots/<name>
///                                    /versions      was .opencrate/store/versions/<name>
///                                    /done          everything has been moved
/// ```
/// The step that counts is the move of `files`; what a stopped process has left after it is done by the next `setup` of the name.
extension Crate {
    /// Takes away every version of `name` and its number. Open snapshots of it can't be used any more. All of it stays out of sight until
    /// `collect` drops it.
    ///
    /// Throws `unconfirmed` unless `confirm` is true.
    ///
    /// - Returns: the bytes that will be freed then.
    @discardableResult
    public func reset(_ name: String, confirm: Bool) throws(CrateError) -> Int {
        try NameRules.check(name, as: "snapshot name")
        try requireNoTransaction("reset")
        guard confirm else { throw .unconfirmed(operation: "reset", consequence: "every snapshot of `\(name)` would be removed") }
        let path = project.seriesPath(name)
        let isThere = try files.status(path) != nil
        let size = isThere ? try files.totalSize(path) : 0
        if isThere { try resettingLocked(name) { () throws(CrateError) in try takeAway(name, path) } } else { try counters.remove(name) }
        project.noteReset(of: name)
        forget(name)
        return size
    }

    /// Brings back what the last `reset` of `name` took away, also what was damaged meanwhile: the rest could not be had otherwise.
    ///
    /// Throws `notFound` when there is no such reset or its files are gone, and `alreadyExists` when the name has been used again.
    ///
    /// - Returns: what is not as its journals have it, as `verify` names it from now on. A warning names it as well.
    @discardableResult
    public func undoReset(_ name: String) throws(CrateError) -> [Verification.Finding] {
        try NameRules.check(name, as: "snapshot name")
        var damage: [Verification.Finding] = []
        try resettingLocked(name) { () throws(CrateError) in
            guard let reset = try resets(of: name).last else { throw .notFound(what: "reset to undo", path: name, hint: nil) }
            if try files.status(project.seriesPath(name)) != nil {
                throw .alreadyExists(what: "snapshot", path: project.seriesPath(name), hint: "it was set up again after the reset; reset that first")
            }
            if try files.status(reset.files) == nil {
                throw .notFound(what: "folder", path: reset.files, hint: "it held what the reset took away; `gc \"\(name)\"` drops the rest")
            }
            damage = try self.damage(of: reset, name)
            try bringBack(name, reset)
        }
        warn(of: damage, name)
        return damage
    }

    private func bringBack(_ name: String, _ reset: Reset) throws(CrateError) {
        if let number = reset.isSound ? reset.number : try versions(in: reset.files).compactMap(\.number).max() {
            _ = try counters.update(name) { (newest) throws(CrateError) in max(newest ?? 0, number) }
        }
        let hiddenSeries = project.hidden.series(name)
        if try files.status(reset.versions) != nil {
            if try files.status(hiddenSeries) != nil { try files.move(hiddenSeries, to: Path.join(reset.folder, "undone-\(project.hidden.newID())")) }
            try project.hidden.make(Path.parent(hiddenSeries))
            try files.move(reset.versions, to: hiddenSeries)
        }
        try moveLasting(reset.files, to: project.seriesPath(name))
        try files.discard(reset.folder)
    }

    private func takeAway(_ name: String, _ path: String) throws(CrateError) {
        let folder = Path.join(project.hidden.resets(name), project.hidden.newID())
        let number = try? counters.newest(of: name)
        do throws(CrateError) {
            try project.hidden.make(folder)
            let record: [(String, Document)] = [("number", number.map { .integer($0) } ?? .null), ("at", .integer(files.system.clock.now()))]
            try files.write(Path.join(folder, "record.json")) { (sink) throws(FormatError) in try sink.write(JournalEntry.sealed(record)) }
            try moveLasting(path, to: Path.join(folder, "files"))
            try counters.remove(name)
        } catch {
            // Nothing but an empty record may be removed: the versions may have been moved by then.
            if try files.status(Path.join(folder, "files")) != nil { try moveLasting(Path.join(folder, "files"), to: path) }
            _ = try? files.remove(folder)
            throw error
        }
        // The rest is done by the next `setup` when it can't be done now.
        try? finish(name, folder)
    }

    /// Does what a stopped process has left of a reset.
    func completeResets(of name: String) throws(CrateError) {
        guard try files.status(project.hidden.resets(name)) != nil, try resets(of: name).contains(where: { !$0.isDone }) else { return }
        try resettingLocked(name) { () throws(CrateError) in
            for reset in try resets(of: name) where !reset.isDone {
                guard try files.status(reset.files) != nil else {
                    try files.discard(reset.folder)
                    continue
                }
                if let number = reset.number, try counters.newest(of: name) == number { try counters.remove(name) }
                try finish(name, reset.folder)
            }
        }
    }

    private func finish(_ name: String, _ folder: String) throws(CrateError) {
        let versions = Path.join(folder, "versions")
        if try files.status(project.hidden.series(name)) != nil, try files.status(versions) == nil { try moveLasting(project.hidden.series(name), to: versions) }
        try files.makeLastingDirectory(Path.join(folder, "done"))
    }

    private func moveLasting(_ from: String, to: String) throws(CrateError) {
        try files.move(from, to: to)
        let (source, target) = (try files.resolved(from), try files.resolved(to))
        try files.named(to) { () throws(SystemError) in
            try files.synchronizeFolder(of: target)
            try files.synchronizeFolder(of: source)
        }
    }

    func resettingLocked(_ name: String, _ body: () throws(CrateError) -> Void) throws(CrateError) {
        try project.hidden.make(project.hidden.root)
        let lock = try ArtifactLock(Path.join(project.hidden.root, "resets.lock"), what: "`\(name)`", files, patience: project.patience)
        try withExtendedLifetime(lock) { () throws(CrateError) in try body() }
    }

    /// One reset as its record tells of it.
    struct Reset {
        let folder: String
        let number: Int?
        /// Nanoseconds since 1970, UTC.
        let time: Int
        /// Whether the record's bytes are those that were written.
        let isSound: Bool
        let isDone: Bool

        var record: String { Path.join(folder, "record.json") }
        var files: String { Path.join(folder, "files") }
        var versions: String { Path.join(folder, "versions") }
    }

    /// Oldest first; those without a readable record never came to anything.
    func resets(of name: String) throws(CrateError) -> [Reset] {
        let folder = project.hidden.resets(name)
        guard try files.status(folder)?.kind == .directory else { return [] }
        var found: [Reset] = []
        for id in try files.names(in: folder) { found.append(try reset(in: Path.join(folder, id))) }
        return found.sorted { ($0.time, $0.folder) < ($1.time, $1.folder) }
    }

    private func reset(in folder: String) throws(CrateError) -> Reset {
        let bytes = (try? files.read(Path.join(folder, "record.json"), isMapped: false)) ?? Bytes([])
        let fields = if case .mapping(let fields)? = try? JSON.decode(bytes) { fields } else { Document.Mapping() }
        let (number, time) = (fields.integer("number"), fields.integer("at") ?? 0)
        let isSound = JournalEntry.isSound(bytes) || isUnsealed(bytes, number, time)
        return Reset(folder: folder, number: number, time: time, isSound: isSound, isDone: try files.status(Path.join(folder, "done")) != nil)
    }

    /// Whether it is a record from before they had a check.
    private func isUnsealed(_ bytes: Bytes, _ number: Int?, _ time: Int) -> Bool {
        let sink = MemorySink()
        try? JSON.encode(.object([("number", number.map { .integer($0) } ?? .null), ("at", .integer(time))]), to: sink)
        return sink.array == bytes.array
    }
}
