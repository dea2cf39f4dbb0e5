import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// What `verify`, `load` and `restore` find, and that nothing is missed.
extension StoreTests {
    @Test func aChangeFromOutsideIsNamedOnLoading() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try folder.write("ONE", to: note.path)
        #expect(try note.load().string == "ONE")
        let warning = try #require(work.echoed.messages.last)
        #expect(warning.contains("changed outside of crate: other bytes than the 3 Bytes"))
        failure("changed") { _ = try note.load(verify: true) }
        #expect(try work.crate.adopt() == [note.path])
        #expect(try note.load(verify: true).string == "ONE")
        // The same bytes at another time are no change.
        try folder.write("ONE", to: note.path)
        let said = work.echoed.messages.count
        #expect(try note.load().string == "ONE" && work.echoed.messages.count == said)
    }

    @Test func verifyNamesEachProblemAndNoneHidesAnother() throws {
        for name in ["missing", "changed", "torn", "good", "better"] { try snapshot.text("\(name).txt").save(.text("content")) }
        try work.crate.files.remove(snapshot.path(kind: "text", name: "missing.txt"))
        try folder.write("CONTENT", to: "snapshots/run/v0/texts/changed.txt")
        try folder.write("cont", to: "snapshots/run/v0/texts/torn.txt")
        try folder.write("?", to: "snapshots/run/v0/texts/unknown.txt")
        let result = try again().verify(.init(name: "run"))
        #expect(result.findings.map { "\($0.problem.rawValue) \(Path.name($0.path))" } == ["changed changed.txt", "missing missing.txt", "torn torn.txt", "unknown unknown.txt"])
        #expect(result.checked == 4)
        var sampled = VerificationScope(name: "run")
        sampled.sample = 1e-12
        #expect(try again().verify(sampled).skipped == 3)
        sampled.sample = 1
        sampled.since = .max
        #expect(try again().verify(sampled).skipped == 4)
        failure("notFound") { _ = try again().verify(.init(name: "none")) }
    }

    @Test func eachByteOfASmallStoreFlippedIsFoundOrHarmless() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.backup(tag: "b")
        try note.save(.text("two"))
        try snapshot.directory("d").save(CrashTests.folder("x"))
        try snapshot.text("gone.txt").save(.text("gone"))
        try snapshot.text("gone.txt").delete(confirm: true)
        let away = try work.crate.setup("away")
        try away.text("k").save(.text("lllll"))
        try away.text("k").save(.text("mmm"))
        try work.crate.reset("away", confirm: true)
        let isStored = { (path: String) in !path.hasSuffix(".log") && !path.contains("/open/") && !path.hasSuffix(".lock") && !path.contains("/locks/") }
        let paths = try folder.everything().filter { try isStored($0) && work.crate.files.status($0)?.kind == .file }
        #expect(paths.count == 12 && paths.count { $0.contains("/resets/") } == 4)
        for path in paths {
            let bytes = try folder.bytes(path)
            let status = try #require(try work.crate.files.status(path))
            for position in bytes.indices {
                var damaged = bytes
                damaged[position] ^= position % 2 == 0 ? 0x01 : 0x80
                try write(damaged, path, status.modified)
                let isFound = (try? again().verify().findings.isEmpty) != true
                if path.hasSuffix("config.json") {
                    // The counter can be had from the folders, and no folder is written into by mistake.
                    if let crate = try? again(), let next = try? crate.setup("run") { #expect(next.version != 0) }
                    for version in try again().versions(of: "run") where version.number != 0 { try work.crate.files.remove("snapshots/run/\(version.name)") }
                } else {
                    // A journal's last newline is written again.
                    #expect(try isFound || folder.bytes(path) == bytes, "\(path) at \(position)")
                }
            }
            try write(bytes, path, status.modified)
        }
        #expect(try again().verify().findings.isEmpty)
    }

    /// As a failing disk changes a file: its time stays.
    private func write(_ bytes: [UInt8], _ path: String, _ time: Int) throws {
        try folder.write(bytes, to: path)
        try work.crate.files.calls.setModified(folder.path(path), time)
    }

    @Test func aVersionWhoseFolderIsGoneIsMissing() throws {
        try snapshot.text("a.txt").save(.text("one"))
        let crate = work.crate
        _ = try crate.setup("run", start: .new).text("b.txt").save(.text("two"))
        try Files(workingDirectory: folder.path).discard(snapshot.directoryPath)
        #expect(try crate.verify().findings.map(\.problem) == [.missing])
        #expect(try crate.verify(VerificationScope(name: "run")).findings.map { Path.name($0.path) } == ["a.txt"])
        // What was meant can be taken as it is.
        _ = try crate.adopt()
        #expect(try crate.verify().findings.isEmpty)
    }

    @Test func aDamagedBackupIsNotRestored() throws {
        let note = try snapshot.text("a.txt")
        try note.save(.text("good"))
        let backup = try note.backup(tag: "b")
        try note.save(.text("next"))
        try folder.write("bAd!", to: backup.path)
        failure("changed", "not those that were backed up") { _ = try note.restore(tag: "b") }
        #expect(try note.load(verify: true).string == "next")
    }

    @Test func aPipeInPlaceOfAnArtifactIsTold() throws {
        let note = try snapshot.text("a.txt")
        try note.save(.text("good"))
        let place = folder.path + "/" + note.path
        #expect(unlink(place) == 0 && mkfifo(place, 0o600) == 0)
        #expect(try work.crate.verify().findings.map(\.problem) == [.unreadable])
        #expect(unlink(place) == 0 && symlink("nowhere", place) == 0)
        #expect(try work.crate.verify().findings.map(\.detail) == ["it is a symbolic link to `nowhere` now"])
    }

    @Test func theSmallestSampleHasOneArtifact() throws {
        for number in 0..<4 { try snapshot.text("\(number).txt").save(.text("x")) }
        var scope = VerificationScope()
        scope.sample = 1e-9
        let result = try work.crate.verify(scope)
        #expect(result.checked == 1 && result.skipped == 3)
    }
}
