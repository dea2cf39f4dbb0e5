import Testing

@testable import CrateLanguage

private func findings(_ text: String) -> [Finding] { Checker.findings(in: Source(name: "t.crate", text: text), host: TestHost()) }

/// `severity kind line:column`, each.
private func marks(_ text: String) -> [String] {
    findings(text).map { finding in
        let position = finding.failure.location?.position
        return "\(finding.severity) \(finding.failure.kind) \(position?.line ?? 0):\(position?.column ?? 0)"
    }
}

@Suite struct CheckerTests {
    /// Programs that run to their end have no errors, whatever they try on the way.
    @Test(arguments: Fixture.all.filter { $0.comments("error").isEmpty })
    func whatRunsHasNoErrors(_ fixture: Fixture) {
        let errors = findings(fixture.text).filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.map { $0.render(colour: false) }.joined(separator: "\n"))")
    }

    /// What fails by its syntax or an unknown name is found at the very place where it fails.
    @Test(arguments: Fixture.all.filter { fixture in ["syntax ", "name "].contains { fixture.comments("error").first?.hasPrefix($0) == true } })
    func findsWhatFails(_ fixture: Fixture) {
        let expected = fixture.comments("error").first.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } ?? ""
        #expect(marks(fixture.text).contains("error \(expected)"), "got \(marks(fixture.text))")
    }

    @Test(arguments: [
        // Names.
        ("print rat", ["error name 1:7"]), ("rat = 1", ["error name 1:1"]), ("rat(1)", ["error name 1:1"]), ("prnt 1", ["error name 1:1"]),
        ("print a\nlet a = 1", ["error name 1:7"]), ("def f() { return a }\nlet a = 1\nprint f()", []), ("let a = a\nprint a", ["error name 1:9"]),
        ("setup demo", ["error name 1:7"]), ("pi = 3", ["error name 1:1"]), ("print self", ["error syntax 1:7"]),
        ("let a = 1\nlet a = 2\nprint a", ["error syntax 2:5"]),
        // Operations.
        ("print \"a\" + 1", ["error type 1:7"]), ("let x = 1 - \"b\"\nprint x", ["error type 1:9"]), ("let a = [1]\nprint a < 2", ["error type 2:7"]),
        ("try { print {a: 1} * 2 } catch e { print e.kind }", []), ("print \"a\" * 3, [1] + [2], 1 + 2.5, 1 == \"a\"", []),
        // Conditions, loops, signs, indices.
        ("if 1 {}", ["error type 1:4"]), ("if true {} else if \"\" {}", ["error type 1:20"]), ("while 5 {}", ["error type 1:7"]), ("print not 5", ["error type 1:11"]),
        ("print 5 and true", ["error type 1:7"]), ("print true and 5", []), ("for x in 5 { print x }", ["error type 1:10"]), ("print [x for x in null]", ["error type 1:19"]),
        ("print [x for x in [1] if x if 5]", ["error syntax 1:28"]), ("print [x for x in [1] if 5]", ["error type 1:26"]), ("print -\"a\"", ["error type 1:7"]), ("let s = \"a\"\nprint -s", ["error type 2:7"]),
        ("print \"abc\"[1.5]", ["error type 1:7"]), ("print [1, 2][\"a\"]", ["error type 1:7"]), ("print {a: 1}[[1]]", ["error type 1:7"]), ("print 5[0]", ["error type 1:7"]),
        ("print \"abc\"[\"a\":2]", ["error type 1:7"]), ("print {a: 1}[1:2]", ["error type 1:7"]), ("print [1][::0]", ["error value 1:7"]),
        ("try { print -\"a\" } catch { }", ["warning type 1:13"]),
        ("let x = 5\nx = true\nif x {}", []), ("def f(x) { if x { return -x }\nfor y in x { print x[y] } }\nf(1)", []), ("if true and not false {}\nwhile true { break }", []),
        ("for c in \"ab\" { print c }\nfor i, k in {a: 1} { print i, k }\nfor i in 0..<3 { print i }\nfor x in grid(1, 1) { print x }", []),
        ("print [1][0], [1][-1], [1][5:], \"a\"[0:1:1], {a: 1}[\"b\"], {a: 1}[1.5], (0..<3)[1], [1][null:], -1, -1.5, -grid(1, 1)", []),
        // Dicts.
        ("print {a: 1, b: 2, \"a\": 3}", ["warning duplicate 1:20"]), ("print {1: 1, \"1\": 2, 1: 3}", ["warning duplicate 1:22"]), ("let a = 1\nprint {\"\\(a)\": 1, a: 2}", []),
        // Directives of lessons.
        ("#!exercize\nprint 1\n  #!chek", ["warning directive 1:1", "warning directive 3:3"]), ("#!/usr/bin/env crate\nprint 1 #!x\n#! x\nprint \"\"\"\n#!x\n\"\"\"", []),
        ("#!exercise\n#!check\n#!seed 7", []), ("#!seed x\n#!exercise now", ["warning directive 1:1", "warning directive 2:1"]),
        // What is no mistake.
        ("for i, x in [1] { print i }", []), ("print [x for x in [1] if x > 0], [k for k, v in {a: 1}]", []), ("try { print 1 } catch e { print e.kind }", []),
        ("let d = {a: 1}\nprint d.anything, d.get(\"x\")", []), ("def f(a) { def g() { return a }; return g }\nprint f(1)()", []),
        ("handler h { def save(v) { self.n = v; self.other() }\n def load() { return self.n } }\nprint h(\"x\")", []),
        ("let n = 0\ndef up() { n = n + 1 }\nup()", []), ("let _n = 0", []), ("def unused() {}", []), ("let f = print\nf(1)", []),
        // Arguments.
        ("len()", ["error argument 1:1"]), ("len(1, 2)", ["error argument 1:8"]), ("range(\"a\")", ["error type 1:7"]), ("exit 1.5", ["error type 1:6"]),
        ("setup \"a\", start: \"nwe\"", ["error value 1:19"]), ("setup \"a\", stat: \"new\"", ["error argument 1:12"]), ("setup", ["error argument 1:1"]),
        ("let s = \"new\"\nsetup \"a\", start: s", []), ("let s = \"x\"\nsetup \"a\", start: \"\\(s)\"", []), ("let s = 3\ns = \"x\"\nsetup s", []),
        ("let s = 3\nsetup s", ["error type 2:7"]), ("def f(a, b = 1) {}\nf(); f(1, 2, 3); f(1, c: 2); f(1, a: 2); f(b: 2, a: 1)", [
            "error argument 2:1", "error argument 2:14", "error argument 2:23", "error argument 2:35",
        ]),
        ("def f(a) {}\nlet g = f\ng()", []), ("let n = 3\nn(1)", ["error type 2:1"]), ("range(-1)\nexit null", []), ("join([x for x in [1]], 3)", ["error type 1:24"]),
        // In a `try` that catches, it may be meant.
        ("try { len() } catch { }", ["warning argument 1:7"]), ("try { len() } finally { }", ["error argument 1:7"]), ("try { } catch { len() }", ["error argument 1:17"]),
        ("try { let r = 1 / 0 } catch { }", []),
        // Unused, hidden, unreachable, and commands' names.
        ("let a = 1", ["warning unused 1:5"]), ("let a = 1\na = 2", ["warning unused 1:5"]), ("def f() { def g() {} }", ["warning unused 1:15"]),
        ("let a = 1\nif true { let a = 2; print a }\nprint a", ["warning shadowed 2:15"]), ("let a = 1\ndef f() { let a = 2; return a }\nprint a, f()", []),
        ("for i in [1] { for i in [2] { print i } }", ["warning shadowed 1:20"]), ("let note = 1\nprint note", ["warning verb_name 1:5"]),
        ("def f() { return 1; print 2; print 3 }", ["warning unreachable 1:21"]), ("while true { break; print 1 }", ["warning unreachable 1:21"]),
        ("def f(a) { if a { return 1 } else { return 2 }\n print 3 }", ["warning unreachable 2:2"]), ("def f(a) { if a { return 1 }\n print 3 }", []),
        ("def f() { try { return 1 } catch { print 2 }\n print 3 }", []), ("def f() { try { return 1 } finally { print 2 }\n print 3 }", ["warning unreachable 2:2"]),
        // Fields of a caught error.
        ("try { print 1 } catch e { print e.mesage }", ["error name 1:35"]),
        // Said to be meant.
        ("print rat # check: ignore", []), ("print rat\n#~ name", []), ("print rat\n#~ type", ["error name 1:7"]), ("print rat\nprint 1\n#= 1\nprint 2\n#~ name", ["error name 1:7"]), ("let =\n#~ syntax", []), ("print rat #~ name\nprint rat", ["error name 2:7"]),
    ] as [(String, [String])])
    func finds(_ text: String, _ expected: [String]) { #expect(marks(text) == expected, "\(text)") }

    @Test(arguments: ["if true {\n", "for i in [1] {\n", "while true {\n", "def f() {\n", "try {\n"])
    func whatIsNestedTooDeeplyIsToldOnce(opening: String) {
        let text = String(repeating: opening, count: 250) + "print 1\n" + String(repeating: "}\n", count: 250)
        #expect(findings(text).map(\.failure.message) == ["this is nested too deeply"])
        let before = marks("let = 1\n" + text)
        #expect(before.count == 2 && before.first == "error syntax 1:5")
        #expect(findings("print " + String(repeating: "[", count: 250) + String(repeating: "]", count: 250)).map(\.failure.message) == ["this is nested too deeply"])
    }

    /// What a file of DOS says is what it says with the line ends of Unix.
    @Test(arguments: ["print rat # check: ignore\nprint rat\n", "1 / 0\n#~ division_by_zero\nprint rat\n#~ name\n", "#!exercise\n#!chek\n", "let a = 1 # x\n"])
    func lineEndsOfDOSChangeNothing(text: String) { #expect(marks(text.replacing("\n", with: "\r\n")) == marks(text)) }

    /// Each mistake once, and what stands after it is read as if it were not there.
    @Test(arguments: [
        ("print (1 + 2\nlet a = 1\nprint a\nprint rat", ["error syntax 2:1", "error name 4:7"]),
        ("print [1, 2\nprint rat", ["error syntax 2:1"]),
        ("if a = 1 {\n  print rat\n}\nprint )", ["error syntax 1:6", "error name 2:9", "error syntax 4:7"]),
        ("let = 1\nlet = 2\nprint 1", ["error syntax 1:5", "error syntax 2:5"]),
        ("let a = \nprint a", ["error syntax 2:7"]),
        ("let a = 1 +* 2\nprint a", ["error syntax 1:12"]),
        ("print \"open\nprint rat", ["error syntax 1:7", "error name 2:7"]),
        ("print 'open\nprint rat", ["error syntax 1:7", "error name 2:7"]),
        ("print \"a \\q \\(rat)\"\nprint rat", ["error syntax 1:10", "error name 2:7"]),
        ("print 1 $ 2, 12ab\nprint rat", ["error syntax 1:9", "error name 2:7"]),
        ("def f( {\n  return 1\n}\nprint rat", ["error syntax 1:8", "error name 4:7"]),
        ("def f() {\n  print (1\n}\nprint rat", ["error syntax 3:1", "error name 4:7"]),
        ("}\nprint rat", ["error syntax 1:1", "error name 2:7"]),
        ("while true {\n  print 1", ["error syntax 1:12"]),
        ("for x of [1] { print x; break }\nprint rat", ["error syntax 1:7", "error name 2:7"]),
        ("save \"m\", {\n  a: 1\n  b: 2\n}\nprint rat", ["error syntax 3:3", "error name 5:7"]),
        ("let a = 5 5\nprint a", ["error syntax 1:11"]), ("save \"m\" {a: 1}\nlet n = 3\nprint n 1\nsetup n", ["error syntax 1:10", "error syntax 3:9", "error type 4:7"]),
        ("import numpy", ["error name 1:1"]),
        ("return 1\nbreak", ["error syntax 1:1", "error syntax 2:1"]),
        ("print \"\"\"\nopen", ["error syntax 1:7"]),
        ("else {\n print rat }", ["error syntax 1:1", "error name 2:8"]),
    ] as [(String, [String])])
    func goesOnAfterMistakes(_ text: String, _ expected: [String]) { #expect(marks(text) == expected, "\(text)") }

    /// Programs cut, doubled and shuffled at random: nothing to find in particular, but an end, and places inside the text.
    @Test(arguments: Fixture.all)
    func survivesAnything(_ fixture: Fixture) {
        var random = SplitMix(state: UInt64(fixture.text.utf8.count) &* 97)
        let bytes = Array(fixture.text.utf8)
        for _ in 0..<60 {
            var changed = bytes
            for _ in 0...Int(random.next() % 4) where !changed.isEmpty {
                let start = Int(random.next() % UInt64(changed.count))
                let end = min(changed.count, start + Int(random.next() % 12))
                switch random.next() % 3 {
                case 0: changed.removeSubrange(start..<end)
                case 1: changed.insert(contentsOf: bytes[min(start, bytes.count)..<min(end, bytes.count)], at: Int(random.next() % UInt64(changed.count)))
                default: changed[start] = Array("(){}[]\"'\\,;:.#\n$=-".utf8)[Int(random.next() % 18)]
                }
            }
            let text = String(decoding: changed, as: UTF8.self)
            let found = findings(text)
            #expect(found.allSatisfy { ($0.failure.location?.span.start ?? 0) <= text.utf8.count })
            // The strict parser and this one agree on whether there is a mistake.
            let fails = (try? Parser.parse(Source(name: "t", text: text)) { ["print", "note", "info"].contains($0) }) == nil
            if fails { #expect(found.contains { $0.failure.kind == "syntax" }, "\(text)") }
        }
    }

    /// Nests and rows of mistakes that would exhaust the call stack, or take time that grows with the square of their number.
    @Test(arguments: [
        String(repeating: "if x = {\n", count: 10_000), String(repeating: "(", count: 40_000), String(repeating: "if (((\n{{{ ", count: 5_000),
        "if " + String(repeating: "(", count: 10_000) + String(repeating: "{", count: 10_000), String(repeating: "$", count: 40_000),
        String(repeating: "(a b\n", count: 10_000), String(repeating: ");", count: 5_000), String(repeating: "\"\\q\n", count: 10_000),
        String(repeating: "def f() { print \"\\(", count: 5_000), String(repeating: "}", count: 5_000), String(repeating: "a.", count: 5_000),
    ])
    func endlessMistakesEnd(_ text: String) {
        let found = findings(text)
        #expect(!found.isEmpty && found.count <= 1000)
    }

    @Test func showsWarningsAsErrorsAreShown() throws {
        let finding = try #require(findings("let rate = 1\n").first)
        #expect(
            finding.render(colour: false) == """
                t.crate:1:5: warning: `rate` is never used
                  let rate = 1
                      ^~~~
                hint: a name that begins with `_` may go unused
                """)
        #expect(finding.render(colour: true).contains("\u{1B}[1;33mwarning:"))
    }

    @Test(arguments: [
        ("save \"m\" {a: 1}", "a comma stands between arguments"), ("elif true { print 1 }", "in this language it is `else if`"),
        ("try { print 1 } except e { }", "in this language it is `catch`"), ("def f(a: 1) {}", "a default value is written with `=`: `a = …`"),
        ("if 1 = 2 {}", "`==` compares; `=` gives a value"), ("setup demo", "text is written in quotes: \"demo\""),
        ("a = 1", "declare it with `let a = …`"), ("let total = 1\ntotl = 3\nprint total", "did you mean `total`?"),
        ("let len = 1\nlen([1])", "the variable `len` of line 1 hides the function"),
    ])
    func helps(_ text: String, _ hint: String) throws { #expect(try #require(findings(text).first { $0.severity == .error }).failure.hint == hint) }

    @Test func explainsVerbNames() throws {
        let finding = try #require(findings("let note = 1\nprint note").first)
        #expect(finding.failure.hint == "a statement `note …` runs the command; `note = …`, `note.x` and expressions mean the variable")
    }
}
