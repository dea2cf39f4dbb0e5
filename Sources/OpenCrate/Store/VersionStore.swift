import CrateFormats
import CrateValues
import Glibc

/// Every change of one version goes through here: it is journaled, done in one step, and what was there before is kept.
final class VersionStore {
    let files: Files
    let hidden: HiddenFolder
    /// The version's own folder, with its plain files.
    let directory: String
    /// Its folder in the hidden one.
    let folder: String
    private(set) lazy var journal = Journal(Path.join(folder, "journal.jsonl"), files: files, run: run, patience: patience) { [unowned self] entry throws(CrateError) in
        try outcome(of: entry)
    }
    private let run: String
    /// Nanoseconds that writers of one artifact wait for each other.
    var patience = ArtifactLock.standardPatience
    /// While it is there, `gc` leaves the version alone.
    var hold: ArtifactLock?
    /// Steps that wait for their commit.
    var transaction: Transaction?
    /// Saves whose bytes someone else writes, by file.
    private var foreign: [ExactText: ForeignSave] = [:]

    /// What a kind's own code is about to write over is copied up to this size, in bytes; beyond, only where a copy costs nothing.
    static let largeSize = 16 << 20
    var keptStates = KeptStates()

    init(files: Files, hidden: HiddenFolder, directory: String, folder: String, run: String) {
        self.files = files
        self.hidden = hidden
        self.directory = directory
        self.folder = folder
        self.run = run
    }

    var keptFolder: String { Path.join(folder, "kept") }
    var lockFolder: String { Path.join(folder, "locks") }

    func path(_ file: String) -> String { Path.join(directory, file) }
    func keptPath(_ id: String) -> String { Path.join(keptFolder, id) }

    /// Runs `body` while no other process writes `file`.
    func writing<Result>(_ file: String, _ body: () throws(CrateError) -> Result) throws(CrateError) -> Result {
        let lock = try lock(file)
        // A transaction has its files to itself until it ends.
        if let transaction, let lock { transaction.locks[ExactText(file)] = lock }
        return try withExtendedLifetime(lock) { () throws(CrateError) in try body() }
    }

    /// `nil` when the transaction under way has it already.
    func lock(_ file: String) throws(CrateError) -> ArtifactLock? {
        try makeFolders()
        try completeTransactions()
        if transaction?.locks[ExactText(file)] != nil { return nil }
        let name = String(SHA256Digest.hex(of: Array(file.utf8)).prefix(32))
        return try ArtifactLock(Path.join(lockFolder, name), what: "`\(path(file))`", files, patience: patience)
    }

    private func makeFolders() throws(CrateError) {
        try hidden.make(keptFolder)
        try hidden.make(lockFolder)
    }

    /// Puts something new in its place, as one journaled step. Closes it.
    ///
    /// - Parameters:
    ///   - entry: names the file; its state and what is kept are filled in.
    ///   - mode: `.keep` makes a taken place an error of the system, EEXIST.
    ///
    /// - Returns: how what was there differed from what the journal has, in words; `nil` when nothing speaks for a change from outside.
    @discardableResult
    func place(_ new: Unfinished, _ entry: JournalEntry, _ mode: RenameMode = .replace) throws(CrateError) -> String? {
        guard let file = entry.file else {
            files.abandon(new)
            return nil
        }
        let target = path(file)
        do throws(CrateError) {
            var entry = entry
            entry.state = try files.state(Path.join(Path.parent(target), Path.name(new.path)), digest: new.digest, outline: new.outline)
            if let transaction {
                try transaction.stage(new, entry, files)
                return nil
            }
            let old = try before(file)
            if let old {
                entry.kept = hidden.newID()
                (entry.keptDigest, entry.keptSize) = (old.digest, old.size)
            }
            try journal.commit(entry, with: new.handle) { () throws(CrateError) in
                try put(new, at: target, keeping: entry.kept, mode)
            }
            try? files.calls.close(new.handle)
            noteKept(entry)
            return old?.change
        } catch {
            files.abandon(new)
            throw error
        }
    }

    /// Takes a file away, as one journaled step.
    func remove(_ entry: JournalEntry) throws(CrateError) {
        guard let file = entry.file else { return }
        if let transaction { return transaction.stageRemoval(entry, files) }
        var entry = entry
        let kept = hidden.newID()
        entry.kept = kept
        let old = try before(file)
        (entry.keptDigest, entry.keptSize) = (old?.digest, old?.size)
        try journal.commit(entry) { () throws(CrateError) in try takeAway(path(file), to: keptPath(kept)) }
        noteKept(entry)
    }

