import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// A link that has taken an artifact's place is a change, whatever it leads to.
@Suite struct LinkTests {
    let work: Workplace
    let snapshot: Snapshot

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
        try work.folder.write("one", to: "elsewhere/same.txt")
        try work.folder.write("other", to: "elsewhere/other.txt")
    }

    private func replace(_ artifact: Artifact, by target: String) throws {
        try work.crate.files.remove(artifact.path)
        try work.folder.link(artifact.path, to: target)
    }

    @Test(arguments: ["same.txt", "other.txt", "nowhere.txt"])
    func aLinkInPlaceOfAFileIsAChange(_ target: String) throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        let written = try #require(try work.crate.files.status(note.path))
        let end = work.folder.path("elsewhere/\(target)")
        try replace(note, by: end)
        // Also one that has the file's own time.
        try work.crate.files.calls.setModified(work.folder.path(note.path), written.modified)
        let found = try work.crate.verify().findings
        #expect(found.map(\.problem) == [.changed] && found[0].detail == "it is a symbolic link to `\(end)` now")
        failure("changed", "a symbolic link") { try note.checkUnchanged(true) }
        failure("changed", "a symbolic link") { _ = try snapshot.undo() }
        if target == "same.txt" {
            #expect(try note.load().string == "one")
            #expect(work.echoed.messages.last?.contains("a symbolic link to") == true)
        }
        // Saving takes the link's place, not that of what it leads to, and that can be taken back.
        try note.save(.text("two"))
        #expect(try note.load(verify: true).string == "two" && work.folder.text("elsewhere/other.txt") == "other")
        _ = try snapshot.undo()
        #expect(try work.crate.files.status(note.path)?.kind == .symbolicLink)
    }

    @Test(arguments: ["same.txt", "other.txt"])
    func aLinkInPlaceOfABackupIsNotRestored(_ target: String) throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        let backup = try note.backup(tag: "b")
        try note.save(.text("two"))
        try work.crate.files.remove(backup.path)
        try work.folder.link(backup.path, to: work.folder.path("elsewhere/\(target)"))
        failure("changed", "a symbolic link") { _ = try note.restore(tag: "b") }
        #expect(try note.load(verify: true).string == "two")
    }

    @Test func aLinkThatWasTakenAsItIsMayLeadWhereItDid() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try replace(note, by: work.folder.path("elsewhere/same.txt"))
        #expect(try work.crate.adopt() == [note.path])
        #expect(try work.crate.verify().findings.isEmpty && note.load(verify: true).string == "one")
        try replace(note, by: work.folder.path("elsewhere/other.txt"))
        #expect(try work.crate.verify().findings.map(\.problem) == [.changed])
    }

    @Test func aLinkInPlaceOfAFolderIsAChangeAndLinksInsideAreNot() throws {
        try work.folder.write("x", to: "source/a.txt")
        try work.folder.link("source/b.txt", to: "a.txt")
        let directory = try snapshot.directory("d")
        try directory.save(folder: "source")
        #expect(try work.crate.verify().findings.isEmpty)
        try replace(directory, by: work.folder.path("source"))
        #expect(try work.crate.verify().findings.map(\.problem) == [.changed])
        failure("changed", "a symbolic link") { _ = try directory.load(verify: true) }
    }
}
