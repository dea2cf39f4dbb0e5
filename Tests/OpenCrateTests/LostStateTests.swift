import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

/// What `undo` would need and is gone is told from what was dropped.
@Suite struct LostStateTests {
    let work: Workplace
    let snapshot: Snapshot
    private let kept = "\(StoreTests.hidden)/kept"

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
        for text in ["one", "two", "three"] { try snapshot.text("a.txt").save(.text(text)) }
    }

    private func findings() throws -> [Verification.Finding] { try Workplace.open(work.folder, OperatingSystem()).verify().findings }
    private func newestKept() throws -> String { try #require(try snapshot.store.journal.lines().entries.last { $0.kept != nil }?.kept) }

    @Test func aStateThatUndoNeedsAndThatIsGoneIsMissing() throws {
        let path = "\(kept)/\(try newestKept())"
        try work.crate.files.remove(path)
        let found = try findings()
        #expect(found.map(\.problem) == [.missing] && found.map(\.path) == [path])
        #expect(found[0].detail.hasPrefix("`undo` of the save of `texts/a.txt`"))
        failure("invalid", "not kept any more") { _ = try snapshot.undo() }
        // Taken as it is.
        #expect(try work.crate.adopt() == [path])
        #expect(try findings().isEmpty)
        try snapshot.text("a.txt").save(.text("four"))
        try work.crate.files.remove("\(kept)/\(try newestKept())")
        #expect(try findings().map(\.problem) == [.missing])
    }

    @Test func whatIsDroppedTakenBackOrUsedUpIsNotMissed() throws {
        try snapshot.text("a.txt").delete(confirm: true)
        _ = try snapshot.undo()
        _ = try snapshot.undo()
        #expect(try findings().isEmpty)
        _ = try work.crate.collect(confirm: true)
        #expect(try findings().isEmpty && snapshot.store.journal.lines().last?.operation == .collect)
        try snapshot.text("a.txt").save(.text("again"))
        _ = try snapshot.undo()
        #expect(try snapshot.text("a.txt").load(verify: true).string == "two" && findings().isEmpty)
        // A second `gc` with nothing to drop says nothing.
        _ = try work.crate.collect(confirm: true)
        let count = try snapshot.store.journal.lines().all.count
        _ = try work.crate.collect(confirm: true)
        #expect(try snapshot.store.journal.lines().all.count == count)
    }

    @Test func whatHadToMakeRoomIsNotMissed() throws {
        let blob = try snapshot.file("weights.bin")
        let large = Bytes([UInt8](repeating: 7, count: 17 << 20))
        for _ in 0..<6 { try blob.save(.blob(large)) }
        #expect(work.folder.everything().count { $0.hasPrefix("\(kept)/") } == 5)
        #expect(try findings().isEmpty)
        // Of those that have room one is missed.
        try work.crate.files.remove("\(kept)/\(try newestKept())")
        #expect(try findings().map(\.problem) == [.missing])
    }

    @Test func aVersionThatWasEmptiedIsMissedToo() throws {
        let emptied = try work.crate.setup("run", start: .last, replace: true)
        #expect(try findings().isEmpty)
        let id = try #require(try emptied.store.journal.lines().entries.first?.kept)
        try work.crate.files.remove("\(kept)/\(id)")
        #expect(try findings().map(\.detail).first?.hasPrefix("`undo` of the emptying of the version") == true)
    }

    /// Lines of earlier versions do not say what was dropped.
    @Test func linesWithoutASizeSayNothing() throws {
        let entries = try snapshot.store.journal.lines().entries
        try work.crate.files.remove(snapshot.store.journal.path)
        snapshot.store.journal.close()
        try snapshot.store.journal.record(entries.map { entry in
            var entry = entry
            entry.keptSize = nil
            return entry
        })
        try work.crate.files.remove("\(kept)/\(try newestKept())")
        #expect(try findings().isEmpty)
    }
}
