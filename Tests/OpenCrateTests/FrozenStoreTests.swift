import Foundation
import Testing

@testable import OpenCrate

/// A store as this format was first written, kept in `Tests/Fixtures/store-1`: later versions must read it, verify it and take back what it holds.
@Suite struct FrozenStoreTests {
    let folder: TemporaryFolder
    let crate: Crate

    init() throws {
        folder = try TemporaryFolder()
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/store-1")
        for part in [".opencrate", "snapshots"] {
            try FileManager.default.copyItem(atPath: fixture.appendingPathComponent(part).path, toPath: folder.path(part))
        }
        crate = try Workplace.open(folder, OperatingSystem())
    }

    @Test func everythingIsAsItWasWritten() throws {
        #expect(try crate.names() == ["demo"] && crate.versions(of: "demo").map(\.name) == ["v0:first", "v1"])
        #expect(try crate.verify().findings.isEmpty)
        let snapshot = try crate.setup("demo", start: .number(0), tag: "first")
        #expect(try snapshot.text("a.txt").load(verify: true).string == "two")
        #expect(try snapshot.text("a.txt").listBackups().map(\.name) == ["a.backup_b.txt"])
    }

    @Test func allOfItCanBeTakenBack() throws {
        let snapshot = try crate.setup("demo", start: .number(0), tag: "first")
        var undone: [String] = []
        while let step = try? snapshot.undo() { undone.append(step.map(\.operation).joined(separator: " ")) }
        #expect(undone == ["delete", "save save", "save", "save", "backup", "save"])
        let emptied = try crate.setup("demo", start: .number(1))
        #expect(try emptied.undo().map(\.operation) == ["replace"])
        #expect(try emptied.text("v1.txt").load(verify: true).string == "v1")
        try crate.undoReset("gone")
        #expect(try crate.setup("gone", start: .last).text("x.txt").load(verify: true).string == "x")
        #expect(try crate.verify().findings.isEmpty)
    }
}
