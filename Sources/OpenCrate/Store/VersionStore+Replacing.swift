import Glibc

/// Emptying a version, and taking that back. The version's folder goes into the hidden one, and its journal with it: the new one begins
/// with a line that says where.
///
/// ```
/// kept/<id>/files           the version's folder
/// kept/<id>/journal.jsonl   its journal
/// kept/<id>/undone          what was there when the emptying was taken back
/// ```
extension VersionStore {
    func emptyVersion() throws(CrateError) {
        try completeReplacing()
        let id = hidden.newID()
        try hidden.make(keptPath(id))
        var entry = JournalEntry(.replace)
        (entry.kept, entry.keptSize) = (id, try files.outline(directory)?.size)
        try journal.commit(entry) { () throws(CrateError) in try takeAway(directory, to: Path.join(keptPath(id), "files")) }
        try completeReplacing()
    }

    /// Carries on with what a stopped process has begun.
    ///
    /// - Parameter patience: nanoseconds that it waits for others, when others than the store's.
    func completeReplacing(patience: Int? = nil) throws(CrateError) {
        try journal.settle(patience: patience)
        guard let last = try journal.lines().last, last.file == nil, let kept = last.kept else { return }
        let aside = Path.join(keptPath(kept), "journal.jsonl")
        switch last.operation {
        case .replace:
            guard try files.status(Path.join(keptPath(kept), "files")) != nil, try !isBegun(with: last) else { return }
            try journal.restart(with: last, keeping: aside, patience: patience)
        case .undo:
            guard try files.status(aside) != nil else { return }
            let (from, to) = (try files.resolved(aside), try files.resolved(journal.path))
            try files.named(journal.path) { () throws(SystemError) in
                try files.calls.rename(from, to: to, .replace)
                try files.synchronizeFolder(of: to)
            }
            journal.close()
            // The line that emptied the version, when its end was not synchronised.
            try journal.settle(patience: patience)
        default: return
        }
    }

    /// Whether the journal has been begun anew with this line already.
    private func isBegun(with entry: JournalEntry) throws(CrateError) -> Bool {
        let aside = Path.join(keptPath(entry.kept ?? ""), "journal.jsonl")
        guard let old = try files.status(aside) else { return false }
        return try files.status(journal.path)?.identity != old.identity
    }

    /// Brings back the version that `replace` took away.
    func undoReplacing(_ entry: JournalEntry) throws(CrateError) {
        guard let kept = entry.kept, try files.status(Path.join(keptPath(kept), "files")) != nil else { throw notKept(entry) }
        var line = JournalEntry(.undo)
        line.undoes = entry.number
        line.kept = kept
        let undone = Path.join(keptPath(kept), "undone")
        try journal.commit(line) { () throws(CrateError) in
            if try files.status(directory) != nil { try takeAway(directory, to: undone) } else { try hidden.make(undone) }
            try bringBack(Path.join(keptPath(kept), "files"), to: directory)
        }
        try completeReplacing()
    }

    /// Of lines about the whole version: whether the process that wrote them came as far as the step that counts.
    func hasComeTrueForVersion(_ entry: JournalEntry) throws(CrateError) -> Bool {
        guard let kept = entry.kept else { return false }
        let (all, undone) = (Path.join(keptPath(kept), "files"), Path.join(keptPath(kept), "undone"))
        switch entry.operation {
        case .replace: return try files.status(all) != nil
        case .undo:
            guard try files.status(undone) != nil else { return false }
            if try files.status(all) != nil { try bringBack(all, to: directory) }
            return true
        default: return false
        }
    }

    func notKept(_ entry: JournalEntry) -> CrateError {
        let what = entry.name.map { "`\($0)`" } ?? "the version"
        return .invalid(
            what: "undo", reason: "what \(what) was before its \(entry.operation.rawValue) is not kept any more",
            hint: "`gc` has dropped it, or later states took its room: of each file the newest are kept, up to \(ByteCount.text(keptStates.budget))")
    }
}
