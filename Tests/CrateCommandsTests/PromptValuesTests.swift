import CrateLanguage
import Testing

@testable import CrateCommands

@Suite("Values of the prompt")
struct PromptValuesTests {
    @Test func theOldestAreLetGo() throws {
        let bench = try Workbench()
        bench.session.keepValues(capacity: 4_000)
        for number in 1...3 {
            guard case .finished(let value?) = bench.run("zeros([200])") else { Issue.record("no value"); return }
            bench.session.kept?.keep(value, number: number)
        }
        let gone = bench.failure("Out[1]")
        #expect(gone?.kind == "index")
        #expect(gone?.message == "Out[1] is not kept any more")
        #expect(gone?.hint == "the newest 3.91 KB of values are; `let` keeps one for good")
        #expect(bench.shown("print Out[2].shape, Out[3].shape, len(Out)") == "[200] [200] 2\n")
        #expect(bench.failure("Out[9]")?.message == "there is no Out[9] yet")
        #expect(bench.failure("Out[-9]")?.kind == "index")
        #expect(bench.failure("Out[\"a\"]")?.kind == "type")
    }

    @Test func theNewestIsKeptWhateverItTakes() throws {
        let bench = try Workbench()
        bench.session.keepValues(capacity: 10)
        bench.session.kept?.keep(.string(String(repeating: "x", count: 100)), number: 1)
        #expect(bench.shown("print len(_)") == "100\n")
        bench.session.kept?.keep(.int(1), number: 2)
        #expect(bench.failure("Out[1]")?.message == "Out[1] is not kept any more")
    }

    @Test func thereAreNoneWithoutAPrompt() throws {
        let bench = try Workbench()
        for name in ["_", "Out", "In"] {
            #expect(bench.failure("print \(name)")?.message == "unknown name `\(name)`")
            #expect(!bench.session.names.contains(name))
        }
    }

    /// A variable of the name is the person's own.
    @Test func aVariableComesFirst() throws {
        let bench = try Workbench()
        bench.session.keepValues()
        bench.session.kept?.keep(.int(1), number: 1)
        #expect(bench.shown("let Out = [5]; print Out[0], _") == "5 1\n")
    }

    @Test(arguments: [
        ("[1, 2]", 64 + 32), ("\"abcd\"", 20), ("zeros([10])", 64 + 80), ("{a: \"abcd\"}", 64 + 64 + 20), ("table({a: [1, 2]})", 64 + 16), ("5", 16),
        ("[[1], [2]]", 64 + 32 + 2 * 80),
    ])
    func sizesAreAboutRight(expression: String, bytes: Int) throws {
        guard case .finished(let value?) = try Workbench().run(expression) else { Issue.record("no value"); return }
        #expect(ValueSize.bytes(of: value) == bytes)
    }

    /// What holds itself is no trap.
    @Test func aCycleEnds() throws {
        let bench = try Workbench()
        guard case .finished(let value?) = bench.run("let a = [1]; a.append(a); a") else { Issue.record("no value"); return }
        #expect(ValueSize.bytes(of: value) > 0)
        var text = FoldedText(Folding(), width: 80)
        #expect(text.text(value) == "[1, […]]")
    }
}

@Suite("Folded values")
struct FoldedTextTests {
    private func folded(_ expression: String, width: Int = 40, _ change: (inout Folding) -> Void = { _ in }) throws -> (text: String, isFolded: Bool) {
        guard case .finished(let value?) = try Workbench().run(expression) else { return ("no value", false) }
        var folding = Folding()
        change(&folding)
        var text = FoldedText(folding, width: width)
        let shown = text.text(value)
        return (shown, text.isFolded)
    }

    @Test(arguments: ["[1, 2, {\"a\": [true, null]}]", "{}", "[]", "{\"a\": {}}", "[\"é漢\", 1.5]"])
    func whatFitsIsOneLine(expression: String) throws {
        let (text, isFolded) = try folded(expression)
        #expect(text == expression)
        #expect(!isFolded)
    }

    @Test func whatIsLongIsIndented() throws {
        let (text, isFolded) = try folded("{name: \"a long enough text\", values: [1, 2, 3], inner: {x: \"another long text\", y: 2.5}}")
        #expect(text == """
            {
              "name": "a long enough text",
              "values": [1, 2, 3],
              "inner": {
                "x": "another long text",
                "y": 2.5
              }
            }
            """)
        #expect(!isFolded)
    }

    @Test func numbersShareLines() throws {
        let (text, _) = try folded("[i for i in 0..<30]", width: 30)
        #expect(text == """
            [
              0, 1, 2, 3, 4, 5, 6, 7, 8,
              9, 10, 11, 12, 13, 14, 15,
              16, 17, 18, 19, 20, 21, 22,
              23, 24, 25, 26, 27, 28, 29
            ]
            """)
    }

    @Test func theMiddleAndTheDepthAreLeftOut() throws {
        let many = try folded("[[i] for i in 0..<100]") { $0.show(items: 4) }
        #expect(many.text == "[\n  [0],\n  [1],\n  [2],\n  … 96 more\n  [99]\n]")
        #expect(many.isFolded)
        let deep = try folded("[[[[1, 2]]]]") { $0.depth = 2 }
        #expect(deep.text == "[[[… 1 item]]]")
        #expect(deep.isFolded)
        let long = try folded("{a: \"\(String(repeating: "x", count: 50))\"}") { $0.characters = 10 }
        #expect(long.text == "{\"a\": \"xxxxxxxxxx\"… 50 characters}")
        #expect(long.isFolded)
        let full = try folded("[{a: [\(Array(repeating: "\"a text that is long\"", count: 9).joined(separator: ", "))]} for i in 0..<9]") { $0.lines = 5 }
        #expect(full.text.split(separator: "\n").count < 30)
        #expect(full.isFolded)
    }

    @Test func noLineIsWiderThanAskedFor() throws {
        for width in [20, 33, 60, 100] {
            let (text, _) = try folded("[{id: i, tags: [\"a\", \"漢字\", \"c\"], nested: {x: [j for j in 0..<i * 7]}} for i in 0..<12]", width: width)
            for line in text.split(separator: "\n") { #expect(displayWidth(line) <= max(width, 40), "\(line)") }
        }
    }
}
