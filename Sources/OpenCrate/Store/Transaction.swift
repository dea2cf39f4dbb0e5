import CrateFormats
import CrateValues
import Glibc

/// Changes of one version that wait, out of sight, to appear together.
///
/// New content is staged in the hidden folder. The commit point is the appearance of `intent.json`, which lists the steps: from then on
/// they are carried out, by whoever comes next if their process is stopped; before it none is.
final class Transaction {
    let id: String
    private let folder: String
    /// Says that the process lives whose content is staged under names that begin with `id`.
    private let life: ArtifactLock
    private(set) var steps: [Step] = []
    /// Held to the end, by file.
    var locks: [ExactText: ArtifactLock] = [:]

    struct Step {
        var entry: JournalEntry
        /// The staged content's name; `nil` for a removal.
        var source: String?
    }

    init(id: String, folder: String, life: ArtifactLock) {
        self.id = id
        self.folder = folder
        self.life = life
    }

    private static let separator: Character = "-"

    /// The transaction that a staged name belongs to.
    static func id(of source: String) -> String { String(source.prefix { $0 != separator }) }

    func path(_ source: String) -> String { Path.join(folder, source) }

    /// What the transaction would make of `file`; `nil` when it does not touch it.
    func step(of file: String) -> Step? { steps.first { $0.entry.isAbout(file) } }

    /// Takes a new file or folder out of the version until the commit. Closes it.
    func stage(_ new: Unfinished, _ entry: JournalEntry, _ files: Files) throws(CrateError) {
        let source = id + String(Transaction.separator) + String(files.system.entropy.next(), radix: 36)
        let full = try files.resolved(path(source))
        try files.named(entry.file ?? "") { () throws(SystemError) in
            try files.synchronize(new.handle)
            try files.calls.rename(new.path, to: full, .keep)
        }
        try? files.calls.close(new.handle)
        add(Step(entry: entry, source: source), files)
    }

    func stageRemoval(_ entry: JournalEntry, _ files: Files) { add(Step(entry: entry, source: nil), files) }

    private func add(_ step: Step, _ files: Files) {
        if let file = step.entry.file, let index = steps.firstIndex(where: { $0.entry.isAbout(file) }) {
            if let source = steps[index].source, let full = try? files.resolved(path(source)) { files.removeAside(full) }
            steps.remove(at: index)
        }
        steps.append(step)
    }
}

// MARK: The intent's file

extension Transaction.Step {
    fileprivate var document: Document {
        get throws(CrateError) {
            let line = Bytes(try entry.line(localTime: Timestamp(year: 1970, month: 1, day: 1)))
            do { return .object([("source", source.map { .string($0) } ?? .null), ("entry", try JSON.decode(line))]) } catch {
                throw .format(error, path: "intent.json")
            }
        }
    }

    fileprivate init?(_ document: Document) {
        guard case .mapping(let fields) = document, let inner = fields["entry"] else { return nil }
        let sink = MemorySink()
        guard (try? JSON.encode(inner, to: sink)) != nil, let entry = JournalEntry(line: Bytes(sink.array)), entry.file != nil else { return nil }
        self.init(entry: entry, source: fields.text("source"))
        if let source, source.isEmpty || source.utf8.contains(UInt8(ascii: "/")) || source == ".." { return nil }
    }
}

extension VersionStore {
    var stagedFolder: String { Path.join(folder, "staged") }
    var intentPath: String { Path.join(folder, "intent.json") }

    func beginTransaction() throws(CrateError) {
        if transaction != nil { throw .invalid(what: "transaction", reason: "one is under way already", hint: "they can't be nested") }
        try completeTransactions()
        try hidden.make(keptFolder)
        try hidden.make(lockFolder)
        try hidden.make(stagedFolder)
        let id = hidden.newID()
        transaction = Transaction(id: id, folder: stagedFolder, life: try life(of: id))
    }

    /// Forgets what was staged.
    func abandonTransaction() {
        for step in transaction?.steps ?? [] {
            if let source = step.source, let full = try? files.resolved(Path.join(stagedFolder, source)) { files.removeAside(full) }
        }
        transaction = nil
    }

    /// Makes what was staged appear. When the intent can't be written nothing has changed; a later failure leaves the rest to
    /// the next operation.
    ///
    /// - Returns: the files that had been changed outside, with how.
    func commitTransaction() throws(CrateError) -> [(file: String, change: String)] {
        guard let transaction else { return [] }
        var changes: [(file: String, change: String)] = []
        if transaction.steps.isEmpty {
            self.transaction = nil
            return changes
        }
        do throws(CrateError) {
            let lock = try transactionLock()
            try withExtendedLifetime(lock) { () throws(CrateError) in
                try completeIntent()
                var steps = transaction.steps
                for index in steps.indices {
                    steps[index].entry.transaction = transaction.id
                    guard let file = steps[index].entry.file, let old = try before(file) else { continue }
                    steps[index].entry.kept = hidden.newID()
                    (steps[index].entry.keptDigest, steps[index].entry.keptSize) = (old.digest, old.size)
                    if let change = old.change, steps[index].source != nil { changes.append((file, change)) }
                }
                try requireStaged(steps)
                let staged = try files.resolved(stagedFolder)
                try files.named(stagedFolder) { () throws(SystemError) in try files.synchronizeFolder(staged) }
                try writeIntent(steps)
                self.transaction = nil
                try completeIntent()
            }
        } catch {
            // With the intent in place the transaction is committed, whatever failed after.
            if (try? files.status(intentPath)) != nil { self.transaction = nil } else { abandonTransaction() }
            throw error
        }
        return changes
    }

