import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// The journal, verified loads, undo, transactions, locks, space: what the store promises beyond plain files.
@Suite struct StoreTests {
    let work: Workplace
    let snapshot: Snapshot
    var folder: TemporaryFolder { work.folder }
    static let hidden = ".opencrate/store/versions/run/v0"
    private var journal: String { "\(Self.hidden)/journal.jsonl" }

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
    }

    private func lines() throws -> [String] { try folder.text(journal).split(separator: "\n").map { String($0) } }
    private func again() throws -> Crate { try Workplace.open(folder, OperatingSystem()) }

    @Test func eachOperationHasALineThatFollowsFromTheOneBefore() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.backup(tag: "b")
        try note.save(.text("two"))
        try note.restore(tag: "b")
        try note.delete(confirm: true)
        let entries = try snapshot.store.journal.lines().entries
        #expect(entries.map(\.operation) == [.save, .backup, .save, .restore, .delete])
        #expect(entries.map(\.number) == [0, 1, 2, 3, 4])
        #expect(entries.map(\.file) == ["texts/note.txt", "texts/note.backup_b.txt", "texts/note.txt", "texts/note.txt", "texts/note.txt"])
        #expect(entries[0].state?.digest == SHA256Digest.hex(of: Array("one".utf8)) && entries[0].state?.size == 3)
        #expect(entries[1].state?.digest == entries[0].state?.digest && entries[1].tag == "b")
        #expect(entries[3].tag == "b" && entries[4].state == nil)
        #expect(try snapshot.store.journal.lines().firstBreak == nil)
        #expect(Set(entries.map(\.run)).count == 1)
    }

    @Test func theHiddenFolderIsPrivateAndTheVersionHoldsPlainFilesOnly() throws {
        try snapshot.text("note.txt").save(.text("one"))
        #expect(try work.crate.files.status(".opencrate/store")?.permissions == 0o700)
        #expect(folder.everything().filter { $0.hasPrefix("snapshots/run/v0/") } == ["snapshots/run/v0/run.log", "snapshots/run/v0/texts", "snapshots/run/v0/texts/note.txt"])
    }

    @Test(arguments: ["{\"number\": 1, \"oper", "garbage\u{0}", "{}"])
    func aTornLastLineIsDropped(_ torn: String) throws {
        try snapshot.text("note.txt").save(.text("one"))
        let whole = try folder.text(journal)
        try folder.write(whole + torn, to: journal)
        let crate = try again()
        try crate.setup("run", start: .last)
        #expect(try folder.text(journal) == whole)
        try folder.write(whole + torn, to: journal)
        #expect(try crate.verify().findings.isEmpty)
        #expect(try folder.text(journal) == whole)
    }

    @Test func aJournalIsMadeAnewFromTheFilesAndSaysSo() throws {
        try snapshot.text("note.txt").save(.text("one"))
        try snapshot.text("other.txt").save(.text("two"))
        try folder.write("", to: journal)
        #expect(try again().verify().findings.map(\.problem) == [.unknown, .unknown])
        #expect(try again().adopt().count == 2)
        #expect(try again().verify().findings.isEmpty)
        // A line in the middle that is not as written: the journal before is put aside.
        try folder.write(try folder.text(journal).replacing("\"kind\"", with: "\"kond\"").replacing("\"run\"", with: "\"ran\""), to: journal)
        #expect(try again().verify().findings.map(\.problem) == [.torn])
        #expect(try again().adopt().count == 2)
        #expect(try lines()[0].contains("the journal before was damaged"))
        #expect(try again().verify().findings.isEmpty)
        #expect(folder.everything().contains { $0.contains("kept/journal-") })
    }

    @Test func aChangeFromOutsideIsNamedOnLoading() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try folder.write("ONE", to: note.path)
        #expect(try note.load().string == "ONE")
        let warning = try #require(work.echoed.messages.last)
        #expect(warning.contains("changed outside of crate: other bytes than the 3 Bytes"))
        failure("changed") { _ = try note.load(verify: true) }
        #expect(try work.crate.adopt() == [note.path])
        #expect(try note.load(verify: true).string == "ONE")
        // The same bytes at another time are no change.
        try folder.write("ONE", to: note.path)
        let said = work.echoed.messages.count
        #expect(try note.load().string == "ONE" && work.echoed.messages.count == said)
    }

    @Test func verifyNamesEachProblemAndNoneHidesAnother() throws {
        for name in ["missing", "changed", "torn", "good", "better"] { try snapshot.text("\(name).txt").save(.text("content")) }
        try work.crate.files.remove(snapshot.path(kind: "text", name: "missing.txt"))
        try folder.write("CONTENT", to: "snapshots/run/v0/texts/changed.txt")
        try folder.write("cont", to: "snapshots/run/v0/texts/torn.txt")
        try folder.write("?", to: "snapshots/run/v0/texts/unknown.txt")
        let result = try again().verify(.init(name: "run"))
        #expect(result.findings.map { "\($0.problem.rawValue) \(Path.name($0.path))" } == ["changed changed.txt", "missing missing.txt", "torn torn.txt", "unknown unknown.txt"])
        #expect(result.checked == 4)
        var sampled = VerificationScope(name: "run")
        sampled.sample = 1e-12
        #expect(try again().verify(sampled).skipped == 3)
        sampled.sample = 1
        sampled.since = .max
        #expect(try again().verify(sampled).skipped == 4)
        failure("notFound") { _ = try again().verify(.init(name: "none")) }
    }

    @Test func eachByteOfASmallStoreFlippedIsFoundOrHarmless() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.backup(tag: "b")
        try note.save(.text("two"))
        try snapshot.directory("d").save(CrashTests.folder("x"))
        try snapshot.text("gone.txt").save(.text("gone"))
        try snapshot.text("gone.txt").delete(confirm: true)
        let paths = folder.everything().filter { !$0.hasSuffix(".log") && !$0.contains("/open/") && (try? folder.bytes($0)) != nil }
        #expect(paths.count == 8)
        for path in paths {
            let bytes = try folder.bytes(path)
            let status = try #require(try work.crate.files.status(path))
            for position in bytes.indices {
                var damaged = bytes
                damaged[position] ^= position % 2 == 0 ? 0x01 : 0x80
                try write(damaged, path, status.modified)
                let isFound = (try? again().verify().findings.isEmpty) != true
                if path.hasSuffix("config.json") {
                    // The counter can be had from the folders, and no folder is written into by mistake.
                    if let crate = try? again(), let next = try? crate.setup("run") { #expect(next.version != 0) }
                    for version in try again().versions(of: "run") where version.number != 0 { try work.crate.files.remove("snapshots/run/\(version.name)") }
                } else {
                    #expect(isFound, "\(path) at \(position)")
                }
            }
            try write(bytes, path, status.modified)
        }
        #expect(try again().verify().findings.isEmpty)
    }

    /// As a failing disk changes a file: its time stays.
    private func write(_ bytes: [UInt8], _ path: String, _ time: Int) throws {
        try folder.write(bytes, to: path)
        try work.crate.files.calls.setModified(folder.path(path), time)
    }

    // MARK: undo

    @Test func undoGoesBackStepByStep() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        try note.backup(tag: "b")
        try note.save(.text("three"))
        try note.restore(tag: "b")
        try note.delete(confirm: true)
        var seen: [String] = []
        while let undone = try? snapshot.undo() {
            seen.append("\(undone.map(\.operation).joined()) \(note.exists ? try note.load(verify: true).string ?? "" : "-")")
        }
        #expect(seen == ["delete two", "restore three", "save two", "backup two", "save one", "save -"])
        failure("notFound") { _ = try snapshot.undo() }
        #expect(try work.crate.verify().findings.isEmpty)
    }

    @Test func undoDoesNotWriteOverWhatOthersChanged() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        try folder.write("mine", to: note.path)
        failure("changed") { _ = try snapshot.undo() }
        #expect(try folder.text(note.path) == "mine")
    }

    @Test func undoBringsBackAReplacedVersion() throws {
        try snapshot.text("note.txt").save(.text("one"))
        let emptied = try work.crate.setup("run", start: .last, replace: true)
        try emptied.text("other.txt").save(.text("two"))
        #expect(try emptied.undo().map(\.operation) == ["save"])
        #expect(try emptied.undo().map(\.operation) == ["replace"])
        #expect(try emptied.artifacts().map(\.name) == ["note.txt"])
        try emptied.log(.info, "still here")
        #expect(try folder.text("snapshots/run/v0/run.log").contains("still here"))
        #expect(try emptied.undo().map(\.operation) == ["save"])
    }

    @Test(arguments: [(1, 100, 3), (10, 100, 10), (1000, 7, 7), (1000, 100, 29)])
    func aLoopOfSavesKeepsNoMoreThanItsBudget(_ budget: Int, _ most: Int, _ kept: Int) throws {
        let blob = try snapshot.file("weights.bin")
        (snapshot.store.keptStates.budget, snapshot.store.keptStates.most) = (budget, most)
        for number in 0..<30 { try blob.save(.blob(Bytes([UInt8(number)]))) }
        #expect(folder.everything().count { $0.hasPrefix("\(Self.hidden)/kept/") } == kept)
        for _ in 0..<kept { _ = try snapshot.undo() }
        #expect(try blob.load(verify: true).blobStart == UInt8(29 - kept))
        if kept < 29 { failure("invalid", "not kept any more") { _ = try snapshot.undo() } }
    }

    @Test func whatEarlierProcessesKeptCounts() throws {
        for number in 0..<10 {
            let store = try Workplace.open(folder, OperatingSystem()).setup("run", start: .last)
            (store.store.keptStates.budget, store.store.keptStates.most) = (0, 100)
            try store.transaction { () throws(CrateError) in try store.text("a.txt").save(.text("\(number)")) }
        }
        #expect(folder.everything().count { $0.hasPrefix("\(Self.hidden)/kept/") } == 3)
    }

    /// What this process records itself must not hide what another wrote before that.
    @Test func linesOfOthersCountBesideOnesOwn() throws {
        let note = try snapshot.text("a.txt")
        try note.save(.text("one"))
        try note.delete(confirm: true)
        try again().setup("run", start: .last).text("a.txt").save(.text("two"))
        try snapshot.transaction { () throws(CrateError) in try snapshot.text("b.txt").save(.text("x")) }
        #expect(try note.load(verify: true).string == "two")
    }

    // MARK: what is gone or changed outside

    @Test func aVersionWhoseFolderIsGoneIsMissing() throws {
        try snapshot.text("a.txt").save(.text("one"))
        let crate = work.crate
        _ = try crate.setup("run", start: .new).text("b.txt").save(.text("two"))
        try Files(workingDirectory: folder.path).discard(snapshot.directoryPath)
        #expect(try crate.verify().findings.map(\.problem) == [.missing])
        #expect(try crate.verify(VerificationScope(name: "run")).findings.map { Path.name($0.path) } == ["a.txt"])
        // What was meant can be taken as it is.
        _ = try crate.adopt()
        #expect(try crate.verify().findings.isEmpty)
    }

    @Test func aDamagedBackupIsNotRestored() throws {
        let note = try snapshot.text("a.txt")
        try note.save(.text("good"))
        let backup = try note.backup(tag: "b")
        try note.save(.text("next"))
        try folder.write("bAd!", to: backup.path)
        failure("changed", "not those that were backed up") { _ = try note.restore(tag: "b") }
        #expect(try note.load(verify: true).string == "next")
    }

    @Test func aPipeInPlaceOfAnArtifactIsTold() throws {
        let note = try snapshot.text("a.txt")
        try note.save(.text("good"))
        let place = folder.path + "/" + note.path
        #expect(unlink(place) == 0 && mkfifo(place, 0o600) == 0)
        #expect(try work.crate.verify().findings.map(\.problem) == [.unreadable])
        #expect(unlink(place) == 0 && symlink("nowhere", place) == 0)
        #expect(try work.crate.verify().findings.map(\.detail) == ["it is a symbolic link to `nowhere` now"])
    }

    @Test func theSmallestSampleHasOneArtifact() throws {
        for number in 0..<4 { try snapshot.text("\(number).txt").save(.text("x")) }
        var scope = VerificationScope()
        scope.sample = 1e-9
        let result = try work.crate.verify(scope)
        #expect(result.checked == 1 && result.skipped == 3)
    }

    @Test func nothingIsResetOrCollectedInATransaction() throws {
        try snapshot.text("a.txt").save(.text("one"))
        try snapshot.beginTransaction()
        failure("invalid", "transaction") { _ = try work.crate.reset("run", confirm: true) }
        failure("invalid", "transaction") { _ = try work.crate.collect(confirm: true) }
        snapshot.abandonTransaction()
        #expect(try snapshot.text("a.txt").load().string == "one")
    }

    // MARK: transactions

    @Test func aTransactionIsSeenInsideAndNotOutside() throws {
        let (note, other) = (try snapshot.text("note.txt"), try snapshot.text("other.txt"))
        try note.save(.text("old"))
        try snapshot.transaction { () throws(CrateError) in
            try note.save(.text("new"))
            try note.backup(tag: "b")
            try other.save(.text("x"))
            try other.delete(confirm: true)
            #expect(try note.load().string == "new" && !other.exists)
            #expect(try note.listBackups().count == 1)
            #expect((try? folder.text(note.path)) == "old")
            failure("invalid") { try snapshot.beginTransaction() }
            failure("invalid") { _ = try snapshot.undo() }
            failure("invalid") { try work.crate.setup("run") }
        }
        #expect(try folder.text(note.path) == "new" && folder.text("snapshots/run/v0/texts/note.backup_b.txt") == "new")
        #expect(try snapshot.undo().count >= 2)
        #expect(try note.load(verify: true).string == "old" && note.listBackups().isEmpty)
        #expect(try work.crate.verify().findings.isEmpty)
    }

    @Test func aTransactionThatFailsLeavesNothing() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("old"))
        let before = folder.everything()
        failure("notSetUp") {
            try snapshot.transaction { () throws(CrateError) in
                try note.save(.text("new"))
                throw .notSetUp(operation: "x")
            }
        }
        #expect(try note.load(verify: true).string == "old" && !snapshot.isInTransaction)
        #expect(folder.everything().filter { !$0.hasSuffix("/staged") } == before)
    }

    // MARK: locks

    @Test func digestsTakenOnTheWayAreThoseOfTheFolder() throws {
        for (name, text) in [("a.txt", "one"), ("nested/deep/b.txt", "two"), ("nested/empty", ""), ("run.sh", "#!/bin/sh\n")] { try folder.write(text, to: "source/\(name)") }
        #expect(chmod(folder.path("source/run.sh"), 0o755) == 0)
        try folder.link("source/nested/link", to: "deep/b.txt")
        try snapshot.directory("copied").save(folder: "source")
        try snapshot.archive("all.tar").save(folder: "source")
        try snapshot.directory("unpacked").save(snapshot.archive("all.tar").load())
        try snapshot.directory("copied").backup(tag: "b")
        try snapshot.directory("copied").restore(tag: "b")
        let digest = try work.crate.files.digest("source")
        for name in ["copied", "unpacked", "copied.backup_b"] {
            let state = try #require(try snapshot.store.journal.newest(of: "directories/\(name)").entry?.state)
            let outline = try #require(try work.crate.files.outline("snapshots/run/v0/directories/\(name)"))
            #expect(state.digest == digest && state.looksLike(outline), "\(name)")
        }
        #expect(try work.crate.verify().findings.isEmpty)
    }

    @Test func aChangeThatWasAdoptedIsKeptAsItIsWhenUndone() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        try folder.write("changed outside", to: note.path)
        _ = try work.crate.adopt()
        _ = try snapshot.undo()
        #expect(try note.load(verify: true).string == "one" && work.crate.verify().findings.isEmpty)
    }

    @Test func aBackupInATransactionIsOfWhatWasSavedInIt() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("before"))
        try snapshot.transaction { () throws(CrateError) in
            try note.save(.text("inside"))
            try note.backup(tag: "b")
            try note.save(.text("later"))
            try note.restore(tag: "b")
        }
        #expect(try note.load(verify: true).string == "inside" && work.crate.verify().findings.isEmpty)
    }

    @Test func aTransactionIsUndoneWholeOrNotAtAll() throws {
        let (old, new) = (try snapshot.text("old.txt"), try snapshot.text("new.txt"))
        try old.save(.text("one"))
        try snapshot.transaction { () throws(CrateError) in
            try old.save(.text("two"))
            try new.save(.text("new"))
        }
        _ = try work.crate.collect(confirm: true)
        failure("invalid", "not kept any more") { _ = try snapshot.undo() }
        #expect(try old.load().string == "two" && new.load(verify: true).string == "new")
    }

    @Test func whatAKilledTransactionStagedIsClearedAway() throws {
        let other = try again()
        let open = try other.setup("run", start: .last)
        try open.beginTransaction()
        try open.text("mine.txt").save(.text("alive"))
        var killed: Crate? = try again()
        try killed?.setup("run", start: .last).beginTransaction()
        try killed?.current?.text("note.txt").save(.text("lost"))
        killed = nil
        try work.crate.setup("run", start: .last)
        #expect(try work.crate.files.names(in: "\(Self.hidden)/staged").count == 1)
        try open.commitTransaction()
        #expect(try open.text("mine.txt").load(verify: true).string == "alive")
        #expect(folder.everything().filter { $0.contains("/staged/") || $0.contains("/locks/") }.isEmpty)
    }

    @Test func aTransactionCommitsIntoAVersionThatAnotherProcessHasEmptied() throws {
        try snapshot.beginTransaction()
        try snapshot.text("note.txt").save(.text("one"))
        try again().setup("run", start: .last, replace: true)
        try snapshot.text("note.txt").backup(tag: "b")
        try snapshot.commitTransaction()
        #expect(try snapshot.text("note.txt").load(verify: true).string == "one" && work.crate.verify().findings.isEmpty)
    }

    @Test(arguments: Durability.allCases)
    func aTransactionInAVersionThatIsResetFailsAndLeavesNothing(_ durability: Durability) throws {
        work.crate.durability = durability
        let note = try snapshot.text("note.txt")
        try note.save(.text("before"))
        try snapshot.beginTransaction()
        try note.save(.text("inside"))
        let other = try again()
        try other.reset("run", confirm: true)
        failure("notFound", "reset or collected meanwhile") { try snapshot.commitTransaction() }
        try other.undoReset("run")
        #expect(try other.setup("run", start: .last).text("note.txt").load(verify: true).string == "before" && other.verify().findings.isEmpty)
    }

    @Test func theEmptyingOfAnEmptyVersionIsUndoneOnce() throws {
        let emptied = try work.crate.setup("run", start: .last, replace: true)
        #expect(try emptied.undo().map(\.operation) == ["replace"])
        failure("notFound") { _ = try emptied.undo() }
    }

    @Test func aSecondWriterWaitsAndNamesTheFirst() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("old"))
        let other = try again()
        other.patience = 0.05
        let theirs = try other.setup("run", start: .last).text("note.txt")
        try snapshot.beginTransaction()
        try note.save(.text("new"))
        let error = failure("busy", "process \(getpid())") { try theirs.save(.text("theirs")) }
        #expect(error?.text.contains("since") == true)
        // Readers do not wait.
        #expect(try theirs.load().string == "old")
        try snapshot.commitTransaction()
        try theirs.save(.text("theirs"))
        #expect(try note.load(verify: true).string == "theirs")
    }

    @Test func whereFilesCantBeLockedAFileStandsForTheLock() throws {
        let faults = FaultyFileSystem()
        faults.inject(.named(["flock"], code: ENOLCK))
        let crate = try Workplace.open(folder, OperatingSystem(files: faults))
        crate.patience = 0.05
        let note = try crate.setup("run", start: .last).text("note.txt")
        try note.save(.text("one"))
        #expect(folder.leftovers.isEmpty && !folder.everything().contains { $0.contains("/locks/") && $0.hasSuffix(".held") || $0.hasSuffix(".lock") })
        let name = SHA256Digest.hex(of: Array("texts/note.txt".utf8)).prefix(32)
        // Of a process that is gone: taken away. Of another machine: nobody knows.
        let host = PosixProcesses().current.host
        try folder.write(#"{"pid": 4194305, "host": "\#(host)", "started": 5, "command": "gone", "since": 0}"#, to: "\(Self.hidden)/locks/\(name).held")
        try note.save(.text("two"))
        try folder.write(#"{"pid": 1, "host": "elsewhere.example", "started": 5, "command": "crate run", "since": 0}"#, to: "\(Self.hidden)/locks/\(name).held")
        failure("busy", "process 1 on elsewhere.example (crate run)") { try note.save(.text("three")) }
        #expect(try note.load().string == "two")
    }

    // MARK: space

    @Test func usageAddsUp() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("12345"))
        try note.backup(tag: "b")
        try note.save(.text("123"))
        let usage = try work.crate.usage("run")
        func bytes(_ name: String) -> Int? { usage.first { $0.name == name }?.bytes }
        #expect(bytes("run/v0/texts/note.txt") == 3 && bytes("run/v0/texts/note.backup_b.txt") == 5 && bytes("run/v0/texts") == 8)
        #expect(bytes("run/v0/(kept)") == 5 && bytes("run/v0") == 13 && bytes("run") == 13)
        #expect(try work.crate.usage().count == usage.count)
    }

    @Test func collectFreesWhatIsKeptAndNothingElse() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        let plan = try work.crate.planCollection()
        #expect(plan.items.count == 1 && plan.bytes == 3 && plan.items[0].loses.contains("texts/note.txt"))
        failure("unconfirmed") { _ = try work.crate.collect(confirm: false) }
        _ = try work.crate.collect(confirm: true)
        #expect(try note.load(verify: true).string == "two")
        failure("invalid", "not kept any more") { _ = try snapshot.undo() }
        #expect(try work.crate.planCollection().items.isEmpty && work.crate.verify().findings.isEmpty)
    }

    @Test func retentionKeepsWhatAnyRuleNames() throws {
        for number in 1...4 {
            let version = try work.crate.setup("run", tag: number == 2 ? "paper" : nil)
            try version.json("metrics.json").save(.document(.object([("accuracy", .float(number == 3 ? 0.9 : 0.5))])))
        }
        var rules = Retention()
        rules.last = 1
        rules.isTaggedKept = true
        rules.best = .init(artifact: "metrics.json", key: "accuracy")
        let going = try work.crate.planCollection("run", rules).items.map(\.path).filter { $0.hasPrefix("snapshots") }
        // Of the first nothing says how good it is.
        #expect(going == ["snapshots/run/v1"])
        _ = try work.crate.collect("run", rules, confirm: true)
        #expect(try work.crate.versions(of: "run").map(\.name) == ["v0", "v2:paper", "v3", "v4"])
        var none = Retention()
        none.newerThan = .max
        work.crate.forget("run")
        failure("invalid", "no version") { _ = try work.crate.planCollection("run", none) }
        failure("invalid") { _ = try work.crate.planCollection(nil, rules) }
    }

    @Test func whatAnEndedProcessHadSetUpIsForgotten() throws {
        let open = ".opencrate/store/open"
        let own = try #require(try work.crate.files.names(in: open).first)
        // As one that another process has left, and one that stands for a lock of a process on another machine.
        let gone = String(own.prefix(32)) + "-gone"
        try folder.write(#"{"pid": 4194305, "host": "here", "started": 5, "command": "gone", "since": 0}"#, to: "\(open)/\(gone)")
        for _ in 0..<2 { try work.crate.setup("run") }
        #expect(!folder.exists("\(open)/\(gone)") && folder.exists("\(open)/\(own)"))
        try folder.write(#"{"pid": 7, "host": "elsewhere.example", "started": 5, "command": "crate", "since": 0}"#, to: "\(open)/\(gone).held")
        var rules = Retention()
        rules.last = 1
        let plan = try work.crate.collect("run", rules, confirm: true)
        #expect(plan.held.map(\.path) == ["snapshots/run/v0"] && plan.held[0].holder.contains("process 7 on elsewhere.example"))
        #expect(try work.crate.versions(of: "run").compactMap(\.number) == [0, 2])
    }

    /// Waiting for the disk is what takes the time.
    @Test func collectWaitsOnceForEachFolderHoweverManyVersionsGo() throws {
        work.crate.durability = .fast
        for number in 0..<40 { try work.crate.setup("run").json("metrics.json").save(.document(.object([("loss", .integer(number))]))) }
        let faults = FaultyFileSystem()
        let other = try Workplace.open(folder, OperatingSystem(files: faults))
        var rules = Retention()
        rules.best = .init(artifact: "metrics.json", key: "loss")
        #expect(try other.collect("run", rules, confirm: true).items.count == 78)
        #expect(faults.calls("fsync") == 2)
        #expect(try other.versions(of: "run").compactMap(\.number) == [0, 40] && other.verify().findings.isEmpty)
    }

    @Test func collectThatIsRefusedTakesNothing() throws {
        for number in 0..<3 { try work.crate.setup("run").text("a.txt").save(.text("\(number)")) }
        var rules = Retention()
        rules.last = 1
        let before = folder.everything()
        let faults = FaultyFileSystem()
        let other = try Workplace.open(folder, OperatingSystem(files: faults))
        faults.inject(.firstNamed("fsync", code: EIO))
        failure("system") { _ = try other.collect("run", rules, confirm: true) }
        #expect(folder.everything() == before)
        faults.inject(.none)
        _ = try other.collect("run", rules, confirm: true)
        #expect(try other.versions(of: "run").compactMap(\.number) == [3] && folder.leftovers.isEmpty)
    }

    // MARK: durability, confinement

    @Test func fastWritesDoNotWaitForTheDisk() throws {
        let disk = SimulatedFileSystem()
        try disk.makeDirectory("/w")
        let crate = try Crate(at: ".", files: Files(workingDirectory: "/w", system: OperatingSystem(files: disk, clock: SteppingClock())))
        crate.durability = .fast
        try crate.setup("run").text("a.txt").save(.text("x"))
        let lost = try Crate(at: ".", files: Files(workingDirectory: "/w", system: OperatingSystem(files: SimulatedFileSystem(disk.disk.afterLossOfPower(.everything)))))
        #expect(try lost.verify().findings.isEmpty && lost.versions(of: "run").count == 1)
        #expect(disk.disk.afterLossOfPower(.nothing).links(to: 2) == 0)
    }

    @Test(arguments: ["/etc/hostname", "../x", "link/x", "inner/../../x", "loop", "../\u{301}d", "../\u{301}d/../x"])
    func nothingOutsideIsReachedWhenConfined(_ path: String) throws {
        try folder.link("link", to: "/tmp")
        try folder.link("loop", to: "loop")
        let files = Files(workingDirectory: folder.path, isConfined: true)
        failure("invalid") { _ = try files.read(path) }
        failure("invalid") { try files.write(path) { (sink) throws(FormatError) in try sink.write("x") } }
        failure("invalid") { try files.makeDirectory(path) }
        try files.write("inside.txt") { (sink) throws(FormatError) in try sink.write("x") }
        #expect(try files.read("./snapshots/../inside.txt").count == 1)
    }
}

extension Content {
    fileprivate var blobStart: UInt8? { if case .blob(let bytes) = self { bytes.array.first } else { nil } }
}
