import CrateLanguage
import Testing

@testable import CrateCommands

@Suite("transaction, undo, verify, usage, gc")
struct StoreCommandTests {
    let bench: Workbench

    init() throws {
        bench = try Workbench()
        bench.run(#"setup "demo""#)
    }

    @Test func aTransactionCommitsOrLeavesNothing() {
        let shown = bench.shown(
            """
            let names = ["a", "b"]
            let total = 0
            transaction {
              for n in names { save text(n + ".txt"), n
                total += 1 }
              let inner = 5
              total += inner
            }
            print total, load(text("a.txt")), load(text("b.txt"))
            try { transaction { save text("a.txt"), "changed"; raise "stop" } } catch e { print e.message, load(text("a.txt")) }
            """)
        #expect(shown == "7 a b\nstop a\n")
    }

    @Test(arguments: [
        ("def f() { transaction { return 1 } }", "`return` can't leave the block of `transaction`"),
        ("for i in 0..<3 { transaction { break } }", "`break` can't leave the block of `transaction`"),
        ("transaction {", "this `{` is never closed"), ("transaction", "`transaction` needs `body`"), ("transaction 3", "must be a block"),
    ])
    func blocksEndWhereTheyEnd(_ text: String, _ message: String) throws {
        #expect(try #require(bench.failure(text)).message.contains(message))
    }

    @Test func loopsAndFunctionsInABlockAreTheirOwn() {
        #expect(bench.shown("transaction { for i in 0..<5 { if i == 2 { break } }\n def f() { return 4 }\n print f() }") == "4\n")
    }

    @Test func undoTellsWhatItDid() {
        #expect(bench.shown("save text(\"a.txt\"), \"one\"\nsave text(\"a.txt\"), \"two\"\nprint undo()[0][0:20]\nprint load(text(\"a.txt\"))") == "save of texts/a.txt \none\n")
        #expect(bench.failure("undo\nundo")?.kind == "not_found")
    }

    @Test func aResetCanBeTakenBack() {
        #expect(bench.shown("save text(\"a.txt\"), \"one\"\nreset confirm: true\nundo \"demo\"\nsetup \"demo\", start: \"last\"\nprint load(text(\"a.txt\"))") == "one\n")
        #expect(bench.output.reported.contains("will be freed by `gc`"))
    }

    @Test func verifyFailsWithAReport() {
        bench.run("save text(\"a.txt\"), \"one\"\nwrite_text(snapshot.path(\"text\", \"a.txt\"), \"two\")")
        #expect(bench.failure("verify")?.kind == "verify")
        #expect(bench.output.shown.contains("changed  snapshots/demo/v0/texts/a.txt"))
        #expect(bench.shown("print verify(output: \"value\").findings[0].problem") == "changed\n")
        #expect(bench.failure("load text(\"a.txt\"), verify: true")?.kind == "changed")
        #expect(bench.shown("verify adopt: true\nverify").contains("1 checked, 3 Bytes read, no differences"))
        for wrong in ["verify sample: 2", "verify sample: \"x%\"", "verify since: \"soon\"", "verify version: \"x\""] { #expect(bench.failure(wrong)?.kind == "value") }
        #expect(bench.shown("print verify(sample: \"50%\", since: \"1d\", output: \"value\").findings == []") == "true\n")
        #expect(bench.shown("print verify(\"demo\", since: \"2020-01-31 10:30\", version: 0, output: \"value\").checked") == "1\n")
    }

    @Test func gcPlansAndFrees() {
        bench.run("save text(\"a.txt\"), \"one\"\nsave text(\"a.txt\"), \"two\"")
        #expect(bench.shown("gc plan: true").contains("undo of the save of `texts/a.txt`"))
        #expect(bench.failure("gc")?.kind == "confirm")
        #expect(bench.shown("gc confirm: true").contains("3 Bytes freed"))
        #expect(bench.failure("undo")?.kind == "invalid")
        #expect(bench.failure("gc \"demo\", best: \"x\"")?.kind == "value")
        #expect(bench.failure("gc \"demo\", best: \"m.json:x\", best_count: 0")?.kind == "value")
        #expect(bench.failure("gc \"demo\", smallest: true")?.kind == "value")
    }

    @Test func nothingOutsideIsReachedInASandbox() throws {
        var configuration = SessionConfiguration(workingDirectory: bench.folder.path, environment: [:])
        configuration.isSandboxed = true
        let session = Session(configuration: configuration, output: bench.output)
        for text in [#"read_text("/etc/hostname")"#, #"write_text("../x", "")"#, #"copy("/etc/hostname", "x")"#, #"list_files("/")"#, #"exists("/etc")"#] {
            guard case .failed(let failure) = session.evaluate(Source(name: "t", text: text)) else { Issue.record("\(text) ran"); continue }
            #expect(failure.message.contains("outside of the project"))
        }
        guard case .finished = session.evaluate(Source(name: "t", text: #"setup "inside"; save text("a.txt"), "x""#)) else { Issue.record("refused inside"); return }
    }
}
