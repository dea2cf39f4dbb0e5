import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// What stands where the store's files should, and is not what it should be.
@Suite struct DamagedPlacesTests {
    let work: Workplace
    let snapshot: Snapshot
    private let version = ".opencrate/store/versions/run/v0"

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
    }

    private func makePipe(_ path: String) throws {
        try work.crate.files.remove(path)
        try #require(mkfifo(work.folder.path(path), 0o600) == 0)
    }

    /// To open it would be to wait for somebody at its other end.
    @Test func aPipeInPlaceOfAnArtifactIsToldAndNotOpened() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try makePipe(note.path)
        failure("changed", "neither a file nor a folder") { _ = try note.load() }
        failure("changed", "neither a file nor a folder") { _ = try note.load(verify: true) }
        failure("changed", "neither a file nor a folder") { try note.load(to: "copy.txt") }
        failure("changed", "neither a file nor a folder") { _ = try note.digest() }
        failure("changed", "neither a file nor a folder") { _ = try note.backup() }
        failure("changed", "neither a file nor a folder") { try note.save(.text("two")) }
        #expect(try work.crate.verify().findings.map(\.path) == [note.path])
    }

    @Test func aPipeInPlaceOfAJournalIsToldAndNotOpened() throws {
        try snapshot.text("note.txt").save(.text("one"))
        try makePipe(version + "/journal.jsonl")
        let later = try Crate(at: work.folder.path, files: work.crate.files)
        failure("invalid", "is no file") { try later.setup("run", start: .last).text("note.txt").save(.text("two")) }
    }

    /// The line in front of it was acknowledged.
    @Test(arguments: [UInt8(ascii: "\n") ^ 1, UInt8(ascii: "\n") ^ 0x80, 0])
    func aDamagedLastNewlineLosesNoLine(_ byte: UInt8) throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("precious"))
        try note.delete(confirm: true)
        let path = version + "/journal.jsonl"
        var bytes = try work.crate.files.read(path, isMapped: false).array
        let whole = bytes
        bytes[bytes.count - 1] = byte
        try work.crate.files.write(path) { (sink) throws(FormatError) in try sink.write(bytes) }
        let later = try Crate(at: work.folder.path, files: work.crate.files)
        #expect(try later.verify().findings.isEmpty)
        let again = try later.setup("run", start: .last)
        _ = try again.undo()
        #expect(try again.text("note.txt").load(verify: true).string == "precious")
        #expect(try work.crate.files.read(path, isMapped: false).array.starts(with: whole))
    }

    @Test func aTransactionThatCantBeReadIsAFinding() throws {
        try snapshot.text("note.txt").save(.text("one"))
        try work.folder.write(#"{"x""#, to: version + "/intent.json")
        let later = try Crate(at: work.folder.path, files: work.crate.files)
        #expect(try later.verify().findings.map(\.problem) == [.torn])
        let error = #expect(throws: CrateError.self) { try later.setup("run", start: .last) }
        guard case .format(let reason, let path)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix("intent.json") && reason.hint?.contains("move this file away") == true)
        try later.files.remove(version + "/intent.json")
        #expect(try later.setup("run", start: .last).text("note.txt").load(verify: true).string == "one")
    }
}
