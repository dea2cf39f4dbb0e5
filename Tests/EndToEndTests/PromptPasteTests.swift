import Testing

@Suite("Pasting at the prompt")
struct PromptPasteTests {
    private func prompt(columns: Int = 80, rows: Int = 24) throws -> Terminal {
        let terminal = try Terminal(columns: columns, rows: rows)
        try terminal.expect("In [1]:")
        return terminal
    }

    @Test func nothingOfAPasteIsAKey() throws {
        let terminal = try prompt()
        terminal.type(Keys.paste("print len('a\t\tb\u{12}\u{4}\u{1B}[A'),\r\n  2\r\n"))
        try terminal.wait("the text") { $0.lines.last == "   ...:   2" }
        terminal.type(Keys.enter)
        try terminal.wait("one run") { $0.lines.suffix(2) == ["4 2", "In [2]:"] }
    }

    /// Nor is a Ctrl-C in it; one that is pressed is.
    @Test func aPastedInterruptIsLeftOut() throws {
        let terminal = try prompt()
        terminal.type(Keys.paste("print \"a\u{3}b\",\n1\u{3}\u{1C}"))
        try terminal.expect("In [1]: print \"ab\",", "   ...: 1")
        terminal.type(Keys.enter)
        try terminal.expect("ab 1", "In [2]:")
        terminal.type("abc" + Keys.interrupt)
        try terminal.expect("In [2]: abc", "In [2]:")
    }

    /// A paste whose end was lost on the way is given up by Ctrl-C.
    @Test func aPasteWithoutAnEndIsGivenUp() throws {
        let terminal = try prompt()
        terminal.type("\u{1B}[200~let a = 1")
        terminal.type(Keys.interrupt)
        try terminal.expect("In [1]:", "In [1]:")
        terminal.type("2\r")
        try terminal.expect("Out [1]: 2", "In [2]:")
    }

    @Test func aPasteGoesWhereTheCursorIs() throws {
        let terminal = try prompt()
        terminal.type("print [9]" + Keys.left + Keys.left + Keys.paste("1,\n2,\n"))
        try terminal.expect("In [1]: print [1,", "   ...: 2,", "   ...: 9]")
        terminal.type(Keys.enter)
        try terminal.expect("   ...: 9]", "[1, 2, 9]", "In [2]:")
    }

    @Test(arguments: [
        "In [7]: let a = [\n   ...:   1\n   ...: ]\n\nIn [8]: a\nOut [8]: [1]\n\nIn [9]: print len(a)\n1\n",
        ">>> let a = [\n...   1\n... ]\n>>> print len(a)\n1\n",
    ])
    func aCopiedSessionRunsAgain(text: String) throws {
        let terminal = try prompt()
        terminal.type(Keys.paste(text))
        try terminal.wait("the statements") { $0.lines.contains("   ...: print len(a)") }
        terminal.type(Keys.enter)
        try terminal.expect("   ...: print len(a)", "1", "In [2]:")
    }

    @Test func aCopiedSessionWithCommandsRunsPartByPart() throws {
        let terminal = try Terminal.atPrompt()
        terminal.type(Keys.paste("In [1]: let a = 1\nIn [2]: :set depth\n  depth     5\nIn [2]: !echo hi\nhi\nIn [2]: a + 1\nOut [2]: 2\n"))
        try terminal.expect("In [1]: let a = 1", "   ...: :set depth", "   ...: !echo hi", "   ...: a + 1")
        terminal.type(Keys.enter)
        try terminal.wait("all parts") { screen in
            screen.lines.contains { $0.hasPrefix("  depth ") } && screen.lines.suffix(3) == ["hi", "Out [2]: 2", "In [3]:"]
        }
        // They are recalled one by one.
        terminal.type(Keys.up + Keys.up)
        try terminal.expect("In [3]: !echo hi")
    }

    @Test(arguments: [
        (":nothing\nprint 5\nprint 6", "not run: print 5 … (2 lines); Up brings it back", "In [1]: print 5"),
        ("!exit 3\nprint 5", "not run: print 5; Up brings it back", "In [1]: print 5"),
        ("let a = 1\n?zzzzqqqq\n:vars", "not run: :vars; Up brings it back", "In [2]: :vars"),
        ("1 / 0\n:quit", "not run: :quit; Up brings it back", "In [2]: :quit"),
    ])
    func whatFailsKeepsTheRestFromRunning(text: String, told: String, recalled: String) throws {
        let terminal = try Terminal.atPrompt()
        terminal.type(Keys.paste(text) + Keys.enter)
        try terminal.wait("the note") { $0.lines.suffix(2).first == told }
        #expect(!terminal.screen.lines.contains("5"))
        terminal.type(Keys.up)
        try terminal.wait("the rest") { screen in screen.lines.contains { $0 == recalled || $0.hasPrefix(recalled + "  ") } }
    }

    /// A text of many lines that look like commands is looked at as a whole.
    @Test func linesOfATextAreNoCommands() throws {
        let terminal = try prompt()
        let lines = (0..<10_000).map { ":line \($0)" }
        terminal.type(Keys.paste("let t = \"\"\"\n" + lines.joined(separator: "\n") + "\n\"\"\"\nprint len(split(t, \"\\n\"))\n!echo done"))
        try terminal.wait("its end") { $0.lines.last == "   ...: !echo done" }
        terminal.type(Keys.enter)
        try terminal.expect("10000", "done", "In [2]:")
    }

    @Test func leavingInBetweenIsTold() throws {
        let terminal = try Terminal.atPrompt()
        terminal.type(Keys.paste(":quit\nprint 5") + Keys.enter)
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "not run: print 5")
    }

    /// The last part may be open; what stands before it has run by then.
    @Test func theLastPartMayGoOn() throws {
        let terminal = try Terminal.atPrompt()
        terminal.type(Keys.paste("let a = 4\n!echo hi\nfor i in [a] {") + Keys.enter)
        try terminal.expect("   ...: for i in [a] {", "   ...:")
        terminal.type("print i + 1\r}\r")
        try terminal.expect("hi", "5", "In [3]:")
        terminal.type(Keys.paste("a\n:time if true {") + Keys.enter)
        try terminal.expect("Out [3]: 4", "   ...:")
        terminal.type("print 8 }\r")
        try terminal.wait("the rest of it") { $0.lines.contains("8") && $0.lines.last == "In [5]:" }
    }

    @Test func aPastedStopIsLeftOut() throws {
        let terminal = try prompt()
        terminal.type(Keys.paste("print \"a\u{1A}b\""))
        try terminal.expect("In [1]: print \"ab\"")
        // Nothing here could bring the program back: it goes on at once.
        terminal.type(Keys.control("z") + Keys.enter)
        try terminal.expect("ab", "In [2]:")
        #expect(terminal.screen.received.contains("\u{1B}[?2004l\u{1B}[?2004h"))
    }

    @Test func aLargePasteRunsAsOne() throws {
        let terminal = try prompt()
        let lines = (0..<20_000).map { "let v\($0 % 100) = \($0)  # some more text" }
        terminal.type(Keys.paste(lines.joined(separator: "\n")))
        try terminal.wait("its end") { $0.lines.last?.contains("let v99 = 19999") == true }
        terminal.type(Keys.enter)
        try terminal.expect("In [2]:")
        terminal.type("v99\r")
        try terminal.expect("In [2]: v99", "Out [2]: 19999", "In [3]:")
    }

    @Test func aPasteIsOneStepBack() throws {
        let terminal = try prompt()
        terminal.type("print " + Keys.paste("1, 2\n") + Keys.control("_"))
        try terminal.expect("In [1]: print   values…")
    }
}
