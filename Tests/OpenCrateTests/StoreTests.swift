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
    var journal: String { "\(Self.hidden)/journal.jsonl" }

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
    }

    func lines() throws -> [String] { try folder.text(journal).split(separator: "\n").map { String($0) } }
    func again() throws -> Crate { try Workplace.open(folder, OperatingSystem()) }

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

    /// What this process records itself must not hide what another wrote before that.
    @Test func linesOfOthersCountBesideOnesOwn() throws {
        let note = try snapshot.text("a.txt")
        try note.save(.text("one"))
        try note.delete(confirm: true)
        try again().setup("run", start: .last).text("a.txt").save(.text("two"))
        try snapshot.transaction { () throws(CrateError) in try snapshot.text("b.txt").save(.text("x")) }
        #expect(try note.load(verify: true).string == "two")
    }

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
