import Foundation
import Glibc
import Testing

@Suite("Many processes and killed ones")
struct StoreProcessTests {
    @Test func sixtyFourProcessesGetSixtyFourVersions() throws {
        let folder = try Folder()
        let program = try Program.path()
        let children = try (0..<64).map { number in
            try ChildProcess(program, ["-c", "setup \"x\", start: \"new\"\nsave text(\"a.txt\"), \"\(number)\""], environment: [:], folder: folder.path)
        }
        for child in children { #expect(child.wait() == 0) }
        let versions = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/snapshots/x")
        #expect(Set(versions) == Set((0..<64).map { "v\($0)" }))
        let contents = try versions.map { try folder.read("snapshots/x/\($0)/texts/a.txt") }
        #expect(Set(contents).count == 64)
        #expect(try Program.run(["verify"], in: folder).status == 0)
    }

    @Test func writersOfOneArtifactTakeTurns() throws {
        let folder = try Folder()
        #expect(try Program.run(["-c", "setup \"x\""], in: folder).status == 0)
        let program = try Program.path()
        let children = try (0..<16).map { number in
            try ChildProcess(
                program, ["-c", "setup \"x\", start: 0\nfor i in 0..<5 { save text(\"a.txt\"), \"\(number) \" + str(i)\n load(text(\"a.txt\")) }"], environment: [:],
                folder: folder.path)
        }
        for child in children { #expect(child.wait() == 0) }
        let lines = try folder.read(".opencrate/store/versions/x/v0/journal.jsonl").split(separator: "\n")
        #expect(lines.count == 80)
        #expect(try Program.run(["verify"], in: folder).status == 0)
        #expect(try !folder.read("snapshots/x/v0/x.history.log").contains("WARNING"))
    }

    @Test func undosAtOnceTakeBackOneEach() throws {
        let folder = try Folder()
        #expect(try Program.run(["-c", "setup \"x\"\nfor i in 0..<9 { save text(\"a.txt\"), str(i) }"], in: folder).status == 0)
        let program = try Program.path()
        let children = try (0..<8).map { _ in try ChildProcess(program, ["-c", "setup \"x\", start: 0\nundo"], environment: [:], folder: folder.path) }
        for child in children { #expect(child.wait() == 0) }
        #expect(try folder.read("snapshots/x/v0/texts/a.txt") == "0")
        #expect(try Program.run(["verify"], in: folder).status == 0)
    }

    /// `CRATE_KILLS` says how often.
    @Test func killedWritersLoseNothingThatWasAcknowledged() throws {
        let folder = try Folder()
        let rounds = ProcessInfo.processInfo.environment["CRATE_KILLS"].flatMap { Int($0) } ?? 6
        let program = try Program.path()
        // Each number is written down when its transaction is done.
        let script = "setup \"x\", start: 0, durability: \"fast\"\nlet i = 0\nwhile i < 20000 { transaction { save text(\"a.txt\"), str(i)\n save text(\"b.txt\"), str(i) }\n write_text(\"done\", str(i))\n i = i + 1 }"
        for round in 0..<rounds {
            _ = try Program.run(["-c", "remove(\"done\", missing: \"ok\")"], in: folder)
            let child = try ChildProcess(program, ["-c", script], environment: [:], folder: folder.path)
            func done() -> Int { (try? folder.read("done")).flatMap { Int($0) } ?? -1 }
            // Killed when it has said that so many are done, wherever it then is.
            while done() < round % 20 * 3 { sched_yield() }
            kill(child.id, SIGKILL)
            _ = child.wait()
            let acknowledged = done()
            let found = try Program.run(["-c", "setup \"x\", start: 0\nprint load(text(\"a.txt\"), verify: true), load(text(\"b.txt\"), verify: true)"], in: folder)
            let numbers = found.output.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .newlines)) }
            #expect(numbers.count == 2 && numbers[0] == numbers[1] && numbers[0] >= acknowledged, "\(found)")
            #expect(try Program.run(["verify"], in: folder).status == 0)
        }
    }
}

/// `gc` with rules beside a process that has set up a version.
@Suite("gc beside a process at work")
struct CollectionBesideProcessTests {
    /// Sets up a version, saves, and waits until somebody writes to the pipe; then it saves again.
    private func worker(_ folder: Folder) throws -> ChildProcess {
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        for _ in 0..<3 { #expect(try Program.run(["-c", "setup \"x\"; save text(\"a.txt\"), \"old\""], in: folder).status == 0) }
        let script = "setup \"x\", start: 1; save text(\"a.txt\"), \"mine\"; write_text(\"ready\", \"x\"); read_text(\"pipe\"); save text(\"b.txt\"), \"mine too\""
        let child = try ChildProcess(try Program.path(), ["-c", script], environment: [:], folder: folder.path)
        while (try? folder.read("ready")) != "x" { sched_yield() }
        return child
    }

    private func versions(_ folder: Folder) throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/snapshots/x")) }

    @Test func aVersionThatALivingProcessHasSetUpStays() throws {
        let folder = try Folder()
        let child = try worker(folder)
        let plan = try Program.run(["-c", "gc \"x\", keep_last: 1, plan: true"], in: folder)
        #expect(plan.output.contains("`snapshots/x/v1` stays: process \(child.id) on ") && !plan.output.contains("the version v1"), "\(plan)")
        let values = try Program.run(["-c", "for row in gc(\"x\", keep_last: 1, confirm: true, output: \"value\") { print row.path, row.held != null }"], in: folder)
        #expect(values.output.contains("snapshots/x/v1 true") && values.output.contains("snapshots/x/v0 false"), "\(values)")
        #expect(try versions(folder) == ["v1", "v2"])
        try folder.write("pipe", "go")
        #expect(child.wait() == 0)
        #expect(try folder.read("snapshots/x/v1/texts/b.txt") == "mine too")
        #expect(try Program.run(["verify"], in: folder).status == 0)
        #expect(try Program.run(["-c", "gc \"x\", keep_last: 1, confirm: true"], in: folder).status == 0)
        #expect(try versions(folder) == ["v2"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.opencrate/store/open").isEmpty)
    }

    @Test func thatOfAKilledProcessGoes() throws {
        let folder = try Folder()
        let child = try worker(folder)
        kill(child.id, SIGKILL)
        _ = child.wait()
        let found = try Program.run(["-c", "gc \"x\", keep_last: 1, confirm: true"], in: folder)
        #expect(found.status == 0 && !found.output.contains("stays"), "\(found)")
        #expect(try versions(folder) == ["v2"])
    }
}
