import CrateValues

/// States that `undo` would need and that are gone although nobody has dropped them.
extension VersionStore {
    /// The lines whose states before are missing. Lines from before drops were journaled say nothing about that.
    func linesWithoutState() throws(CrateError) -> [JournalEntry] {
        while true {
            let lines = try journal.lines()
            var lost: [JournalEntry] = []
            for entry in neededStates(lines.entries) {
                if let kept = entry.kept, try files.status(keptPath(kept)) == nil { lost.append(entry) }
            }
            // Others may have dropped or taken back meanwhile: they journal it first.
            if lost.isEmpty { return [] }
            if try journal.lines().bytes.count == lines.bytes.count { return lost }
        }
    }

    private func neededStates(_ entries: [JournalEntry]) -> [JournalEntry] {
        let dropped = entries.filter { $0.operation == .collect }
        let start = dropped.last { $0.kept == nil }?.number ?? -1
        let gone = Set(dropped.compactMap(\.kept))
        let certain = certainlyKept(entries)
        return VersionStore.standing(entries).filter { entry in
            guard let kept = entry.kept, entry.number > start, !gone.contains(kept) else { return false }
            if entry.file != nil { return certain.contains(kept) }
            return entry.operation == .replace && entry.keptSize != nil && entry.number == entries.first?.number
        }
    }

    /// Of each file those that were not dropped for want of room, whoever wrote: more than these counted towards it can't have been.
    private func certainlyKept(_ entries: [JournalEntry]) -> Set<String> {
        var newest: [ExactText: [(id: String, size: Int?)]] = [:]
        for entry in entries.reversed() { if let file = entry.file, let kept = entry.kept { newest[ExactText(file), default: []].append((kept, entry.keptSize)) } }
        var certain = Set<String>()
        for states in newest.values {
            let known = states.prefix { $0.size != nil }
            certain.formUnion(known.prefix(keptStates.count(ofNewest: known.compactMap(\.size))).map(\.id))
        }
        return certain
    }

    /// Says that what is kept is about to be dropped.
    func noteCollection() throws(CrateError) {
        try completeInterrupted()
        if try journal.exists { try journal.record([JournalEntry(.collect)]) }
    }
}
