import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// Transactions, and locks between processes.
extension StoreTests {
    @Test func nothingIsResetOrCollectedInATransaction() throws {
        try snapshot.text("a.txt").save(.text("one"))
        try snapshot.beginTransaction()
        failure("invalid", "transaction") { _ = try work.crate.reset("run", confirm: true) }
        failure("invalid", "transaction") { _ = try work.crate.collect(confirm: true) }
        snapshot.abandonTransaction()
        #expect(try snapshot.text("a.txt").load().string == "one")
    }

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

    /// As by a process that is stopped while it writes the journal.
    private func withJournalTaken(_ body: () throws -> Void) throws {
        let handle = open(folder.path(journal), O_RDONLY | O_CLOEXEC)
        defer { close(handle) }
        #expect(flock(handle, LOCK_EX | LOCK_NB) == 0)
        try body()
    }

    @Test(arguments: ["", #"{"number": 1, "operation": "sa"#])
    func readersDoNotWaitForTheJournalAndWritersNotForEver(_ begun: String) throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("old"))
        let whole = try folder.text(journal)
        try folder.write(whole + begun, to: journal)
        try withJournalTaken {
            let other = try again()
            other.patience = 0.05
            let theirs = try other.setup("run", start: .last)
            #expect(try theirs.text("note.txt").load(verify: true).string == "old")
            #expect(try other.verify().findings.map(\.problem) == (begun.isEmpty ? [] : [.torn]))
            for write in [{ try theirs.text("note.txt").save(.text("new")) }, { _ = try theirs.undo() }, { try other.setup("run", start: .last, replace: true) }]
            as [() throws -> Void] {
                let error = failure("busy", "journal.jsonl", write)
                #expect(error?.text.contains("process \(getpid()) on") == true, "\(error?.text ?? "")")
            }
            #expect(try folder.text(journal) == whole + begun && folder.text(note.path) == "old" && folder.leftovers.isEmpty)
        }
        let mine = try again()
        try mine.setup("run", start: .last).text("note.txt").save(.text("new"))
        #expect(try mine.verify().findings.isEmpty && folder.text(note.path) == "new")
    }

    @Test func setupOfAVersionThatIsThereDoesNotWaitForThoseWhoCount() throws {
        let handle = open(folder.path(".opencrate"), O_RDONLY | O_CLOEXEC)
        defer { close(handle) }
        #expect(flock(handle, LOCK_EX | LOCK_NB) == 0)
        for start in [Start.last, .number(0), .dev] { #expect(try again().setup("run", start: start).version == (start == .dev ? nil : 0)) }
        let other = try again()
        other.patience = 0.05
        let error = failure("busy", ".opencrate") { try other.setup("run") }
        #expect(error?.text.contains("process \(getpid()) on") == true)
    }

    @Test func aLockThatCantBeGivenBackIsFreedWithItsFile() throws {
        let faults = FaultyFileSystem()
        let crate = try Workplace.open(folder, OperatingSystem(files: faults))
        crate.patience = 0.05
        let note = try crate.setup("run", start: .last).text("note.txt")
        for number in 0..<4 {
            faults.inject(.namedFrom("unlock", 0, code: EIO))
            try note.save(.text("\(number)"))
            #expect(faults.isTriggered)
            _ = try crate.collect(confirm: true)
            let other = try again()
            other.patience = 0.05
            try other.setup("run", start: .last).text("other.txt").save(.text("\(number)"))
        }
        #expect(try note.load(verify: true).string == "3" && work.crate.verify().findings.isEmpty)
    }
}
