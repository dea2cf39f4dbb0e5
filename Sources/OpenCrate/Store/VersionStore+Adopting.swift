import CrateValues
import Glibc

/// Taking what is there as it is.
extension VersionStore {
    func adopt() throws(CrateError) -> [String] {
        try hidden.make(keptFolder)
        try completeInterrupted()
        if let kind = try comparison().closed.first { throw .system(operation: "open", path: path(kind.text), code: EACCES) }
        let hadJournal = try journal.exists
        if try journal.lines().firstBreak != nil {
            try files.move(journal.path, to: keptPath("journal-\(hidden.newID()).jsonl"))
            journal.close()
        }
        let comparison = try comparison()
        var lines: [JournalEntry] = []
        for file in comparison.present {
            let state = try files.state(path(file.text))
            if comparison.known[file]?.state?.digest != state?.digest { lines.append(found(file.text, state, comparison.known[file])) }
        }
        let present = Set(comparison.present)
        for (file, entry) in comparison.known.sorted(by: { Path.precedes($0.key.text, $1.key.text) }) where entry.state != nil && !present.contains(file) {
            lines.append(found(file.text, nil, entry))
        }
        let lost = try linesWithoutState().compactMap { $0.kept.map(keptPath) }
        let paths = lines.compactMap { $0.file.map(path) } + lost
        if !lost.isEmpty { lines.append(JournalEntry(.collect)) }
        if try !journal.exists { lines.insert(JournalEntry(.rebuilt, tag: hadJournal ? "the journal before was damaged" : "there was no journal"), at: 0) }
        if !lines.isEmpty { try journal.record(lines) }
        return paths
    }

    private func found(_ file: String, _ state: FileState?, _ earlier: JournalEntry?) -> JournalEntry {
        var entry = JournalEntry(.found, kind: earlier?.kind, name: earlier?.name ?? Path.name(file), file: file, tag: earlier?.tag)
        entry.state = state
        return entry
    }
}
