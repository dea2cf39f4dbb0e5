import CrateLanguage
import Foundation
import Testing

@testable import CrateCommands

@Suite("Commands")
struct CommandTests {
    @Test("a command at the end gives its value, as the prompt and the command line show it")
    func commandsGiveValues() throws {
        let bench = try Workbench()
        guard case .finished(let snapshot?) = bench.run(#"setup "run", tag: "one""#) else { throw Absent() }
        #expect(bench.session.render(snapshot) == "snapshot run v0:one at snapshots/run/v0:one")
        guard case .finished(let tags?) = bench.run("list_tags") else { throw Absent() }
        #expect(bench.session.render(tags) == #"["one"]"#)
        guard case .finished(let saved?) = bench.run(#"save text("a.txt"), "x""#) else { throw Absent() }
        #expect(bench.session.render(saved) == "null")
    }

    private struct Absent: Error {}

    @Test("the prompt shows tables and arrays whole, and text in quotes")
    func rendering() throws {
        let bench = try Workbench()
        guard case .finished(let table?) = bench.run("table({a: [1, 2]})") else { throw Absent() }
        #expect(bench.session.render(table) == "   a\n0  1\n1  2")
        guard case .finished(let text?) = bench.run(#""1""#) else { throw Absent() }
        #expect(bench.session.render(text) == #""1""#)
    }

    @Test("resuming a number under a tag it does not have warns and names the folder that is there")
    func strayTags() throws {
        let bench = try Workbench()
        bench.run(#"setup "run", tag: "base""#)
        bench.run(#"setup "run", start: "last""#)
        #expect(bench.output.reported.contains("WARNING   'v0' is new and empty; the same number is there as 'v0:base'"))
        bench.output.reported = ""
        bench.run(#"setup "run", start: "last", tag: "base"; setup "run"; setup "run", start: 1"#)
        #expect(bench.output.reported.isEmpty)
    }

    @Test("what ended a run stands in its log, once, with its place")
    func failuresAreKept() throws {
        let bench = try Workbench()
        bench.run("setup \"run\"\ninfo \"begin\"\nlet x = [1][5]")
        let log = try String(contentsOf: bench.folder.appendingPathComponent("snapshots/run/v0/run.log"), encoding: .utf8)
        #expect(log.contains(" - ERROR    test.crate:3:"))
        #expect(!bench.output.reported.contains("ERROR"))
    }

    @Test("samples without a rate are refused, and nothing is written")
    func soundNeedsItsRate() throws {
        let bench = try Workbench()
        let failure = bench.failure(#"setup "run"; save audio("a.wav"), int16([1, 2])"#)
        #expect(failure?.kind == "unrepresentable" && failure?.hint?.contains("sample_rate") == true)
        #expect(bench.shown(#"print audio("a.wav").exists"#) == "false\n")
    }

    @Test("arrays and rows survive CSV without losing their first row")
    func arraysInCSV() throws {
        let bench = try Workbench()
        #expect(bench.shown(#"write(array([[1, 2], [3, 4]]), "m.csv"); print len(read("m.csv")), read_text("m.csv")"#) == "2 column_0,column_1\n1,2\n3,4\n\n")
        #expect(bench.shown(#"write([["id", "n"], ["a", 1]], "r.csv"); print read("r.csv")[0]"#) == "{\"id\": \"a\", \"n\": 1}\n")
    }

    @Test("help of a kind lists its options, and of a constant its meaning")
    func helpOfKinds() throws {
        let bench = try Workbench()
        #expect(bench.shown(#"help "csv""#).contains("delimiter:"))
        #expect(bench.shown(#"help "seed""#).contains("--seed"))
    }

    @Test("a long write stops when asked to, leaves the old file and no other")
    func interruptedWrites() throws {
        let bench = try Workbench()
        bench.run(#"setup "run"; save file("f.bin"), "old""#)
        let interruption = bench.session.configuration.interruption
        // The wish comes before the first chunk of the next write.
        let source = Source(name: "test.crate", text: #"save file("f.bin"), "new""#)
        interruption.raise()
        guard case .failed(let failure) = bench.session.evaluate(source) else { throw Absent() }
        #expect(failure.kind == "interrupted")
        let files = try FileManager.default.contentsOfDirectory(atPath: bench.folder.appendingPathComponent("snapshots/run/v0/files").path)
        #expect(files == ["f.bin"])
        #expect(bench.shown(#"print load(file("f.bin")).decode()"#) == "old\n")
    }

    @Test("a wish to stop outlives work that ignores its own failure")
    func interruptedCleaning() throws {
        let bench = try Workbench()
        let interruption = bench.session.configuration.interruption
        interruption.raise()
        #expect(interruption.passOn())
        #expect(!interruption.passOn())
        guard case .failed(let failure) = bench.session.evaluate(Source(name: "test.crate", text: "for i in 0..<3 {}")) else { throw Absent() }
        #expect(failure.kind == "interrupted")
        // It is done with once it was told.
        #expect(bench.shown("for i in 0..<3 { print i }") == "0\n1\n2\n")
    }

    @Test("a write that was interrupted leaves the cleaning up to run")
    func interruptedThenCleaned() throws {
        let bench = try Workbench()
        bench.run(#"setup "run"; save file("f.bin"), "old""#)
        bench.session.configuration.interruption.raise()
        let source = Source(name: "test.crate", text: #"try { save file("f.bin"), "new" } finally { for i in 0..<2 { print "cleaned", i } }"#)
        guard case .failed(let failure) = bench.session.evaluate(source) else { throw Absent() }
        #expect(failure.kind == "interrupted")
        #expect(bench.output.shown == "cleaned 0\ncleaned 1\n")
    }

    @Test("habits from Python get a hint")
    func pythonHabits() throws {
        let bench = try Workbench()
        #expect(bench.failure("print True")?.hint?.contains("true") == true)
        #expect(bench.failure(#"plot([1], title="x")"#)?.hint?.contains("title: …") == true)
    }
}
