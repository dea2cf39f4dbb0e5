import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

/// What another program has written is named when it is about to be replaced, and can be had back.
@Suite struct OutsideChangeTests {
    let work: Workplace
    let snapshot: Snapshot
    private var warnings: [String] { work.echoed.records.filter { $0.level == .warning }.map(\.message) }

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
    }

    @Test func savingOverAChangeSaysSoAndUndoBringsItBack() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try work.folder.write("theirs", to: note.path)
        try note.save(.text("two"))
        #expect(warnings.count == 1 && warnings[0].contains("had been changed outside of crate before this save: 6 Bytes instead of the 3 Bytes at "))
        #expect(warnings.last?.hasSuffix("`undo` brings that back") == true)
        _ = try snapshot.undo()
        #expect(try work.folder.text(note.path) == "theirs")
        // As large as before, a folder, a copy of a file, a restore.
        _ = try work.crate.adopt()
        try work.folder.write("THEIRS", to: note.path)
        try work.folder.write("x", to: "source.txt")
        try note.save(from: "source.txt")
        #expect(warnings.count == 2 && warnings[1].contains("other bytes than the 6 Bytes at "))
        let directory = try snapshot.directory("d")
        try directory.save(CrashTests.folder("x"))
        try work.folder.write("more", to: directory.path + "/more.txt")
        try directory.save(CrashTests.folder("y"))
        try note.backup(tag: "b")
        try work.folder.write("again", to: note.path)
        try note.restore(tag: "b")
        #expect(warnings.count == 4 && warnings[2].contains("'\(directory.path)'") && warnings[3].contains("before this restore"))
    }

    @Test func aBackupOfAChangeAndOneOverAChangeSaySo() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try work.folder.write("theirs", to: note.path)
        let backup = try note.backup(tag: "b")
        #expect(warnings.count == 1 && warnings[0].hasSuffix("The backup holds it as it is now"))
        #expect(try work.folder.text(backup.path) == "theirs")
        try note.save(.text("two"))
        try work.folder.write("scribbled", to: backup.path)
        try note.backup(tag: "b", replace: true)
        #expect(warnings.count == 3 && warnings[2].contains("'\(backup.path)' had been changed outside of crate before this backup"))
        _ = try snapshot.undo()
        #expect(try work.folder.text(backup.path) == "scribbled")
    }

    @Test func aTransactionOverAChangeSaysSo() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try work.folder.write("theirs", to: note.path)
        try snapshot.transaction { () throws(CrateError) in
            try note.save(.text("two"))
            try snapshot.text("other.txt").save(.text("x"))
            #expect(warnings.isEmpty)
        }
        #expect(warnings.count == 1 && warnings[0].contains("'\(note.path)' had been changed outside of crate before this transaction"))
        _ = try snapshot.undo()
        #expect(try work.folder.text(note.path) == "theirs")
    }

    @Test func aFileThatIsThereAgainSaysSoAndOneThatNobodyKnowsDoesNot() throws {
        let note = try snapshot.text("note.txt")
        try work.folder.write("by hand", to: note.path)
        try note.save(.text("one"))
        #expect(warnings.isEmpty)
        try note.delete(confirm: true)
        try work.folder.write("by hand", to: note.path)
        try note.save(.text("two"))
        #expect(warnings.count == 1 && warnings[0].contains("it was deleted, and is there again"))
    }

    /// Whether a process that saves makes so many calls. What it had open is closed afterwards.
    private func isKilled(at number: Int, saving text: String) throws -> Bool {
        let faults = FaultyFileSystem()
        let crate = try Workplace.open(work.folder, OperatingSystem(files: faults))
        let killed = try crate.setup("run", start: .last)
        // Those that there are are looked at: more of them would mean more calls.
        killed.store.keptStates.most = 3
        faults.inject(.dead(from: number))
        try? killed.text("note.txt").save(.text(text))
        defer { faults.inject(.none) }
        return faults.isTriggered
    }

    /// A line that its process could not end is the file's newest word all the same.
    @Test func theStateOfAKilledSaveIsNoChange() throws {
        try snapshot.text("note.txt").save(.text("one"))
        snapshot.store.keptStates.most = 3
        var number = 0
        while try isKilled(at: number, saving: "saved at \(number)") {
            try snapshot.text("note.txt").save(.text("again"))
            #expect(warnings.isEmpty, "killed at call \(number)")
            number += 1
        }
        #expect(number > 20)
    }

    /// A pending line of the same content is taken for done, whenever its process was killed.
    @Test func aKilledSaveOfTheSameContentIsNoChange() throws {
        try snapshot.text("note.txt").save(.text("same"))
        snapshot.store.keptStates.most = 3
        var number = 0
        while try isKilled(at: number, saving: "same") {
            // `load` says nothing either.
            #expect(try snapshot.text("note.txt").load(verify: true).string == "same" && warnings.isEmpty)
            try snapshot.text("note.txt").save(.text("same"))
            #expect(warnings.isEmpty, "killed at call \(number)")
            number += 1
        }
        #expect(number > 20)
    }

    @Test func anotherTimeAloneIsNoChange() throws {
        let note = try snapshot.text("note.txt")
        let directory = try snapshot.directory("d")
        try note.save(.text("one"))
        try directory.save(CrashTests.folder("x"))
        // As `cp -r` leaves them.
        for path in [note.path, directory.path + "/a.txt", directory.path + "/b/c.txt"] {
            try work.crate.files.calls.setModified(work.folder.path(path), 1_000_000_000)
        }
        try note.save(.text("two"))
        try directory.save(CrashTests.folder("y"))
        #expect(warnings.isEmpty)
        _ = try snapshot.undo()
        _ = try snapshot.undo()
        #expect(try note.load(verify: true).string == "one" && work.crate.verify().findings.isEmpty)
    }
}
