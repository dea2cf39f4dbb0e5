import CrateValues

/// What `undo` has taken back.
public struct Undone: Sendable {
    /// "save", "restore", "delete", "backup" or "replace".
    public let operation: String
    /// Of a backup, the backup's file; `nil` for the whole version.
    public let file: String?
    /// When it had been done, nanoseconds since 1970, UTC.
    public let time: Int
}

extension Snapshot {
    /// Takes back the last save, restore, delete, backup or emptying of this version that was not taken back yet; of a transaction
    /// all of it.
    ///
    /// Throws `notFound` when nothing is left, `changed` when the file was changed outside since, and `invalid` when what is needed was
    /// dropped.
    public func undo() throws(CrateError) -> [Undone] {
        try requireOpen("undo")
        if store.transaction != nil { throw .invalid(what: "undo", reason: "a transaction is under way", hint: "what it did goes when its block fails") }
        let undone = try store.undo()
        if undone.contains(where: { $0.file == nil }) { try reopenLog() }
        return undone
    }
}

extension VersionStore {
    func undo() throws(CrateError) -> [Undone] {
        try completeTransactions()
        try completeReplacing()
        while true {
            let group = try lastGroup()
            // All take them in the same order.
            let names = Set(group.compactMap(\.lockName).map(ExactText.init)).map(\.text).sorted(by: Path.precedes)
            let locks = try names.map { (file) throws(CrateError) in try lock(file) }
            let undone = try withExtendedLifetime(locks) { () throws(CrateError) -> [Undone]? in
                // Another process may have taken it back before it was locked.
                try lastGroup().map(\.position) == group.map(\.position) ? try undo(group) : nil
            }
            if let undone { return undone }
        }
    }

    /// The newest operation that can be taken back, with those of its transaction.
    private func lastGroup() throws(CrateError) -> [JournalEntry] {
        let entries = try journal.lines().entries
        guard let last = VersionStore.undoable(entries) else { throw .notFound(what: "operation to undo", path: directory, hint: nil) }
        return last.transaction.map { id in VersionStore.standing(entries).filter { $0.transaction == id } } ?? [last]
    }

    private func undo(_ group: [JournalEntry]) throws(CrateError) -> [Undone] {
        // All of a transaction or nothing of it: what can be known to be in the way is looked for first.
        for entry in group { try checkUndoable(entry) }
        return try group.reversed().map { (entry) throws(CrateError) in
            do throws(CrateError) {
                if let file = entry.file { try undo(entry, file) } else { try undoReplacing(entry) }
            } catch {
                // Another process may have dropped it since it was looked for.
                if error.isOfNothingThere, let kept = entry.kept, (try? files.status(keptPath(kept)) == nil) == true { throw notKept(entry) }
                throw error
            }
            return Undone(operation: entry.operation.rawValue, file: entry.file, time: entry.time)
        }
    }

    private func checkUndoable(_ entry: JournalEntry) throws(CrateError) {
        guard let file = entry.file else { return }
        if let change = try change(of: file, isThorough: false) { throw .changed(path: path(file), reason: change) }
        if let kept = entry.kept, try files.status(keptPath(kept)) == nil { throw notKept(entry) }
    }

    /// The newest operation that can be taken back and was not yet.
    static func undoable(_ entries: [JournalEntry]) -> JournalEntry? {
        standing(entries).last { entry in
            switch entry.operation {
            case .save, .restore, .delete, .backup: true
            // Where it does not begin a journal that follows from another it has been taken back: that brought this journal back.
            case .replace: entry.number == entries.first?.number && entry.before != Journal.Tail().digest
            case .undo, .found, .rebuilt, .collect: false
            }
        }
    }

    /// The operations that were not taken back, and are not a taking back.
    static func standing(_ entries: [JournalEntry]) -> [JournalEntry] {
        let undone = Set(entries.compactMap(\.undoes))
        return entries.filter { $0.operation != .undo && !undone.contains($0.number) }
    }

    private func undo(_ entry: JournalEntry, _ file: String) throws(CrateError) {
        var line = JournalEntry(.undo, kind: entry.kind, name: entry.name, file: file, tag: entry.tag)
        line.undoes = entry.number
        let target = path(file)
        let isThere = try files.status(target) != nil
        guard let kept = entry.kept else {
            guard isThere else { return try journal.record([line]) }
            let id = hidden.newID()
            (line.kept, line.keptSize) = (id, try before(file)?.size)
            return try journal.commit(line) { () throws(CrateError) in try takeAway(target, to: keptPath(id)) }
        }
        guard let outline = try files.outline(keptPath(kept)) else { throw notKept(entry) }
        line.state = FileState(size: outline.size, modified: outline.modified, digest: try files.ownDigest(keptPath(kept)))
        if let digest = entry.keptDigest, digest != line.state?.digest {
            throw .changed(path: keptPath(kept), reason: "what is kept of `\(file)` is not what it was")
        }
        line.kept = isThere ? kept : nil
        // Not that of the operation's own line: a change from outside may have been adopted since.
        let old = try before(file)
        (line.keptDigest, line.keptSize) = (old?.digest, old?.size)
        try journal.commit(line) { () throws(CrateError) in
            if isThere { try swap(keptPath(kept), with: target) } else { try bringBack(keptPath(kept), to: target) }
        }
    }
}

extension JournalEntry {
    /// The artifact whose lock is held while it is done.
    fileprivate var lockName: String? { file.map { Path.join(Path.parent($0), name ?? Path.name($0)) } }
}
