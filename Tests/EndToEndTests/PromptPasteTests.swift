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
