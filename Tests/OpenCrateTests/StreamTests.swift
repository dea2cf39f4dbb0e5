import CrateFormats
import CrateValues
import Foundation
import Glibc
import Synchronization
import Testing

@testable import OpenCrate

/// Reading what does not say its size, and copying where one side fails.
@Suite struct StreamTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func aDeviceWithoutEndIsLeft() throws {
        let files = Files(workingDirectory: folder.path)
        files.streamLimit = 200_000
        failure("format.limit", "/dev/zero") { _ = try files.read("/dev/zero") }
        #expect(try files.read("/dev/null").count == 0)
        // Files say their size and are not bound by it.
        try folder.write([UInt8](repeating: 1, count: 200_001), to: "file")
        #expect(try files.read("file").count == 200_001)
    }

    @Test func aPipeIsReadWhenItsWriterComes() throws {
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        // Opening waits for the reader, so the bytes can't be lost.
        Thread.detachNewThread {
            let writer = open(pipe, O_WRONLY)
            _ = Glibc.write(writer, "through", 7)
            close(writer)
        }
        #expect(try Files(workingDirectory: folder.path).read("pipe").array == Array("through".utf8))
    }

    @Test(arguments: [1, 2])
    func aPipeWithoutWriterCanBeLeft(_ questions: Int) throws {
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let asked = Counter()
        let files = Files(workingDirectory: folder.path, system: OperatingSystem(files: PosixFileSystem { asked.next() >= questions }))
        let error = failure("system", "pipe") { _ = try files.read("pipe") }
        if case .system(_, _, let code) = error { #expect(code == ECANCELED) }
    }

    @Test func readingADeviceCanBeLeft() throws {
        let asked = Counter()
        let files = Files(workingDirectory: folder.path, system: OperatingSystem(files: PosixFileSystem { asked.next() >= 10 }))
        for attempt in [{ _ = try files.read("/dev/zero") }, { try files.copy("/dev/zero", to: "/dev/null") }] as [() throws -> Void] {
            if case .system(_, _, let code) = failure("system", "", attempt) { #expect(code == ECANCELED) }
        }
    }

    @Test(arguments: [(["ioctl", "copy_file_range"], ENOSPC, false), (["fsync", "syncfs"], EIO, false), (["ioctl", "copy_file_range", "write"], EOPNOTSUPP, false), (["ioctl", "copy_file_range", "read"], EOPNOTSUPP, true)])
    func aFailedCopyNamesTheSideThatFailed(_ refused: [String], _ code: Int32, _ isSource: Bool) throws {
        let faults = FaultyFileSystem()
        let files = Files(workingDirectory: folder.path, system: OperatingSystem(files: faults))
        try folder.write("x", to: "from/a.txt")
        faults.inject(.named(refused, code: code))
        failure("system", isSource ? "\"from/a.txt\"" : "\"a.txt\"") { try files.copy("from/a.txt", to: "a.txt") }
        failure("system", isSource ? "\"from/a.txt\"" : "path: \"to") { try files.copy("from", to: "to") }
        #expect(folder.everything() == ["from", "from/a.txt"])
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
