import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

@Suite struct FilesTests {
    let folder: TemporaryFolder
    let faults = FaultyFileSystem()
    let files: Files

    init() throws {
        folder = try TemporaryFolder()
        files = Files(workingDirectory: folder.path, system: OperatingSystem(files: faults, clock: SteppingClock()))
    }

    private func write(_ text: String, to path: String) throws(CrateError) {
        try files.write(path) { (sink) throws(FormatError) in try sink.write(text) }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, (1 << 18) - 1, 1 << 18, 1_000_000])
    func writtenBytesComeBack(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try files.write("data") { (sink) throws(FormatError) in
            // Pieces of all sizes, so that the buffer's ends are met.
            var start = 0
            var step = 1
            while start < count {
                let end = min(count, start + step)
                try sink.write(Array(bytes[start..<end]))
                (start, step) = (end, step * 3)
            }
        }
        #expect(try folder.bytes("data") == bytes)
        let read = try files.read("data")
        #expect(read.array == bytes && read.region.isMapped == (count >= 1 << 18))
        #expect(folder.everything() == ["data"])
    }

    @Test func shortReadsAndWritesAreContinued() throws {
        faults.inject(.oneByteAtATime)
        try write("slow but whole", to: "a.txt")
        #expect(try files.read("a.txt").array == Array("slow but whole".utf8))
    }

    @Test func failedBodyLeavesTheOldFile() throws {
        try folder.write("old", to: "a.txt")
        failure("format.unrepresentable", "a.txt") {
            try files.write("a.txt") { (sink) throws(FormatError) in
                try sink.write("new, half")
                throw FormatError(.unrepresentable, "test", "no")
            }
        }
        #expect(try folder.text("a.txt") == "old")
        #expect(folder.everything() == ["a.txt"])
    }

    @Test func fullDiskIsNamedAsSuch() throws {
        faults.inject(.named(["write"], code: ENOSPC))
        let error = failure("system", "a.txt") { try write("new", to: "a.txt") }
        if case .system(let operation, _, let code) = error { #expect(operation == "write" && code == ENOSPC) }
        let large = failure("system", "a.txt") { try write(String(repeating: "x", count: 200_000), to: "a.txt") }
        if case .system(_, _, let code) = large { #expect(code == ENOSPC) }
        #expect(folder.everything().isEmpty)
    }

    @Test func permissionsOfAReplacedFileStay() throws {
        try folder.write("secret", to: "a.txt")
        chmod(folder.path("a.txt"), 0o600)
        try write("new secret", to: "a.txt")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("a.txt"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aLinkIsReplacedNotFollowed() throws {
        try folder.write("target", to: "target.txt")
        try folder.link("link.txt", to: "target.txt")
        try write("new", to: "link.txt")
        #expect(try folder.text("target.txt") == "target")
        #expect(try folder.text("link.txt") == "new")
        #expect(try files.list("").map(\.isSymbolicLink) == [false, false])
    }

    @Test func readingWhatCantBeRead() throws {
        failure("notFound", "gone.txt") { _ = try files.read("gone.txt") }
        try files.makeDirectory("folder")
        failure("system") { _ = try files.read("folder") }
        #expect(try files.read("/proc/self/stat").count > 0)
    }

    @Test func listsAreSortedAndDoNotFollowLinks() throws {
        for path in ["b.txt", "a/z.txt", "a/B.txt", "c/d/e.txt"] { try folder.write(path, to: path) }
        try folder.link("loop", to: ".")
        #expect(try files.list("").map(\.path) == ["a", "b.txt", "c", "loop"])
        #expect(try files.list("", recursive: true).map(\.path) == ["a", "a/B.txt", "a/z.txt", "b.txt", "c", "c/d", "c/d/e.txt", "loop"])
        failure("notFound") { _ = try files.list("nowhere") }
        failure("invalid", "is a file") { _ = try files.list("b.txt") }
    }

    @Test func foldersAreMadeWithParents() throws {
        try files.makeDirectory("a/b/c")
        try files.makeDirectory("a/b/c/")
        #expect(folder.everything() == ["a", "a/b", "a/b/c"])
        try folder.write("x", to: "file")
        failure("alreadyExists") { try files.makeDirectory("file") }
        failure("system") { try files.makeDirectory("file/below") }
    }

    @Test func removingTakesLinksNotTargets() throws {
        let elsewhere = try TemporaryFolder()
        try elsewhere.write("kept", to: "kept.txt")
        try folder.write("x", to: "a/b/c.txt")
        try folder.link("a/link", to: elsewhere.path)
        try files.remove("a")
        #expect(folder.everything().isEmpty)
        #expect(try elsewhere.text("kept.txt") == "kept")
        failure("notFound") { try files.remove("a") }
    }

    @Test(arguments: [[], ["ioctl"], ["copy_file_range"], ["ioctl", "copy_file_range"]])
    func copiesAreIdenticalByEveryWay(_ refused: [String]) throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
        try folder.write(bytes, to: "a.bin")
        faults.inject(.named(refused, code: EOPNOTSUPP))
        try files.copy("a.bin", to: "b.bin")
        #expect(try folder.bytes("b.bin") == bytes)
        #expect(folder.leftovers.isEmpty)
    }

    @Test func foldersAreCopiedWithTheirLinks() throws {
        try folder.write("one", to: "from/a.txt")
        try folder.write("two", to: "from/b/c.txt")
        try folder.link("from/link", to: "a.txt")
        try files.copy("from", to: "to")
        #expect(folder.everything().filter { $0.hasPrefix("to") } == ["to", "to/a.txt", "to/b", "to/b/c.txt", "to/link"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("to/link")) == "a.txt")
        failure("alreadyExists") { try files.copy("from", to: "to") }
        failure("invalid", "inside") { try files.copy("from", to: "from/b/again") }
        failure("notFound") { try files.copy("gone", to: "x") }
        try folder.write("x", to: "file")
        failure("alreadyExists") { try files.copy("file", to: "to") }
        #expect(folder.leftovers.isEmpty)
    }

    @Test func movingAcrossFileSystemsCopies() throws {
        try folder.write("one", to: "a.txt")
        try folder.write("two", to: "b/c.txt")
        for (from, to) in [("a.txt", "z.txt"), ("b", "y")] {
            faults.inject(.firstNamed("rename", code: EXDEV))
            try files.move(from, to: to)
            #expect(faults.isTriggered)
        }
        #expect(folder.everything() == ["y", "y/c.txt", "z.txt"])
        #expect(try folder.text("z.txt") == "one")
        try folder.write("x", to: "w")
        failure("alreadyExists") { try files.move("y", to: "w") }
        failure("notFound") { try files.move("gone", to: "x") }
        try files.move("z.txt", to: "w")
        #expect(try folder.text("w") == "one")
    }

    @Test func leftoversOfTheDeadAreClearedAndOfTheLivingKept() throws {
        try folder.write("half", to: "\(NameRules.temporaryPrefix)dead")
        try folder.write("half", to: "\(NameRules.temporaryPrefix)deadfolder/a/b")
        try folder.write("mine", to: "\(NameRules.temporaryPrefix)alive")
        let handle = open(folder.path("\(NameRules.temporaryPrefix)alive"), O_RDONLY)
        defer { close(handle) }
        #expect(flock(handle, LOCK_EX) == 0)
        try files.write("a.txt") { (sink) throws(FormatError) in
            // In the middle of a write, as another process' setup might come.
            files.removeLeftovers(in: "")
            try sink.write("whole")
        }
        #expect(folder.everything() == ["\(NameRules.temporaryPrefix)alive", "a.txt"])
        #expect(try folder.text("a.txt") == "whole")
    }

    @Test func devicesAndPipesAreWrittenNotReplaced() throws {
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try folder.link("link", to: "pipe")
        for path in ["pipe", "link"] { try write("through", to: path) }
        var bytes = [UInt8](repeating: 0, count: 100)
        #expect(Glibc.read(reader, &bytes, 100) == 14)
        #expect(folder.everything() == ["link", "pipe"])
        try folder.write("x", to: "file")
        failure("alreadyExists") { try files.move("file", to: "pipe") }
    }

    @Test func aFolderLeftAsideComesBack() throws {
        try folder.write("old", to: "\(NameRules.asidePrefix)labels/a.txt")
        try folder.write("older", to: "\(NameRules.asidePrefix)taken/a.txt")
        try folder.write("new", to: "taken/a.txt")
        files.removeLeftovers(in: "")
        #expect(folder.everything() == ["labels", "labels/a.txt", "taken", "taken/a.txt"])
        #expect(try folder.text("labels/a.txt") == "old" && folder.text("taken/a.txt") == "new")
    }

    @Test func pathsArePutTogether() {
        #expect(Path.join("", "a") == "a" && Path.join("a", "b") == "a/b" && Path.join("a/", "b") == "a/b" && Path.join("a", "/b") == "/b")
        #expect(Path.parent("a/b") == "a" && Path.parent("a") == "." && Path.parent("/a") == "/" && Path.parent("/") == "/" && Path.parent("a//b/") == "a")
        #expect(Path.name("a/b/") == "b" && Path.name("/") == "/" && Path.name("a") == "a" && Path.name("") == "")
    }
}
