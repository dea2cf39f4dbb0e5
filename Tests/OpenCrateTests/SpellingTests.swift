import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

/// An accent can be one code point or two. The file system tells such names apart, and so must everything that looks one up.
@Suite struct SpellingTests {
    let work: Workplace
    let snapshot: Snapshot
    /// `é` as one code point, and as two.
    private let spellings = ["caf\u{E9}", "cafe\u{301}"]

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
    }

    private func again() throws -> Crate { try Workplace.open(work.folder, OperatingSystem()) }

    @Test func twoSpellingsAreTwoArtifacts() throws {
        let notes = try spellings.map { try snapshot.text($0 + ".txt") }
        for (note, text) in zip(notes, ["one", "three"]) { try note.save(.text(text)) }
        #expect(try notes.map { try $0.load(verify: true).string } == ["one", "three"])
        #expect(try again().verify().findings.isEmpty && again().verify().checked == 2)
        // Also for a process that has only read the journal, and for one that has written only one of them.
        let other = try again().setup("run", start: .last)
        try other.text(spellings[1] + ".txt").save(.text("three again"))
        #expect(try other.text(spellings[0] + ".txt").load(verify: true).string == "one")
        try work.crate.files.remove(notes[0].path)
        #expect(try again().verify().findings.map { [UInt8](Path.name($0.path).utf8) } == [[UInt8]((spellings[0] + ".txt").utf8)])
        #expect(try again().adopt().count == 1)
        #expect(try again().verify().findings.isEmpty)
        _ = try snapshot.undo()
        #expect(try notes[1].load(verify: true).string == "three")
    }

    @Test func aTransactionChangesBoth() throws {
        let notes = try spellings.map { try snapshot.text($0 + ".txt") }
        try snapshot.transaction { () throws(CrateError) in
            for note in notes { try note.save(.text(note.name)) }
            #expect(try snapshot.artifacts().count == 2)
        }
        #expect(try notes.map { try $0.load(verify: true).string.map { [UInt8]($0.utf8) } } == notes.map { [UInt8]($0.name.utf8) })
        #expect(try snapshot.undo().count == 2)
        #expect(try snapshot.artifacts().isEmpty && work.crate.verify().findings.isEmpty)
    }

    @Test func backupsAreThoseOfOneSpelling() throws {
        let notes = try spellings.map { try snapshot.text($0 + ".txt") }
        for note in notes {
            try note.save(.text(note.name))
            try note.backup(tag: "b")
        }
        for note in notes {
            #expect(try note.listBackups().count == 1)
            try note.save(.text("now"))
            try note.restore(tag: "b")
            #expect(try note.load(verify: true).string.map { [UInt8]($0.utf8) } == [UInt8](note.name.utf8))
        }
        // A tag that begins with a mark that joins what is before it.
        try notes[0].backup(tag: "\u{301}b")
        #expect(try notes[0].listBackups().map(\.tag) == ["b", "\u{301}b"])
    }

    @Test func twoSpellingsAreTwoSnapshotsAndTwoTags() throws {
        for spelling in spellings {
            for _ in 0..<2 { try work.crate.setup(spelling).text("a.txt").save(.text("x")) }
            try work.crate.setup("tags", start: .number(0), tag: spelling).text("a.txt").save(.text(spelling))
        }
        #expect(try spellings.map { try work.crate.newestVersion(of: $0) } == [1, 1])
        #expect(try work.crate.versions(of: "tags").count == 2)
        #expect(try again().verify().findings.isEmpty && again().verify().checked == 6)
        #expect(try again().usage().filter { $0.sort == .snapshot }.count == 4)
        var rules = Retention()
        rules.last = 1
        #expect(try again().planCollection(spellings[0], rules).items.count == 2)
        try again().reset(spellings[0], confirm: true)
        #expect(try work.crate.newestVersion(of: spellings[1]) == 1)
    }

    @Test func foldersAndArchivesHoldBoth() throws {
        for spelling in spellings { try work.folder.write(spelling, to: "source/\(spelling).txt") }
        try snapshot.directory("copied").save(folder: "source")
        try snapshot.directory("saved").save(.folder(spellings.map { .init(path: $0 + ".txt", bytes: Bytes($0.utf8)) }))
        try snapshot.archive("all.zip").save(files: spellings.map { "source/\($0).txt" })
        #expect(try snapshot.directory("copied").paths().count == 2)
        let digest = try work.crate.files.digest("source")
        #expect(try snapshot.directory("saved").digest() == digest)
        try snapshot.directory("unpacked").save(snapshot.archive("all.zip").load())
        #expect(try work.crate.files.digest(snapshot.directory("unpacked").path + "/source") == digest)
        #expect(try work.crate.verify().findings.isEmpty)
    }

    @Test func aFolderIsNotCopiedIntoItselfWhateverItsNamesBeginWith() throws {
        try work.folder.write("x", to: "f/a.txt")
        failure("invalid", "is inside") { try work.crate.files.copy("f", to: "f/\u{301}g") }
    }
}
