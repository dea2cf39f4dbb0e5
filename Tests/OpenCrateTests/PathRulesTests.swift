import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

@Suite struct PathRulesTests {
    let work: Workplace
    var files: Files { work.crate.files }
    init() throws {
        work = try Workplace()
        try work.folder.write("keep", to: "k")
        try work.folder.write("keep", to: "d/k")
    }

    /// The system would cut each path at the NUL and take another file.
    @Test(arguments: ["k\u{0}zz", "\u{0}", "d\u{0}zz", "d/k\u{0}"])
    func noPathHoldsANul(_ path: String) throws {
        let before = work.folder.everything()
        let attempts: [() throws -> Void] = [
            { _ = try files.info(path) }, { _ = try files.read(path) }, { _ = try files.list(path) }, { try files.remove(path) },
            { try files.write(path) { (sink) throws(FormatError) in try sink.write("new") } }, { try files.makeDirectory(path) },
            { try files.copy(path, to: "x") }, { try files.copy("k", to: path) }, { try files.copy("d", to: path) },
            { try files.move(path, to: "x") }, { try files.move("k", to: path) }, { _ = try files.tree(path) }, { _ = try files.totalSize(path) },
            { try files.discard(path) }, { _ = try work.crate.read(path, kind: "text") }, { try work.crate.write(.text("x"), to: path, kind: "text") },
            { _ = try Crate(at: path, files: files) },
        ]
        for attempt in attempts { failure("invalid", "NUL") { try attempt() } }
        #expect(work.folder.everything() == before)
        #expect(try work.folder.text("k") == "keep" && work.folder.text("d/k") == "keep")
        let note = try work.crate.setup("run").text("a.txt")
        try note.save(.text("x"))
        failure("invalid", "NUL") { try note.save(from: path) }
        failure("invalid", "NUL") { try note.load(to: path) }
        #expect(try work.folder.text("k") == "keep")
    }

    @Test func longNamesLeaveRoomForWhatIsAdded() throws {
        let longest = String(repeating: "x", count: NameRules.room - 4) + ".txt"
        let snapshot = try work.crate.setup(longest, tag: longest)
        try work.crate.setup(longest, start: .last, tag: longest).log(.info, "history")
        let note = try snapshot.text(longest)
        try note.save(.text("one"))
        for _ in 0..<3 { try note.backup() }
        let backup = try note.backup(tag: "kept")
        #expect(try snapshot.text(backup.name).load().string == "one")
        #expect(try snapshot.text(backup.name).backup(tag: "k").name.utf8.count > NameRules.room)
        failure("invalid", "201 bytes") { try work.crate.setup("x" + longest) }
        failure("invalid", "201 bytes") { try work.crate.setup("run", tag: "x" + longest) }
        failure("invalid", "201 bytes") { try snapshot.text("x" + longest).save(.text("x")) }
    }

    @Test func artifactsUnderOtherNamesAreListedAndOpen() throws {
        let snapshot = try work.crate.setup("run")
        let long = String(repeating: "y", count: 240) + ".txt"
        for name in [long, "a\u{202E}b.txt"] { try work.folder.write("there", to: "snapshots/run/v0/texts/\(name)") }
        #expect(Set(try snapshot.artifacts().map(\.name)) == [long, "a\u{202E}b.txt"])
        #expect(try snapshot.text(long).load().string == "there")
        try snapshot.text(long).save(.text("new"))
        failure("invalid", "U+202E") { _ = try snapshot.text("a\u{202E}b.txt") }
    }
}
