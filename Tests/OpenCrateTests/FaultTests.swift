import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

/// Each system call of an operation fails in turn; whatever fails, the state is the old or the new one.
@Suite struct FaultTests {
    let folder: TemporaryFolder
    let faults = FaultyFileSystem()
    let crate: Crate
    let snapshot: Snapshot

    init() throws {
        folder = try TemporaryFolder()
        crate = try Workplace.open(folder, OperatingSystem(files: faults, clock: SteppingClock()))
        snapshot = try crate.setup("run")
    }

    enum Damage: String, CaseIterable { case oneCall, deadFromHere }

    /// Runs `operation` with each of its calls failing, after `prepare`, and lets `check` look at what is left.
    private func forEachFault(_ damage: Damage, prepare: () throws -> Void, operation: () throws -> Void, check: (Bool) throws -> Void) throws {
        for number in 0..<1000 {
            faults.inject(.none)
            try prepare()
            faults.inject(damage == .oneCall ? .once(number, code: EIO) : .dead(from: number))
            var hasFailed = false
            do { try operation() } catch { hasFailed = true }
            let wasTriggered = faults.isTriggered
            faults.inject(.none)
            try check(hasFailed)
            // When only the removal of what was replaced has failed, the operation has been done.
            if damage == .oneCall && hasFailed { #expect(folder.leftovers.isEmpty, "after call \(number)") }
            snapshot.removeLeftovers()
            #expect(folder.leftovers.isEmpty, "cleared after call \(number)")
            if !wasTriggered {
                #expect(number > 5 && !hasFailed)
                return
            }
        }
        Issue.record("the operation never ran undisturbed")
    }

    @Test(arguments: Damage.allCases)
    func savingAFile(_ damage: Damage) throws {
        let note = try snapshot.text("note.txt")
        try forEachFault(damage) {
            try note.save(.text("old"))
        } operation: {
            try note.save(.text("new"))
        } check: { hasFailed in
            let text = try note.load().string
            #expect(text == "new" || (hasFailed && text == "old"))
        }
    }

    @Test(arguments: Damage.allCases)
    func savingTheFirstTime(_ damage: Damage) throws {
        let note = try snapshot.text("note.txt")
        try forEachFault(damage) {
            if note.exists { try note.delete(confirm: true) }
        } operation: {
            try note.save(.text("new"))
        } check: { hasFailed in
            let text = note.exists ? try note.load().string : nil
            #expect(text == "new" || (hasFailed && text == nil))
        }
    }

    @Test(arguments: Damage.allCases)
    func savingAFolder(_ damage: Damage) throws {
        let labels = try snapshot.directory("labels")
        func content(_ text: String) -> Content {
            .folder(["a.txt", "b/c.txt"].map { .init(path: $0, bytes: Bytes(text.utf8)) })
        }
        try forEachFault(damage) {
            try labels.save(content("old"))
        } operation: {
            try labels.save(content("new"))
        } check: { _ in
            let entries = try #require(try labels.load().entries)
            #expect(entries.map(\.path) == ["a.txt", "b/c.txt"])
            let texts = Set(entries.map { String(decoding: $0.bytes.array, as: UTF8.self) })
            #expect(texts == ["old"] || texts == ["new"])
        }
    }

    @Test func savingAFolderWhereFoldersCantBeSwapped() throws {
        let labels = try snapshot.directory("labels")
        try labels.save(.folder([.init(path: "a.txt", bytes: Bytes("old".utf8))]))
        faults.inject(.named(["exchange"], code: EINVAL))
        try labels.save(.folder([.init(path: "b.txt", bytes: Bytes("new".utf8))]))
        #expect(folder.everything().filter { $0.hasPrefix("snapshots/run/v0/directories/") } == ["snapshots/run/v0/directories/labels", "snapshots/run/v0/directories/labels/b.txt"])
        // The second of the two renames fails: the old folder comes back.
        faults.inject(.named(["exchange", "fsync"], code: EINVAL))
        failure("system") { try labels.save(.folder([.init(path: "c.txt", bytes: Bytes([]))])) }
        #expect(folder.exists("snapshots/run/v0/directories/labels/b.txt"))
        #expect(folder.leftovers.isEmpty)
    }

    @Test(arguments: Damage.allCases)
    func backingUpAndRestoring(_ damage: Damage) throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("kept"))
        try note.backup(tag: "kept")
        try forEachFault(damage) {
            try note.save(.text("old"))
            for backup in try note.listBackups() where backup.tag == "more" { try crate.files.remove(backup.path) }
        } operation: {
            try note.backup(tag: "more")
            try note.restore(tag: "kept")
        } check: { _ in
            let text = try note.load().string
            #expect(text == "old" || text == "kept")
            for backup in try note.listBackups() {
                #expect(try folder.text(backup.path) == (backup.tag == "kept" ? "kept" : "old"))
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func settingUp(_ damage: Damage) throws {
        try folder.write(#"{"mine": true, "snapshot_version": {"run": 0}}"#, to: ".opencrate/config.json")
        var newest = 0
        try forEachFault(damage) {
        } operation: {
            try crate.setup("run", start: .new)
        } check: { hasFailed in
            let number = try #require(try crate.newestVersion(of: "run"))
            #expect(number == newest + 1 || (hasFailed && number == newest))
            newest = number
            #expect(try folder.text(".opencrate/config.json").contains(#""mine": true"#))
        }
    }
}
