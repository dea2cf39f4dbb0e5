import CrateFormats
import CrateValues
import Foundation
import Testing

@testable import OpenCrate

/// Child processes: what they get, what comes back, and that none stays.
@Suite struct ProgramTests {
    private func start(_ name: String, _ arguments: [String], files: [OpenFile] = [], memory: Int = 1 << 40) throws -> PosixProgram {
        try #require(try PosixPrograms().start(ProgramCommand(name, arguments, files: files, package: name, memory: memory)) as? PosixProgram)
    }

    private func output(_ program: PosixProgram) throws -> String {
        var text: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        while case let count = try program.read(into: buffer), count > 0 { text += buffer.prefix(count) }
        return String(decoding: text, as: UTF8.self)
    }

    private func exists(_ id: pid_t) -> Bool { kill(id, 0) == 0 }

    @Test func inputGoesInAndOutputComesOut() throws {
        let program = try start("cat", [])
        let isTaken = try Array("hello".utf8).withUnsafeBytes { (bytes) throws(FormatError) in try program.write(bytes) }
        #expect(isTaken)
        let ending = try program.finish()
        #expect(try ending.status == 0 && ending.complaint.isEmpty && output(program) == "hello")
        #expect(!exists(program.id))
    }

    /// No shell, no glob, no option that was not meant: arguments arrive as they are.
    @Test func argumentsArriveAsTheyAre() throws {
        let words = ["a b", "$HOME", "*", "`id`", ";", "é"]
        #expect(try output(start("printf", ["%s\\n"] + words)) == words.map { $0 + "\n" }.joined())
    }

    @Test func theComplaintAndTheStatusAreKept() throws {
        let program = try start("sh", ["-c", "yes complaint | head -n 100000 >&2; exit 3"])
        let ending = try program.finish()
        #expect(ending.status == 3 && ending.complaint.count == 4096 && ending.complaint.starts(with: "complaint\n".utf8))
        #expect(try start("sh", ["-c", "kill -SEGV $$"]).finish().status == 139)
    }

    @Test func onlyTheGivenDescriptorsAreOpen() throws {
        let leaked = open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        let scratch = try PosixPrograms().scratchFile()
        let listed = try output(start("sh", ["-c", "echo content > /proc/self/fd/3; ls /proc/$$/fd"], files: [scratch]))
        // The shell keeps a copy of its script's descriptor nowhere.
        #expect(listed.split(separator: "\n").compactMap { Int($0) }.filter { $0 < 10 } == [0, 1, 2, 3])
        #expect(try scratch.contents().array == Array("content\n".utf8))
    }

    @Test func littleOfTheEnvironmentIsPassedOn() throws {
        let programs = PosixPrograms(environment: ["PATH": "/usr/bin:/bin", "HOME": "/h", "SECRET": "x", "FFREPORT": "file=x"])
        let program = try #require(try programs.start(ProgramCommand("env", [], package: "coreutils", memory: 1 << 40)) as? PosixProgram)
        #expect(try output(program).split(separator: "\n").sorted() == ["HOME=/h", "LC_ALL=C", "PATH=/usr/bin:/bin"])
    }

    @Test func aProgramThatNobodyHoldsIsGone() throws {
        var program: PosixProgram? = try start("sleep", ["1000"])
        let id = try #require(program?.id)
        #expect(exists(id))
        program = nil
        #expect(!exists(id))
    }

    @Test func aProgramThatDoesNotReadIsNoSignal() throws {
        let program = try start("true", [])
        let bytes = [UInt8](repeating: 0, count: 1 << 22)
        #expect(try bytes.withUnsafeBytes { (bytes) throws(FormatError) in try program.write(bytes) } == false)
        #expect(try program.finish().status == 0)
    }

    @Test func aStopEndsTheWaitingAndTheProgram() throws {
        let program = try PosixPrograms { true }.start(ProgramCommand("sleep", ["1000"], package: "coreutils", memory: 1 << 40))
        let id = try #require(program as? PosixProgram).id
        do { _ = try program.finish(); Issue.record("was not stopped") } catch { #expect(error.kind == .interrupted) }
        #expect(!exists(id))
    }

    @Test func memoryIsBounded() throws {
        let program = try start("sh", ["-c", "read line; ulimit -v"], memory: 123 << 20)
        _ = try [UInt8(0x0A)].withUnsafeBytes { (bytes) throws(FormatError) in try program.write(bytes) }
        #expect(try output(program) == "\(123 << 10)\n")
    }

    @Test func whatIsNotThereIsNamed() throws {
        for name in ["no-such-program", "../bin/sh"] {
            do { _ = try start(name, []); Issue.record("was started") } catch let error as FormatError {
                #expect(error.kind == .missingLibrary && error.hint == "apt-get install \(name)")
            }
        }
    }
}
