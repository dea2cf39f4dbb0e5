import CrateLanguage
import Testing

@testable import CrateCommands

@Suite("Limits as an option")
struct LimitOptionTests {
    private let bench: Workbench
    init() throws { bench = try Workbench() }

    @Test func `a limit is raised or lowered for one read`() throws {
        bench.run(#"write(zeros([30, 30], dtype: "uint8"), "p.png"); let t = ""; for i in 0..<600 { t = t + "[" }; for i in 0..<600 { t = t + "]" }; write_text("deep.json", t)"#)
        let failure = bench.failure(#"read("deep.json")"#)
        #expect(failure?.kind == "limit" && failure?.hint?.contains("limits:") == true)
        #expect(bench.shown(#"print len(read("deep.json", limits: {depth: 700}))"#) == "1\n")
        #expect(bench.failure(#"read("p.png", limits: {pixels: 100})"#)?.kind == "limit")
        bench.run(#"setup "run"; let p = image("p.png"); save p, from: "p.png""#)
        #expect(bench.failure("load p, limits: {pixels: 100}")?.kind == "limit")
    }

    @Test func `the deepest nesting that can be asked for is read and let go`() throws {
        bench.run(#"let t = ""; for i in 0..<2000 { t = t + "[" }; for i in 0..<2000 { t = t + "]" }; write_text("d.json", t); write_text("d.yaml", t)"#)
        #expect(bench.shown(#"print len(read("d.json", limits: {depth: 2000})), len(read("d.yaml", limits: {depth: 2000}))"#) == "1 1\n")
    }

    @Test(arguments: ["{depth: 2001}", "{depth: 0}", "{colour: 3}", "3", "{pixels: 9223372036854775807}", "{nodes: 1.5}"])
    func `limits that make no sense are refused`(limits: String) throws {
        bench.run(#"write([1], "a.json")"#)
        #expect(bench.failure(#"read("a.json", limits: \#(limits))"#)?.kind == "invalid")
    }
}
