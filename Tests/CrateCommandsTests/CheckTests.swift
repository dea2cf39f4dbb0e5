import CrateLanguage
import Foundation
import Testing

@testable import CrateCommands

private func findings(_ text: String) throws -> [Finding] {
    let bench = try Workbench()
    return bench.session.findings(in: Source(name: "test.crate", text: text))
}

@Suite("The static check with the real definitions")
struct CheckTests {
    static let scripts: [URL] = ["examples", "Tests/Fixtures/scripts"].flatMap { folder in
        let root = checkout.appendingPathComponent(folder)
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".crate") }.sorted().map { root.appendingPathComponent($0) }
    }

    @Test(arguments: scripts)
    func scriptsAreClean(_ script: URL) throws {
        let found = try findings(String(contentsOf: script, encoding: .utf8)).filter { $0.severity == .error || !script.path.contains("/examples/tour/") }
        #expect(found.isEmpty, "\(found.map { $0.render(colour: false) }.joined(separator: "\n"))")
    }

    @Test(arguments: scripts.filter { $0.deletingLastPathComponent().lastPathComponent == "examples" })
    func examplesAreLaidOut(_ script: URL) throws {
        let text = try String(contentsOf: script, encoding: .utf8)
        #expect(try Workbench().session.formatted(Source(name: script.lastPathComponent, text: text)) == text)
    }

    /// The examples of the definitions run as tests elsewhere; the check must have nothing against them.
    @Test func examplesOfDefinitionsAreClean() throws {
        let bench = try Workbench()
        let catalogue = bench.session.catalogue
        let functions = (catalogue.commands + catalogue.functions).flatMap(\.functions)
        #expect(functions.count > 100)
        for function in functions {
            for example in function.examples {
                let found = bench.session.findings(in: Source(name: function.name, text: example)).filter { $0.severity == .error }
                #expect(found.isEmpty, "\(found.map { $0.render(colour: false) }.joined(separator: "\n"))")
            }
        }
    }

    /// And what is clean of errors binds: each example's errors of arguments would be found.
    @Test(arguments: [
        (#"let d = json("d.json"); save d, {a: 1}, indnt: 2"#, "invalid", "did you mean `indent:`?"),
        (#"save csv("t.csv"), {a: [1]}, delimeter: ";""#, "invalid", "did you mean `delimiter:`?"),
        (#"let d = json("d.json"); d.save({a: 1}, indnt: 2)"#, "invalid", "did you mean `indent:`?"),
        (#"let d = json("d.json"); print d.load(to: 3)"#, "type", nil),
        (#"print read("t.csv", delimeter: ";")"#, "invalid", "did you mean `delimiter:`?"),
        (#"print read("t.dat", kind: "csv", delimeter: ";")"#, "invalid", "did you mean `delimiter:`?"),
        (#"print read("t.dat", kind: "cvs")"#, "invalid", "did you mean \"csv\"?"),
        (#"write({a: [1]}, "t.csv", delimeter: ";")"#, "invalid", "did you mean `delimiter:`?"),
        (#"setup "a", start: "nwe""#, "value", "did you mean \"new\"?"), (#"setup "a", log_level: "inof""#, "value", "did you mean \"info\"?"),
        // What no function takes, whatever it is given else.
        ("print len(3)", "type", nil), ("print len(null)", "type", nil), ("print sort(1.5)", "type", nil), ("print keys([1])", "type", nil),
        (#"print zeros("a")"#, "type", nil), ("print zeros(1.5)", "type", nil), ("print ones({a: 1})", "type", nil), (#"print sin("x")"#, "type", nil),
        (#"print sum("abc")"#, "type", nil), ("print reshape([1, 2], \"2\")", "type", nil), ("def f() {}\nprint len(f)", "type", nil),
        ("print mean({a: 1})", "type", nil), ("print zip([1], 2)", "type", nil), (#"let n = "3"; print zeros(n)"#, "type", nil), (#"print join(3, ",")"#, "type", nil),
        (#"print zeros([2, -1])"#, "value", nil), ("print ones(-1)", "value", nil), ("print random([-3])", "value", nil), (#"setup "a", start: -5"#, "invalid", nil),
        (#"plot("a")"#, "type", nil), ("plot([1], 5)", "type", nil), ("histogram(null)", "type", nil), (#"bar(["a"], 3)"#, "type", nil),
        (#"help "svae""#, "name", "did you mean `save`?"),
        ("reset", "confirm", nil), ("reset confirm: false", "confirm", nil), (#"delete text("a.txt")"#, "confirm", nil),
        (#"text("a.txt").delete()"#, "confirm", nil), (#"let t = text("a.txt"); print t.exsts"#, "name", "did you mean `exists`?"),
        (#"let t = text("a.txt"); t.sav(1)"#, "name", "did you mean `save`?"), ("print snapshot.verion", "name", "did you mean `version`?"),
        (#"print snapshot.path("txt", "a")"#, "invalid", "did you mean \"text\"?"), (#"save "a.txt", 1"#, "type", nil), (#"tex("a")"#, "name", "did you mean `text`?"),
        (#"let t = text("a.txt"); print t.exists()"#, "type", "it is written without parentheses: `.exists`"), (#"let n = 3; print len([1], n)"#, "argument", nil), (#"read_text(text("a.txt"))"#, "type", nil),
        ("handler h { def save(v, deep = 1) {}\n def load() {} }\nsave h(\"x\"), 1, deeep: 2", "argument", "did you mean `deep:`?"),
        ("handler h { def save(v) {}\n def load() {} }\nlet b = h(\"x\")\nb.lod()", "name", "did you mean `load`?"),
    ] as [(String, String, String?)])
    func findsWrongUse(_ text: String, _ kind: String, _ hint: String?) throws {
        let errors = try findings(text).filter { $0.severity == .error }
        #expect(errors.map(\.failure.kind) == [kind], "\(text)")
        if let hint { #expect(errors.first?.failure.hint == hint, "\(text)") }
    }

    @Test(arguments: [
        #"reset confirm: true"#, #"let sure = len(args) > 0; reset confirm: sure"#, #"setup "a", start: 3"#, #"setup "a", start: "new", tag: null"#,
        #"let d = json("d.json"); d = csv("t.csv"); save d, {a: [1]}, delimiter: ";""#, #"def f(a) { save a, 1, anything: 2 }; f(json("x.json"))"#,
        #"for k in ["a", "b"] { print read("t", kind: k) }"#, "handler h { def save(v) { self.x = 1; print self.x }\n def load() {} }\nprint h(\"a\").x",
        #"inspect "m.pth", stats: true, limits: {nodes: 5}"#, #"inspect checkpoint("m.pth"), stats: true"#, #"let m = checkpoint("m.pth"); inspect m"#,
        #"print len("abc"), len({a: 1}), len(0..<3), len(zeros([2])), len(read("x.json"))"#, #"let x = 3; x = "abc"; print len(x)"#,
        "print zeros(3), zeros([2, 3]), sum([1, 2]), sum(0..<4), abs(-3), sin(true), mean(array([1]), null), clip([1], null, 3), random(), random(null)",
        #"print sort("cab"), sort({b: 1}), reversed(0..<3), enumerate("ab"), zip("ab", [1, 2]), head({a: 1}), keys(table({a: [1]})), keys({a: 1})"#,
        #"print max("a", "b"), min([1, "x"]), contains(snapshot, "x"), count("aa", "a"), full([2], true), where([true], 1, 2)"#,
        #"def f(x) { return len(x) + zeros(x) }; print f(3)"#,
        #"print reshape([1, 2], [-1]), zeros([0]), sum([[1]], axis: -1); setup "a", start: 0"#,
        #"plot([1], {a: [1]}); plot(0..<3); plot(array([1])); histogram({a: [1]}); bar({a: 1}); bar(["a"], [1])"#,
        #"help "save"; help save; help 3; help "arrays"; help "let"; let mine = 1; help "mine"; print mine; def own() {}; help "own""#,
        #"print args[0], pi, inf, nan, seed, snapshot.version"#, #"let x = zeros([3]); print x.shape, x.anything"#,
    ])
    func hasNothingAgainst(_ text: String) throws {
        let errors = try findings(text).filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.map { $0.render(colour: false) }.joined(separator: "\n"))")
    }

    /// The check's words are those of the failure at run time.
    @Test(arguments: ["len([1], 2)", "load", #"setup "a", start: "nwe""#, #"setup 3"#, "exit \"x\"", "prnt 1", "print rat", "rat(1)", "def f(a) {}\nf(1, b: 2)", "def f(a) {}\nf()"])
    func speaksAsTheRunDoes(_ text: String) throws {
        let bench = try Workbench()
        let found = try #require(bench.session.findings(in: Source(name: "test.crate", text: text)).first { $0.severity == .error }).failure
        let failure = try #require(bench.failure(text))
        #expect(found.kind == failure.kind)
        #expect(found.message == failure.message)
    }

    @Test func jsonHasEveryField() throws {
        let text = findingsJSON(try findings("print rat\nlet rate = 1"))
        let report = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(report["errors"] as? Int == 1)
        #expect(report["warnings"] as? Int == 1)
        let first = try #require((report["findings"] as? [[String: Any]])?.first)
        #expect(Set(first.keys) == ["file", "line", "column", "end_line", "end_column", "severity", "kind", "message", "hint"])
        #expect(first["line"] as? Int == 1 && first["column"] as? Int == 7 && first["end_column"] as? Int == 10)
        #expect(first["severity"] as? String == "error" && first["kind"] as? String == "name" && first["file"] as? String == "test.crate")
        #expect(first["message"] as? String == "unknown name `rat`" && first["hint"] as? String == "did you mean `rate`?")
    }
}
