import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

@Suite("Archives on the disk")
struct ArchiveTests {
    let faults = FaultyFileSystem()
    let work: Workplace
    let snapshot: Snapshot

    init() throws {
        work = try Workplace(OperatingSystem(files: faults, clock: SteppingClock()))
        snapshot = try work.crate.setup("run")
    }

    private var folder: TemporaryFolder { work.folder }

    /// What is below a folder: contents, kinds and the right to run.
    private func tree(_ root: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for path in folder.everything() where path.hasPrefix(root + "/") {
            let full = folder.path(path)
            let name = String(path.dropFirst(root.count + 1))
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: full) { found[name] = "link \(target)"; continue }
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
            found[name] = isFolder.boolValue ? "folder" : "\(access(full, X_OK) == 0 ? "run " : "")\(try folder.bytes(path))"
        }
        return found
    }

    /// A tree of random shape: nested folders, empty ones, files of all sizes, odd names, links inside.
    private func makeRandomTree(_ root: String, seed: UInt64) throws {
        var random = RandomGenerator(seed: seed)
        let names = ["a", "b.txt", "ü", "漢字 🙂", "with space", "-rf", "x'y\"z", String(repeating: "long", count: 40), "..dots", "e\u{301}"]
        func number(_ most: Int) -> Int { Int(random.next() % UInt64(most)) }
        func fill(_ place: String, _ depth: Int) throws {
            try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
            for name in names where number(3) == 0 {
                let path = "\(place)/\(name)"
                switch number(depth < 4 ? 5 : 3) {
                case 0: try folder.write((0..<[0, 1, 511, 512, 513, 70_000][number(6)]).map { UInt8(truncatingIfNeeded: $0 &* $0) }, to: path)
                case 1:
                    try folder.write("#!/bin/sh", to: path)
                    chmod(folder.path(path), 0o755)
                case 2: try folder.link(path, to: depth > 0 ? "../\(names[number(names.count)])" : names[number(names.count)])
                default: try fill(path, depth + 1)
                }
            }
        }
        try fill(root, 0)
        try folder.write("always", to: "\(root)/always")
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>, ["x.zip", "x.tar", "x.tgz"]) func `random trees survive`(seed: UInt64, name: String) throws {
        try makeRandomTree("tree", seed: seed)
        try work.crate.makeArchive(name, folder: "tree")
        let archive = try #require(try work.crate.read(name).archive)
        try work.crate.extract(archive, from: name, to: "back")
        #expect(try tree("back") == tree("tree"))
        #expect(try work.crate.files.digest("back") == work.crate.files.digest("tree"))
        try work.crate.makeArchive("again-" + name, folder: "back")
        #expect(try folder.bytes("again-" + name) == folder.bytes(name))
        let directory = try snapshot.directory("tree")
        try directory.save(folder: "tree")
        #expect(try directory.digest() == work.crate.files.digest("tree"))
        #expect(folder.leftovers.isEmpty)
    }

    @Test func `an archive is made of a list, under the paths given`() throws {
        try folder.write("1", to: "runs/a.txt")
        try folder.write("2", to: "runs/deep/b.txt")
        try folder.write("3", to: "c.txt")
        let archive = try snapshot.artifact(kind: "archive", name: "files.tar.gz")
        try archive.save(files: ["c.txt", "runs/deep", folder.path("runs/a.txt")])
        let members = try #require(try archive.load().archive).members
        #expect(members.map(\.name) == ["a.txt", "c.txt", "runs/deep/b.txt"])
        failure("notFound", "nowhere") { try archive.save(files: ["nowhere"]) }
        failure("format.unsafe", "occurs twice") { try archive.save(files: ["c.txt", folder.path("c.txt")]) }
        failure("invalid", "holds no files") { try snapshot.text("x.txt").save(folder: "runs") }
    }

    @Test(arguments: ["directory", "archive"]) func `links that lead out, and devices, are not kept`(kind: String) throws {
        try folder.write("1", to: "d/a.txt")
        let artifact = try snapshot.artifact(kind: kind, name: kind == "archive" ? "a.zip" : "a")
        try folder.link("d/link", to: "a.txt")
        try artifact.save(folder: "d")
        for target in ["/etc", "..", "x/../a.txt"] {
            try FileManager.default.removeItem(atPath: folder.path("d/link"))
            try folder.link("d/link", to: target)
            failure("invalid", "leads out") { try artifact.save(folder: "d") }
        }
        try FileManager.default.removeItem(atPath: folder.path("d/link"))
        #expect(mkfifo(folder.path("d/pipe"), 0o600) == 0)
        failure("system", "d/pipe") { try artifact.save(folder: "d") }
    }

    @Test func `a folder that is there is kept unless it is to be replaced`() throws {
        try folder.write("new", to: "d/a.txt")
        try work.crate.makeArchive("a.zip", folder: "d")
        try folder.write("old", to: "out/b.txt")
        let archive = try #require(try work.crate.read("a.zip").archive)
        failure("alreadyExists", "out") { try work.crate.extract(archive, from: "a.zip", to: "out") }
        #expect(try tree("out").keys.sorted() == ["b.txt"])
        try work.crate.extract(archive, from: "a.zip", to: "out", replace: true)
        #expect(try tree("out").keys.sorted() == ["a.txt"])
        try work.crate.extract(archive, from: "a.zip", to: "new/place/")
        #expect(folder.exists("new/place/a.txt"))
        for place in [".", "..", "", "/", "out/..", "out/."] {
            failure("invalid") { try work.crate.extract(archive, from: "a.zip", to: place, replace: true) }
        }
    }

    @Test(arguments: [
        [Archive.Member("../x", Bytes([1]))], [.init("ok", Bytes([1])), .init("/x", Bytes([1]))], [.init("l", .symbolicLink("..")), .init("ok", Bytes([1]))],
        [.init("l", .symbolicLink("d")), .init("d", .folder), .init("l/x", Bytes([1]))], [.init("a", Bytes([1])), .init("a/b", Bytes([1]))],
        [.init("p", .other("device"))], [.init(".crate-tmp-x", Bytes([1]))], [.init("a", Bytes([1])), .init("a", Bytes([2]))],
        [.init("ok", Bytes([1])), .init("bad", size: 1, content: .zipped(Bytes([7]), isDeflated: false, crc32: 0))],
        [.init("ok", Bytes([1])), .init("bad", size: 9, content: .zipped(Bytes([3, 0]), isDeflated: true, crc32: 0))],
        [.init("ok", Bytes([1])), .init("gone", size: 1, content: .outside)],
    ])
    func `what is unsafe or damaged leaves nothing behind`(members: [Archive.Member]) throws {
        let before = folder.everything()
        #expect(throws: CrateError.self) { try work.crate.extract(Archive(members: members), from: "a.zip", to: "out") }
        #expect(folder.everything() == before)
    }

    @Test func `hard links become files of their own`() throws {
        let members: [Archive.Member] = [.init("a", Bytes([1, 2])), .init("b/c", .hardLink("a"))]
        try work.crate.extract(Archive(members: members), from: "a.tar", to: "out")
        #expect(try tree("out") == ["a": "[1, 2]", "b": "folder", "b/c": "[1, 2]"])
    }

    @Test func `whatever call fails, nothing or all is unpacked`() throws {
        let members: [Archive.Member] = [
            .init("a", Bytes([1])), .init("b/c", size: 1, isExecutable: true, content: .plain(Bytes([2]))), .init("l", .symbolicLink("a")),
        ]
        for number in 0..<200 {
            faults.inject(.once(number, code: EIO))
            let hasFailed = (try? work.crate.extract(Archive(members: members), from: "a.zip", to: "out")) == nil
            let wasTriggered = faults.isTriggered
            faults.inject(.none)
            #expect(folder.leftovers.isEmpty, "after call \(number)")
            if folder.exists("out") {
                #expect(try tree("out").count == 4, "after call \(number)")
                try work.crate.files.remove("out")
            } else {
                #expect(hasFailed)
            }
            if !wasTriggered {
                #expect(number > 20 && !hasFailed)
                return
            }
        }
        Issue.record("it never ran undisturbed")
    }

    @Test func `a folder's digest counts names, contents, links and the right to run, and no dates`() throws {
        func digest() throws -> String { try work.crate.files.digest("d") }
        var seen = Set<String>()
        func isNew(_ sourceLocation: SourceLocation = #_sourceLocation) throws { #expect(seen.insert(try digest()).inserted, sourceLocation: sourceLocation) }
        try folder.write("", to: "d/a")
        // By hand: SHA-256 of "f 0 <digest of nothing> a" and a NUL.
        #expect(try digest() == SHA256Digest.hex(of: Array("f 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 a\0".utf8)))
        try isNew()
        try folder.write("1", to: "d/a")
        try isNew()
        chmod(folder.path("d/a"), 0o755)
        try isNew()
        try FileManager.default.createDirectory(atPath: folder.path("d/empty"), withIntermediateDirectories: true)
        try isNew()
        try folder.link("d/l", to: "a")
        try isNew()
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 5)], ofItemAtPath: folder.path("d/a"))
        chmod(folder.path("d/a"), 0o700)
        #expect(!seen.insert(try digest()).inserted)
        #expect(try work.crate.files.digest("d/a") == SHA256Digest.hex(of: Array("1".utf8)))
    }

    @Test func `a directory is made of a dict, and keeps the right to run`() throws {
        let labels = try snapshot.directory("labels")
        try labels.save(.document(.object([("a/b.txt", .string("x")), ("c.json", .list([.integer(1)]))])))
        #expect(try tree(labels.path) == ["a": "folder", "a/b.txt": "[120]", "c.json": "\(Array("[1]".utf8))"])
        failure("format.unrepresentable", "needs a form") { try labels.save(.document(.object([("x", .integer(1))]))) }
        try folder.write("#!/bin/sh", to: "src/run")
        chmod(folder.path("src/run"), 0o700)
        try labels.save(folder: "src")
        try labels.backup(tag: "a")
        try labels.restore(tag: "a")
        #expect(try tree(labels.path)["run"]?.hasPrefix("run ") == true)
    }

    @Test func `a folder is described`() throws {
        try folder.write("123", to: "d/a.txt")
        try folder.write("1", to: "d/sub/b.txt")
        try folder.write("12", to: "d/c.bin")
        let found = try work.crate.inspect("d")
        #expect("\(found["files"] as Any) \(found["folders"] as Any) \(found["size"] as Any)" == "Optional(CrateValues.Document.integer(3)) Optional(CrateValues.Document.integer(1)) Optional(CrateValues.Document.integer(6))")
        #expect(found.listings[0].rows.map { "\($0[0])" } == ["string(\"txt\")", "string(\"bin\")"])
        #expect(found.listings[1].rows.map { "\($0[0])" } == ["string(\"a.txt\")", "string(\"c.bin\")", "string(\"sub/b.txt\")"])
    }
}

extension Content {
    fileprivate var archive: Archive? { if case .archive(let archive) = self { archive } else { nil } }
}
