import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// Taking back, and how far back one can go.
extension StoreTests {
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

    @Test func aChangeThatWasAdoptedIsKeptAsItIsWhenUndone() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        try folder.write("changed outside", to: note.path)
        _ = try work.crate.adopt()
        _ = try snapshot.undo()
        #expect(try note.load(verify: true).string == "one" && work.crate.verify().findings.isEmpty)
    }

    @Test(arguments: ["exchange", "rename"])
    func whatIsDroppedInTheMiddleOfAnUndoIsSaidNotToBeKept(_ call: String) throws {
        let faults = FaultyFileSystem()
        let crate = try Workplace.open(folder, OperatingSystem(files: faults))
        let note = try crate.setup("run", start: .last).text("note.txt")
        try note.save(.text("one"))
        if call == "exchange" { try note.save(.text("two")) } else { try note.delete(confirm: true) }
        let kept = folder.path("\(Self.hidden)/kept")
        faults.inject(.meanwhile(call) { unlink("\(kept)/\((try? PosixFileSystem().names(in: kept))?.first ?? "")") })
        failure("invalid", "not kept any more") { _ = try #require(crate.current).undo() }
        #expect(faults.isTriggered)
        #expect(note.exists == (call == "exchange"))
    }

    @Test func theEmptyingOfAnEmptyVersionIsUndoneOnce() throws {
        let emptied = try work.crate.setup("run", start: .last, replace: true)
        #expect(try emptied.undo().map(\.operation) == ["replace"])
        failure("notFound") { _ = try emptied.undo() }
    }
}

extension Content {
    fileprivate var blobStart: UInt8? { if case .blob(let bytes) = self { bytes.array.first } else { nil } }
}
