import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// What every kind must do, run over each registered handler and each of its samples.
@Suite struct HandlerContractTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let handler: any Handler
        let sample: HandlerSample
        var testDescription: String { "\(handler.kind) \(sample.name.text)" }
    }

    static let handlers = HandlerRegistry.standard.handlers
    static let cases = handlers.flatMap { handler in handler.samples.map { Case(handler: handler, sample: $0) } }
    /// Kinds that take any bytes have no damaged files.
    static let strictCases = cases.filter { !["text", "file", "directory", "csv"].contains($0.handler.kind) }

    let work: Workplace
    let faults = FaultyFileSystem()
    let snapshot: Snapshot

    init() throws {
        work = try Workplace(OperatingSystem(files: faults, clock: SteppingClock()))
        snapshot = try work.crate.setup("run")
    }

    private func saved(_ test: Case) throws -> Artifact {
        let artifact = try snapshot.artifact(kind: test.handler.kind, name: test.sample.name.text)
        try artifact.save(test.sample.content, options: test.sample.options.values)
        return artifact
    }

    /// The options that reading needs to see the sample again.
    private func loadOptions(_ test: Case) -> [String: Document] {
        test.sample.options.values.filter { option in test.handler.loadOptions.contains { $0.name == option.key } }
    }

    private func state(_ artifact: Artifact) throws -> [String: [UInt8]] {
        guard artifact.isFolder else { return ["": try work.folder.bytes(artifact.path)] }
        return Dictionary(uniqueKeysWithValues: try #require(try artifact.load().entries).map { ($0.path, $0.bytes.array) })
    }

    @Test func everyKindHasItsFolderAndSamples() {
        let folders = Dictionary(uniqueKeysWithValues: Self.handlers.map { ($0.kind, $0.folder) })
        let wanted = [
            "text": "texts", "json": "jsons", "yaml": "yamls", "csv": "csvs", "image": "images", "gif": "gifs", "audio": "audios",
            "video": "videos", "checkpoint": "checkpoints", "directory": "directories", "archive": "archives", "file": "files",
        ]
        for (kind, folder) in wanted { #expect(folders[kind] == folder) }
        #expect(Self.handlers.allSatisfy { !$0.samples.isEmpty && !$0.summary.isEmpty })
        #expect(Self.handlers.allSatisfy { handler in handler.extensions.allSatisfy { $0 == $0.lowercased() && !$0.hasPrefix(".") } })
        #expect(HandlerFolder.name(of: "gas") == "gases")
    }

    @Test(arguments: cases) func samplesComeBack(_ test: Case) throws {
        let artifact = try saved(test)
        #expect(artifact.exists && artifact.path == "snapshots/run/v0/\(test.handler.folder)/\(test.sample.name.text)")
        let loaded = try artifact.load(options: loadOptions(test))
        if test.sample.isExact { expectEqual(loaded, test.sample.content) } else { #expect(loaded.outline == test.sample.content.outline) }
        #expect(work.folder.leftovers.isEmpty)
    }

    @Test(arguments: cases) func savingTwiceGivesTheSameBytes(_ test: Case) throws {
        let first = try state(try saved(test))
        #expect(try state(try saved(test)) == first)
    }

    @Test(arguments: cases) func missingArtifactIsNotFound(_ test: Case) throws {
        let artifact = try snapshot.artifact(kind: test.handler.kind, name: test.sample.name.text)
        #expect(!artifact.exists && artifact.size == nil && artifact.modified == nil)
        failure("notFound", artifact.path) { _ = try artifact.load() }
        failure("notFound", artifact.path) { try artifact.load(to: work.folder.path("copy")) }
        failure("notFound", artifact.path) { try artifact.delete(confirm: true) }
        failure("notFound", artifact.path) { try artifact.backup() }
        failure("notFound") { try artifact.save(from: work.folder.path("nowhere")) }
    }

    @Test(arguments: cases) func wrongContentLeavesTheOld(_ test: Case) throws {
        let artifact = try saved(test)
        let old = try state(artifact)
        let wrong: Content = test.handler.holdsFiles ? .text("no folder") : .folder([])
        failure("format.unrepresentable", artifact.path) { try artifact.save(wrong) }
        #expect(try state(artifact) == old)
        #expect(work.folder.leftovers.isEmpty)
    }

    @Test(arguments: strictCases) func truncatedFilesAreRefused(_ test: Case) throws {
        let artifact = try saved(test)
        let whole = try work.folder.bytes(artifact.path)
        let old = try #require(try state(artifact)[""])
        for length in [0, 1, whole.count / 3, whole.count / 2] {
            try work.folder.write(Array(whole.prefix(length)), to: "damaged.\(test.sample.name.fileExtension)")
            let damaged = Array(whole.prefix(length))
            if isStillWhole(damaged, test) { continue }
            let error = failureName { try artifact.save(from: "damaged.\(test.sample.name.fileExtension)") }
            #expect(error?.hasPrefix("format.") == true, "\(length) of \(whole.count) bytes: \(error ?? "taken")")
            #expect(try work.folder.bytes(artifact.path) == old)
        }
        #expect(work.folder.leftovers.isEmpty)
    }

    /// Some formats have prefixes that are whole files: an empty YAML, JSON Lines, a WAV whose end is only missing.
    private func isStillWhole(_ bytes: [UInt8], _ test: Case) -> Bool {
        switch test.handler.kind {
        case "yaml": true
        case "json": test.sample.name.fileExtension == "jsonl"
        case "audio", "image": !bytes.isEmpty && bytes.count > 1
        default: false
        }
    }

    private func failureName(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return (error as? CrateError)?.name ?? "\(error)" }
        return nil
    }

    @Test(arguments: cases) func filesGoInAndOutByteForByte(_ test: Case) throws {
        let artifact = try saved(test)
        let old = try state(artifact)
        try artifact.load(to: "copy")
        let other = try snapshot.artifact(kind: test.handler.kind, name: "other-\(test.sample.name.text)")
        try other.save(from: "copy")
        #expect(try state(other) == old)
        #expect(other.size == artifact.size)
    }

    @Test(arguments: cases) func filesAndFoldersAreNotMixedUp(_ test: Case) throws {
        let artifact = try saved(test)
        let old = try state(artifact)
        try work.folder.write("x", to: "folder/x")
        failure("invalid") { try artifact.save(from: test.handler.isFolder ? "folder/x" : "folder") }
        #expect(try state(artifact) == old)
    }

    @Test(arguments: cases) func backupRestoreDelete(_ test: Case) throws {
        let artifact = try saved(test)
        let old = try state(artifact)
        let backup = try artifact.backup(tag: "kept")
        #expect(backup.name == "\(test.sample.name.stem).backup_kept\(test.sample.name.suffix)")
        failure("unconfirmed", test.sample.name.text) { try artifact.delete(confirm: false) }
        #expect(try state(artifact) == old)
        try artifact.delete(confirm: true)
        #expect(!artifact.exists)
        #expect(try artifact.listBackups() == [backup])
        try artifact.restore(tag: "kept")
        #expect(try state(artifact) == old)
        expectEqual(try snapshot.artifact(kind: artifact.kind, name: backup.name).load(options: loadOptions(test)).outline, test.sample.content.outline)
    }

    @Test(arguments: handlers.map(\.kind)) func unknownOptionsNameTheNearest(_ kind: String) throws {
        let handler = try #require(HandlerRegistry.standard.handler(kind))
        let sample = try #require(handler.samples.first)
        let artifact = try snapshot.artifact(kind: kind, name: sample.name.text)
        let option = handler.saveOptions.first?.name
        let wrong = option.map { String($0.dropLast()) } ?? "indent"
        failure("invalid", option.map { "did you mean `\($0)`?" } ?? "it takes no options") { try artifact.save(sample.content, options: [wrong: .bool(true)]) }
        #expect(!artifact.exists)
        if let option = handler.saveOptions.first { failure("invalid", option.name) { try artifact.save(sample.content, options: [option.name: .null]) } }
        try artifact.save(sample.content)
        failure("invalid") { _ = try artifact.load(options: ["no such option": .null]) }
    }

    @Test(arguments: handlers.map(\.kind), ["../x", "a/b", "/etc/passwd", "..", ""])
    func namesThatLeaveTheFolder(_ kind: String, _ name: String) throws {
        failure("invalid") { _ = try snapshot.artifact(kind: kind, name: name) }
    }

    @Test(arguments: cases.filter { !$0.handler.isFolder }) func writesThatFailMidwayLeaveTheOld(_ test: Case) throws {
        let artifact = try saved(test)
        let old = try state(artifact)
        for call in ["open", "write", "fsync", "rename", "flock"] {
            faults.inject(.firstNamed(call, code: ENOSPC))
            let name = failureName { try artifact.save(test.sample.content, options: test.sample.options.values) }
            #expect(name == (faults.isTriggered ? "system" : nil), "\(call)")
            faults.inject(.none)
            #expect(try state(artifact) == old)
            #expect(work.folder.leftovers.isEmpty)
        }
    }

    @Test(arguments: cases) func verboseArtifactsTellWhatTheyDo(_ test: Case) throws {
        let (kind, name) = (test.handler.kind, test.sample.name.text)
        let artifact = try snapshot.artifact(kind: kind, name: name, verbose: true)
        try artifact.save(test.sample.content, options: test.sample.options.values)
        _ = try artifact.load(options: loadOptions(test))
        let backup = try artifact.backup(tag: "a")
        try artifact.delete(confirm: true)
        let path = "snapshots/run/v0/\(test.handler.folder)/\(name)"
        #expect(
            work.echoed.messages == [
                "✓ '\(name)' of '\(kind)' saved successfully at '\(path)'.", "✓ '\(name)' of '\(kind)' loaded successfully from '\(path)'.",
                "✓ Backup of '\(name)' of '\(kind)' created at '\(backup.path)'.", "✓ '\(name)' of '\(kind)' deleted successfully.",
            ])
    }
}
