import Foundation
import Testing

@Suite("Interrupts and readers that go away")
struct InterruptionTests {
    /// Reads from a pipe until `text` was seen.
    private func wait(for text: String, from descriptor: Int32) throws {
        var seen = ""
        while !seen.contains(text) {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&waiting, 1, 20_000) > 0, "nothing came; seen so far: \(seen)")
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            try #require(count > 0, "ended early; seen so far: \(seen)")
            seen += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    private func pipeEnds() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    @Test func anInterruptedScriptEndsWith130AndLeavesNothingHalfWritten() throws {
        let folder = try Folder()
        try folder.write("job.crate", """
            setup "job", start: "new"
            let model = checkpoint("model.pth")
            let state = {"w": zeros([400, 500])}
            save model, state
            error "saving now"
            for i in 0..<100000 { save model, state }
            """)
        let (reading, writing) = try pipeEnds()
        defer { close(reading) }
        let child = try ChildProcess(Program.path(), ["job.crate"], environment: [:], folder: folder.path, errors: writing)
        try wait(for: "saving now", from: reading)
        kill(child.id, SIGINT)
        #expect(child.wait() == 130)
        let files = folder.files().filter { $0.contains("checkpoints/") }
        #expect(files == ["snapshots/job/v0/checkpoints/model.pth"])
        let check = try Program.run(["-c", "print read(\"snapshots/job/v0/checkpoints/model.pth\").w.shape"], in: folder)
        #expect(check.output == "[400, 500]\n")
    }

    @Test(arguments: [
        "while true {}", "for i in 0..<1000000000000 {}", "def f() { return g() }\ndef g() { return 1 }\nwhile true { f() }",
    ])
    func everyLoopCanBeInterrupted(loop: String) throws {
        let folder = try Folder()
        try folder.write("job.crate", "setup \"job\"\nerror \"ready\"\n" + loop)
        let (reading, writing) = try pipeEnds()
        defer { close(reading) }
        let child = try ChildProcess(Program.path(), ["job.crate"], environment: [:], folder: folder.path, errors: writing)
        try wait(for: "ready", from: reading)
        kill(child.id, SIGINT)
        #expect(child.wait() == 130)
    }

    /// The processes that `parent` has started and that are still there, gone or not waited for.
    private func children(of parent: pid_t) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard let status = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8), let end = status.lastIndex(of: ")") else { return false }
            return status[end...].split(separator: " ").dropFirst(2).first == "\(parent)"
        }
    }

    /// A script beside a video of a second, which says when it is ready.
    private func startOnVideo(_ script: String, in folder: Folder, errors: Int32) throws -> ChildProcess {
        let made = try Program.run(["-c", "write([zeros([48, 64], dtype: \"uint8\") for i in 0..<2000], \"a.mp4\")"], in: folder)
        try #require(made.status == 0, "\(made.errors)")
        try folder.write("job.crate", "setup \"job\"\n" + script)
        return try ChildProcess(Program.path(), ["job.crate"], environment: [:], folder: folder.path, errors: errors)
    }

    /// A loop that is left early, a frame alone, and a video that nobody holds any more leave no process.
    @Test(arguments: [
        "for frame in read(\"a.mp4\") { break }", "let v = read(\"a.mp4\")\nfor frame in v { break }", "let v = read(\"a.mp4\")\nlet f = v[3]",
        "let v = read(\"a.mp4\")\nlet f = v[0]\nf = v[1]\nf = v[2]\nv = null",
        "def f() { for frame in read(\"a.mp4\") { return frame } }\nf()",
        "def f() { for frame in read(\"a.mp4\") { raise \"enough\" } }\ntry { f() } catch e { }",
    ])
    func whatReadsAVideoEndsWithItsReader(_ reading: String) throws {
        let folder = try Folder()
        let (reader, writer) = try pipeEnds()
        defer { close(reader) }
        let child = try startOnVideo(reading + "\nerror \"ready\"\nwhile true {}", in: folder, errors: writer)
        try wait(for: "ready", from: reader)
        #expect(try children(of: child.id) == [])
        kill(child.id, SIGINT)
        #expect(child.wait() == 130)
    }

    @Test func anInterruptedVideoLeavesNoProcess() throws {
        let folder = try Folder()
        let (reader, writer) = try pipeEnds()
        defer { close(reader) }
        let child = try startOnVideo("let v = read(\"a.mp4\")\nerror \"ready\"\nwhile true { for frame in v {} }", in: folder, errors: writer)
        try wait(for: "ready", from: reader)
        kill(child.id, SIGINT)
        #expect(child.wait() == 130)
        #expect(folder.files().contains("a.mp4"))
    }

    @Test func aReaderThatGoesAwayEndsTheProgramQuietly() throws {
        let folder = try Folder()
        let (reading, writing) = try pipeEnds()
        let child = try ChildProcess(
            Program.path(), ["-c", "while true { print \"again\" }"], environment: [:], folder: nil, output: writing,
            errors: try folder.open("err", O_WRONLY | O_CREAT))
        try wait(for: "again", from: reading)
        close(reading)
        #expect(child.wait() == 141)
        #expect(try folder.read("err") == "")
    }

    @Test func outputThatCannotBeWrittenIsAFailure() throws {
        let folder = try Folder()
        let child = try ChildProcess(
            Program.path(), ["-c", "print 1"], environment: [:], folder: nil, output: open("/dev/full", O_WRONLY | O_CLOEXEC),
            errors: try folder.open("err", O_WRONLY | O_CREAT))
        #expect(child.wait() == 1)
        #expect(try folder.read("err") == "crate: can't write standard output: No space left on device\n")
    }

    @Test func closedStreamsAreNotMistakenForFiles() throws {
        let folder = try Folder()
        try folder.write("job.crate", "write_text(\"a.txt\", \"kept\")\nprint \"lost\"\nraise \"lost too\"\n")
        let program = try Program.path()
        let done = try Program.run(path: "/bin/sh", ["-c", "exec \"$0\" job.crate <&- >&- 2>&-", program], in: folder)
        #expect(done.status == 1)
        #expect(try folder.read("a.txt") == "kept")
        #expect(folder.files() == ["a.txt", "job.crate"])
    }
}