    /// Does what processes that ended have left to do.
    ///
    /// - Parameter isWaiting: for one that has the journal still; else what that one has begun is left to it.
    func completeInterrupted(isWaiting: Bool = true) throws(CrateError) {
        guard try files.status(folder) != nil else { return }
        try completeTransactions()
        do throws(CrateError) { try completeReplacing(patience: isWaiting ? nil : 0) } catch {
            if !isWaiting, case .busy = error { return }
            throw error
        }
    }

    /// Where the content of `file` is: in its place, or staged by the transaction under way; `nil` when that takes it away.
    func present(_ file: String) -> String? {
        guard let transaction, let step = transaction.step(of: file) else { return path(file) }
        return step.source.map { transaction.path($0) }
    }

    /// Names in a kind's folder, with those that the transaction under way adds, without those that it takes away.
    func names(in kindFolder: String) throws(CrateError) -> [String] {
        var names = try files.status(path(kindFolder))?.kind == .directory ? Set(files.names(in: path(kindFolder)).map(ExactText.init)) : []
        for step in transaction?.steps ?? [] {
            guard let file = step.entry.file, ExactText(Path.parent(file)) == ExactText(kindFolder) else { continue }
            let name = ExactText(Path.name(file))
            if step.source == nil { names.remove(name) } else { names.insert(name) }
        }
        return names.map(\.text)
    }

    private func outcome(of entry: JournalEntry) throws(CrateError) -> Journal.Outcome {
        guard try hasComeTrue(entry) else { return .notDone }
        guard entry.file != nil, entry.operation != .undo, let kept = entry.kept, try files.status(keptPath(kept)) == nil else { return .done }
        return .doneWithoutKeeping
    }

    /// Whether an operation that was begun in the journal was done before its process was stopped.
    private func hasComeTrue(_ entry: JournalEntry) throws(CrateError) -> Bool {
        guard let file = entry.file else { return try hasComeTrueForVersion(entry) }
        guard let state = entry.state else { return try files.status(path(file)) == nil }
        guard let outline = try files.outline(path(file)), outline.size == state.size else { return false }
        return try files.ownDigest(path(file)) == state.digest
    }

    /// Whether what is at `present` came to be by saving an artifact or by a backup; `nil` when the journal does not say.
    func origin(of file: String) throws(CrateError) -> JournalEntry.Operation? {
        if let step = transaction?.step(of: file) { return step.entry.operation }
        let lines = try journal.lines().newest(.max, holding: try JournalEntry.mark(of: file))
        return lines.first { $0.operation == .save || $0.operation == .backup }?.operation
    }

    /// The digest that what is at `present` should have by the journal, whatever is there.
    func expectedDigest(of file: String) throws(CrateError) -> String? {
        if let step = transaction?.step(of: file) { return step.entry.state?.digest }
        return try journal.newest(of: file).entry?.state?.digest
    }
}

// MARK: Saves whose bytes someone else writes

/// What was done before a custom kind's own code writes.
private struct ForeignSave {
    let lock: ArtifactLock?
    /// What is kept of the state before, and its bytes.
    let kept: String?
    let size: Int?
}

extension VersionStore {
    /// Takes the lock and keeps a copy of what is there: code that is not known may write over it in place.
    func beginForeignSave(_ file: String, _ kind: String) throws(CrateError) {
        if transaction != nil {
            throw .invalid(what: "transaction", reason: "`\(kind)` is saved by its own handler, which can't be taken back", hint: "save it before or after")
        }
        endForeignSave(file)
        let lock = try lock(file)
        let target = path(file)
        var kept: String?
        let outline = try files.outline(target)
        if let outline {
            let id = hidden.newID()
            // A large one is kept only where that costs nothing.
            if let copy = try? files.makeCopy(of: target, besides: keptPath(id), isShared: outline.size >= VersionStore.largeSize),
                (try? files.place(copy, at: keptPath(id), .keep)) != nil
            {
                kept = id
            }
        }
        foreign[ExactText(file)] = ForeignSave(lock: lock, kept: kept, size: kept == nil ? nil : outline?.size)
    }

    func completeForeignSave(_ entry: JournalEntry) throws(CrateError) {
        guard let file = entry.file else { return }
        var entry = entry
        entry.state = try files.state(path(file))
        (entry.kept, entry.keptSize) = (foreign[ExactText(file)]?.kept, foreign[ExactText(file)]?.size)
        if entry.state != nil { try journal.record([entry]) }
        noteKept(entry)
        endForeignSave(file)
    }

    func endForeignSave(_ file: String) { foreign[ExactText(file)] = nil }
}