    /// What another process has taken away with the version can't be committed.
    private func requireStaged(_ steps: [Transaction.Step]) throws(CrateError) {
        for step in steps {
            guard let source = step.source, try files.status(Path.join(stagedFolder, source)) == nil else { continue }
            throw .notFound(
                what: "content of the transaction", path: step.entry.file ?? "", hint: "the version was reset or collected meanwhile; nothing was changed")
        }
    }

    /// Carries out what a stopped process has committed. Waits for one that is at it.
    func completeTransactions() throws(CrateError) {
        guard try files.status(intentPath) != nil else { return }
        let lock = try transactionLock()
        try withExtendedLifetime(lock) { () throws(CrateError) in try completeIntent() }
    }

    func transactionLock(patience: Int? = nil) throws(CrateError) -> ArtifactLock {
        try hidden.make(lockFolder)
        return try ArtifactLock(
            Path.join(lockFolder, "transaction"), what: "the transaction of `\(directory)`", files, patience: patience ?? self.patience)
    }

    private func writeIntent(_ steps: [Transaction.Step]) throws(CrateError) {
        var documents: [Document] = []
        for step in steps { documents.append(try step.document) }
        try files.write(intentPath) { (sink) throws(FormatError) in try JSON.encode(.list(documents), to: sink) }
    }

    /// What a transaction was to do that was committed and not finished; `nil` when there is none.
    func intendedSteps() throws(CrateError) -> [Transaction.Step]? {
        guard try files.status(intentPath) != nil else { return nil }
        let bytes = try files.read(intentPath, isMapped: false)
        do throws(FormatError) {
            guard case .list(let items) = try JSON.decode(bytes) else { throw FormatError(.malformed, "JSON", "a transaction's steps are not a list") }
            return items.compactMap { Transaction.Step($0) }
        } catch {
            var error = error
            error.hint = "a transaction was committed here and stopped before its end: move this file away to go on without the rest of it, then `verify`"
            throw .format(error, path: intentPath)
        }
    }

    private func completeIntent() throws(CrateError) {
        guard let steps = try intendedSteps() else { return }
        for step in steps { try carryOut(step) }
        try synchronize(steps)
        try recordOnce(steps.map { (step) throws(CrateError) in try withoutLost(step.entry) })
        for step in steps { noteKept(step.entry) }
        let full = try files.resolved(intentPath)
        try files.named(intentPath) { () throws(SystemError) in
            try files.calls.unlink(full)
            try files.synchronizeFolder(of: full)
        }
    }

    /// Does what is left of a step to do: a stopped process may have done any part of it.
    private func carryOut(_ step: Transaction.Step) throws(CrateError) {
        guard let file = step.entry.file else { return }
        let target = path(file)
        let (old, kept) = (try files.status(target), step.entry.kept)
        guard let source = step.source else {
            if old != nil, let kept, try files.status(keptPath(kept)) == nil { try takeAway(target, to: keptPath(kept)) }
            return
        }
        guard let new = try files.status(Path.join(stagedFolder, source)) else { return }
        if let kept, let old {
            if old.kind == .directory { try takeAway(target, to: keptPath(kept)) } else { try keep(target, as: kept) }
        }
        try makeFolders(around: target)
        let (from, to) = (try files.resolved(Path.join(stagedFolder, source)), try files.resolved(target))
        try files.named(target) { () throws(SystemError) in try files.calls.rename(from, to: to, new.kind == .directory ? .keep : .replace) }
    }

    /// Another process may have emptied the version since the file was staged.
    private func makeFolders(around target: String) throws(CrateError) {
        for folder in [directory, Path.parent(target)] where try files.status(folder) == nil { try files.makeLastingDirectory(folder) }
    }

    private func synchronize(_ steps: [Transaction.Step]) throws(CrateError) {
        for folder in Set((steps.compactMap { $0.entry.file.map { Path.parent(path($0)) } } + [stagedFolder, keptFolder]).map(ExactText.init)) {
            let full = try files.resolved(folder.text)
            try files.named(folder.text) { () throws(SystemError) in try files.synchronizeFolder(full) }
        }
    }

    /// A loss of power may have taken a state that was to be kept.
    private func withoutLost(_ entry: JournalEntry) throws(CrateError) -> JournalEntry {
        guard let kept = entry.kept, try files.status(keptPath(kept)) == nil else { return entry }
        var entry = entry
        (entry.kept, entry.keptDigest, entry.keptSize) = (nil, nil, nil)
        return entry
    }

    private func recordOnce(_ entries: [JournalEntry]) throws(CrateError) {
        try journal.settle()
        let id = entries.first?.transaction
        let recorded = Set(try journal.lines().entries.suffix(entries.count).filter { $0.transaction == id }.compactMap(\.file).map(ExactText.init))
        let missing = entries.filter { !recorded.contains(ExactText($0.file ?? "")) }
        if !missing.isEmpty { try journal.record(missing) }
    }
}
