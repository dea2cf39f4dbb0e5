import CrateValues
import Testing

@testable import OpenCrate

@Suite struct BackupTests {
    let work: Workplace
    let note: Artifact
    let base = "snapshots/run/v0/texts"

    init() throws {
        work = try Workplace()
        note = try work.crate.setup("run").text("note.v2.txt")
        try note.save(.text("one"))
    }

    @Test func namesByTagAndByTime() throws {
        #expect(try note.backup(tag: "initial-version").name == "note.v2.backup_initial-version.txt")
        let timed = try note.backup()
        #expect(timed.name == "note.v2.backup_11:44:23_16-Nov-2025.txt")
        #expect(timed.tag == nil && timed.time == Timestamp(year: 2025, month: 11, day: 16, time: .init(hour: 11, minute: 44, second: 23)))
        #expect(try note.backup().name == "note.v2.backup_11:44:23_16-Nov-2025_2.txt")
        #expect(try note.backup().name == "note.v2.backup_11:44:23_16-Nov-2025_3.txt")
        #expect(work.folder.leftovers.isEmpty)
    }

    @Test func listedInOrderOfCreation() throws {
        let tags = ["z", "a", "m", "b"]
        for tag in tags { try note.backup(tag: tag) }
        try note.backup()
        let listed = try note.listBackups()
        #expect(listed.map(\.tag) == tags + [nil])
        // Neighbours with similar names are other artifacts.
        try work.crate.setup("run", start: .last).text("note.txt").save(.text("x"))
        #expect(try note.listBackups() == listed)
        #expect(try note.snapshot.text("note.txt").listBackups().isEmpty)
    }

    @Test func repeatedTag() throws {
        try note.backup(tag: "a")
        try note.save(.text("two"))
        failure("alreadyExists", "replace: true") { try note.backup(tag: "a") }
        #expect(try work.folder.text("\(base)/note.v2.backup_a.txt") == "one")
        try note.backup(tag: "b")
        try note.backup(tag: "a", replace: true)
        #expect(try work.folder.text("\(base)/note.v2.backup_a.txt") == "two")
        #expect(try note.listBackups().map(\.tag) == ["b", "a"])
    }

    @Test func restoreByTagByNameOrNewest() throws {
        for text in ["one", "two", "three"] {
            try note.save(.text(text))
            try note.backup(tag: text)
        }
        let timed = try note.backup()
        try note.save(.text("now"))
        #expect(try note.restore(tag: "one").tag == "one")
        #expect(try note.load().string == "one")
        #expect(try note.restore(tag: "note.v2.backup_two.txt").tag == "two")
        #expect(try note.restore(tag: "11:44:23_16-Nov-2025") == timed)
        try note.delete(confirm: true)
        #expect(try note.restore() == timed)
        #expect(try note.load().string == "three")
        failure("notFound", "did you mean `three`?") { try note.restore(tag: "tree") }
    }

    @Test func nothingToBackUpOrRestore() throws {
        let other = try note.snapshot.text("other.txt")
        failure("notFound") { try other.backup() }
        failure("notFound", "no backups") { try other.restore() }
        #expect(try other.listBackups().isEmpty)
    }

    @Test(arguments: ["", "a/b", "..\u{0}", "11:44:23_16-Nov-2025"])
    func badTags(_ tag: String) throws {
        let before = work.folder.everything()
        failure("invalid") { try note.backup(tag: tag) }
        #expect(work.folder.everything() == before)
    }

    @Test func aBackupOpensAsAnArtifact() throws {
        let backup = try note.backup(tag: "a")
        try note.save(.text("two"))
        let opened = try note.snapshot.text(backup.name)
        #expect(try opened.load().string == "one")
        try opened.delete(confirm: true)
        #expect(try note.listBackups().isEmpty)
        #expect(try note.snapshot.artifacts().map(\.name) == ["note.v2.txt"])
    }

    @Test func foldersHaveBackupsToo() throws {
        let labels = try note.snapshot.directory("labels")
        try labels.save(.folder([.init(path: "a/b.txt", bytes: Bytes("one".utf8))]))
        try labels.backup(tag: "a")
        try labels.save(.folder([.init(path: "c.txt", bytes: Bytes("two".utf8))]))
        #expect(try labels.backup().name == "labels.backup_11:44:23_16-Nov-2025")
        try labels.restore(tag: "a")
        #expect(work.folder.everything().filter { $0.hasPrefix("snapshots/run/v0/directories/labels/") } == ["snapshots/run/v0/directories/labels/a", "snapshots/run/v0/directories/labels/a/b.txt"])
        failure("alreadyExists") { try labels.backup(tag: "a") }
        try labels.backup(tag: "a", replace: true)
        #expect(work.folder.leftovers.isEmpty)
    }

    // MARK: artifacts named as backups are

    @Test func nothingIsSavedOverABackupOrUnderItsName() throws {
        let backup = try note.backup(tag: "b")
        for name in [backup.name, "note.v2.backup_other.txt"] {
            let artifact = try note.snapshot.text(name)
            failure("invalid", "`\(name)` is the name of a backup of `note.v2.txt`") { try artifact.save(.text("x")) }
            failure("invalid", "is the name of a backup of `note.v2.txt`") { try artifact.save(from: note.path) }
        }
        failure("invalid", "`d.v1.backup_c.2` is the name of a backup of `d.v1`") { try note.snapshot.directory("d.v1.backup_c.2").save(CrashTests.folder("x")) }
        #expect(try note.snapshot.text(backup.name).load(verify: true).string == "one" && note.listBackups().count == 1)
        try note.snapshot.transaction { () throws(CrateError) in
            let staged = try note.backup(tag: "staged")
            let artifact = try note.snapshot.text(staged.name)
            failure("invalid") { try artifact.save(.text("x")) }
        }
        // A backup can have backups, and can be taken away and brought back.
        let own = try note.snapshot.text(backup.name)
        #expect(try own.backup(tag: "c").name == "note.v2.backup_b.backup_c.txt")
        try own.delete(confirm: true)
        _ = try note.snapshot.undo()
        try note.backup(tag: "b", replace: true)
        failure("invalid", "is the name of a backup") { try own.save(.text("x")) }
    }

    /// As earlier versions could, and as the Python library can.
    @Test func anArtifactThatHasABackupsNameGoesOnAndIsNotReplacedByOne() throws {
        let path = "\(base)/other.backup_b.txt"
        try work.folder.write("by hand", to: path)
        let named = try note.snapshot.text("other.backup_b.txt")
        try named.save(.text("one"))
        try named.save(.text("two"))
        let other = try note.snapshot.text("other.txt")
        try other.save(.text("x"))
        for replace in [false, true] {
            failure("invalid", "the backup of `other.txt` would be `other.backup_b.txt`, which is an artifact of its own") { try other.backup(tag: "b", replace: replace) }
        }
        try named.save(.text("three"))
        #expect(try work.folder.text(path) == "three")
        // One that nobody knows, beside its artifact, is a backup.
        try work.folder.write("by hand", to: "\(base)/other.backup_c.txt")
        failure("invalid", "is the name of a backup of `other.txt`") { try note.snapshot.text("other.backup_c.txt").save(.text("x")) }
        try other.backup(tag: "c", replace: true)
    }
}
