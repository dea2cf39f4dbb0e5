import Glibc
import Testing

@Suite("Editing at the prompt")
struct PromptEditingTests {
    private func prompt(_ environment: [String: String] = [:], columns: Int = 80, rows: Int = 24) throws -> Terminal {
        let terminal = try Terminal(environment: environment, columns: columns, rows: rows)
        try terminal.expect("In [1]:")
        return terminal
    }

    // MARK: colours and hints

    @Test(arguments: [[:], ["LANG": "C", "LC_ALL": "C"]])
    func codeHasColoursWhileItIsTyped(environment: [String: String]) throws {
        let terminal = try prompt(environment)
        terminal.type("let größe = [12, len(\"漢\"), true] # why")
        try terminal.expect("In [1]: let größe = [12, len(\"漢\"), true] # why")
        for (text, style) in [("let", "35"), ("größe", ""), ("12", "36"), ("len", "34"), ("\"漢", "32"), ("true", "35"), ("# why", "90"), ("In [1]", "32")] {
            #expect(terminal.screen.style(of: text) == style, "\(text)")
        }
        // They stay when the statement has run.
        terminal.type(Keys.enter)
        try terminal.expect("In [1]: let größe = [12, len(\"漢\"), true] # why", "In [2]:")
        #expect(terminal.screen.style(of: "let") == "35")
    }

    @Test func aTextHasItsColourBeforeItEnds() throws {
        let terminal = try prompt()
        terminal.type("print 'ab")
        try terminal.wait("the colour") { $0.style(of: "'ab") == "32" }
        terminal.type("' ab")
        try terminal.wait("its end") { $0.style(of: "' ab") == "32" && $0.style(of: "ab") == "" }
    }

    @Test func bracketsThatBelongTogetherAreMarked() throws {
        let terminal = try prompt()
        terminal.type("let a = [(1), 2]")
        try terminal.wait("both") { $0.style(of: "[(1") == "1;4" && $0.style(of: "]") == "1;4" && $0.style(of: "(1") == "" }
        terminal.type(String(repeating: Keys.left, count: 5))
        try terminal.wait("the inner ones") { $0.style(of: "(1") == "1;4" && $0.style(of: "), 2") == "1;4" && $0.style(of: "[(1") == "" }
        terminal.type(Keys.enter)
        try terminal.wait("no marks") { $0.lines.last == "In [2]:" && $0.style(of: "(1") == "" }
    }

    @Test func aSignatureStandsBesideTheLine() throws {
        let terminal = try prompt(columns: 60)
        terminal.type("save ")
        try terminal.expect("In [1]: save   artifact, [value] · from: folder: files:")
        #expect(terminal.screen.style(of: "artifact") == "4;90")
        #expect(terminal.screen.style(of: "[value]") == "90")
        #expect(terminal.screen.column == 13)
        terminal.type("something_long, 12345")
        try terminal.wait("the signature below") { $0.lines.suffix(2) == ["In [1]: save something_long, 12345", "[value] · from: folder: files:"] }
        terminal.type(Keys.interrupt)
        try terminal.expect("In [1]: save something_long, 12345", "In [1]:")
    }

    @Test func withoutColourThereIsNoDressing() throws {
        let terminal = try prompt(["NO_COLOR": "1"])
        terminal.type("save (1) ")
        try terminal.expect("In [1]: save (1)")
        terminal.type("lo\t\t")
        try terminal.wait("a list with a mark") { $0.lines.contains { $0.hasPrefix("> log ") } }
        #expect(terminal.screen.received.firstMatch(of: /\u{1B}\[[0-9;]*m/) == nil)
    }

    // MARK: statements of several lines

    @Test func enterOpensALineInsideOfAStatement() throws {
        let terminal = try prompt()
        terminal.type("for i in [1, 2] {\rif i == 1 {\rprint i\r}\rprint 'x'\r}")
        try terminal.expect("In [1]: for i in [1, 2] {", "   ...:   if i == 1 {", "   ...:     print i", "   ...:   }", "   ...:   print 'x'", "   ...: }")
        terminal.type(Keys.enter)
        try terminal.expect("   ...: }", "1", "x", "x", "In [2]:")
    }

    @Test func enterBetweenBracketsOpensThemUp() throws {
        let terminal = try prompt()
        terminal.type("print len([])" + Keys.left + Keys.left + Keys.altEnter + "1, 2")
        try terminal.expect("In [1]: print len([", "   ...:   1, 2", "   ...: ])")
        terminal.type(Keys.enter)
        try terminal.expect("   ...: ])", "2", "In [2]:")
    }

    @Test func aStringThatSpansLinesIsNotIndented() throws {
        let terminal = try prompt()
        terminal.type("if true {\rprint \"\"\"\rone\r\"\"\"\r}\r")
        try terminal.wait("the text") { $0.lines.suffix(3) == ["one", "", "In [2]:"] || $0.lines.suffix(2) == ["one", "In [2]:"] }
        #expect(terminal.screen.lines.contains("   ...: one"))
    }

    @Test func altEnterAlwaysOpensALine() throws {
        let terminal = try prompt()
        terminal.type("print 1" + Keys.altEnter)
        try terminal.expect("In [1]: print 1", "   ...:")
        terminal.type("print 2" + "\u{1B}[13;3u" + Keys.backspace + Keys.backspace + Keys.backspace)
        try terminal.expect("In [1]: print 1", "   ...:   print 2")
        terminal.type(Keys.enter)
        try terminal.expect("1", "2", "In [2]:")
    }

    @Test func enterAnywhereRunsAWholeStatement() throws {
        let terminal = try prompt()
        terminal.type("if true {\rprint 5\r}" + Keys.up + Keys.up + Keys.home + Keys.right)
        try terminal.wait("the cursor above") { $0.row == 1 && $0.column == 9 }
        terminal.type(Keys.enter)
        try terminal.expect("   ...:   print 5", "   ...: }", "5", "In [2]:")
    }

    @Test func upAndDownMoveInTheStatementFirst() throws {
        let terminal = try prompt()
        terminal.type("print 'before'\r")
        try terminal.expect("before", "In [2]:")
        terminal.type("[" + Keys.altEnter + "1234," + Keys.altEnter + "5" + Keys.up + "x" + Keys.down + "y")
        try terminal.expect("In [2]: [", "   ...:   1x234,", "   ...:   5y")
        terminal.type(Keys.up + Keys.up + Keys.down + Keys.down + Keys.control("c") + Keys.up)
        try terminal.expect("In [2]: print 'before'")
    }

    @Test func aStatementTallerThanTheWindowIsEditedWhole() throws {
        let terminal = try prompt(rows: 8)
        let lines = (1...30).map { "print \($0)" }
        terminal.type(Keys.paste(lines.joined(separator: "\n")))
        try terminal.expect("   ...: print 28", "   ...: print 29", "   ...: print 30")
        terminal.type(String(repeating: Keys.up, count: 20) + "0")
        try terminal.wait("the tenth line") { $0.lines.contains("   ...: print 100") && $0.lines.count == 8 && $0.lines[$0.row] == "   ...: print 100" }
        terminal.type(String(repeating: Keys.up, count: 9) + Keys.end + "1")
        try terminal.wait("the first line") { $0.lines.first == "In [1]: print 11" && $0.row == 0 }
        terminal.type(Keys.enter)
        try terminal.expect("28", "29", "30", "In [2]:")
        #expect(terminal.screen.received.contains("\r\n100\r\n"))
        #expect(terminal.screen.received.contains("\r\n11\r\n"))
        terminal.type("print 'still right'\r")
        try terminal.expect("In [2]: print 'still right'", "still right", "In [3]:")
    }

    // MARK: wrapping, widths and windows

    @Test func aLongLineIsEditedInItsMiddle() throws {
        let terminal = try prompt(columns: 20)
        terminal.type("let a = 'bcdefghijklmnopqrstuvwxyz'" + String(repeating: Keys.left, count: 20) + "___")
        try terminal.expect("In [1]: let a = 'bcd", "efg___hijklmnopqrstu", "vwxyz'")
        terminal.type(String(repeating: Keys.backspace, count: 6) + Keys.end + "x")
        try terminal.expect("In [1]: let a = 'bcd", "hijklmnopqrstuvwxyz'", "x")
        // The cursor behind a full row stands in the next one.
        terminal.type(Keys.backspace)
        try terminal.wait("a full row") { $0.lines.last == "hijklmnopqrstuvwxyz'" && $0.column == 0 }
    }

    @Test func wideCharactersWrapWhole() throws {
        let terminal = try prompt(columns: 20)
        terminal.type("'漢字漢字漢字漢字'")
        try terminal.expect("In [1]: '漢字漢字漢", "字漢字'")
        terminal.type(Keys.home + Keys.right + "x")
        try terminal.expect("In [1]: 'x漢字漢字漢", "字漢字'")
        terminal.type("y")
        try terminal.expect("In [1]: 'xy漢字漢字", "漢字漢字'")
        terminal.type(Keys.enter)
        try terminal.wait("the value") { $0.lines.last == "In [2]:" && $0.lines.joined().contains("'xy漢字漢字漢字漢字'Out [1]:") }
    }

    @Test func pictureCharactersAreOne() throws {
        let terminal = try prompt()
        terminal.type("'a👨‍👩‍👧b🇫🇷c👍🏽d'" + Keys.left + Keys.left + Keys.backspace)
        try terminal.wait("the thumb gone") { $0.lines.last?.hasSuffix("cd'") == true }
        terminal.type(Keys.left + Keys.backspace)
        try terminal.wait("the flag gone") { $0.lines.last?.hasSuffix("bcd'") == true }
        terminal.type(Keys.left + Keys.backspace + Keys.enter)
        try terminal.wait("the family gone") { $0.lines.suffix(2) == ["Out [1]: \"abcd\"", "In [2]:"] }
    }

    @Test(arguments: [false, true])
    func aNewWidthKeepsTheLineAndWhatIsAbove(reflows: Bool) throws {
        let terminal = try prompt(reflows ? ["VTE_VERSION": "7000"] : [:], columns: 60)
        terminal.type("print 'above'\r")
        try terminal.expect("above", "In [2]:")
        terminal.type("let a = ['0123456789012345678901234567890123456789',\r12")
        try terminal.expect("In [2]: let a = ['0123456789012345678901234567890123456789',", "   ...:   12")
        terminal.resize(columns: 40, rows: 24, reflows: reflows)
        try terminal.expect("above", "In [2]: let a = ['0123456789012345678901", "234567890123456789',", "   ...:   12")
        terminal.type("3")
        try terminal.expect("above", "In [2]: let a = ['0123456789012345678901", "234567890123456789',", "   ...:   123")
        terminal.resize(columns: 70, rows: 10, reflows: reflows)
        try terminal.expect("above", "In [2]: let a = ['0123456789012345678901234567890123456789',", "   ...:   123")
        terminal.type("]\ra[1]\r")
        try terminal.expect("   ...:   123]", "In [3]: a[1]", "Out [3]: 123", "In [4]:")
    }

    @Test(arguments: [(1, 1), (2, 3), (7, 2), (12, 4)])
    func anyWindowWillDo(columns: Int, rows: Int) throws {
        let terminal = try Terminal(columns: columns, rows: rows)
        try terminal.wait("the editor") { $0.received.contains("\u{1B}[?2004h") }
        terminal.type("let a = ['漢字', \"👍🏽\"]" + Keys.tab + Keys.control("u") + "s" + Keys.tab + Keys.tab + Keys.backTab + "\u{1B}" + Keys.control("r") + "x" + Keys.interrupt)
        terminal.resize(columns: 80, rows: 24)
        terminal.type(Keys.control("u") + "print 'here'\r")
        try terminal.wait("the next prompt") { $0.lines.suffix(2) == ["here", "In [2]:"] }
    }

    /// Moves, pastes and changes that libedit does not see, between letters that it once drew itself.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func manyKeysInANarrowWindowDoNoHarm(seed: UInt64) throws {
        let terminal = try Terminal(columns: 6 + Int(seed), rows: 5)
        try terminal.wait("the editor") { $0.received.contains("\u{1B}[?2004h") }
        let keys = [
            Keys.up, Keys.left, Keys.right, Keys.home, Keys.end, Keys.altEnter, Keys.backspace, Keys.tab, Keys.control("k"), Keys.control("y"), Keys.control("_"),
            Keys.control("w"), Keys.alt("<"), Keys.alt("1"), Keys.alt("u"), Keys.paste("a\nb\tc"), "漢", "e\u{301}", "(", "}", "print ", "tag: ", "\"", "æ",
        ]
        var state = seed
        for _ in 0..<500 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            terminal.type(keys[Int(state >> 33) % keys.count])
        }
        terminal.type(Keys.alt("<") + "erer" + Keys.left)
        try terminal.wait("the screen to hold what came last") { $0.lines.joined().contains("er") }
        terminal.resize(columns: 80, rows: 24)
        terminal.type(Keys.interrupt)
        try terminal.wait("a fresh prompt") { $0.lines.last == "In [1]:" }
        terminal.type("print 6 * 7\r")
        try terminal.expect("In [1]: print 6 * 7", "42", "In [2]:")
    }

    @Test func aClearedScreenKeepsTheLine() throws {
        let terminal = try prompt()
        terminal.type("print 4" + Keys.control("l"))
        try terminal.wait("the line alone") { $0.lines == ["In [1]: print 4"] }
        terminal.type("2\r")
        try terminal.wait("the output") { $0.lines == ["In [1]: print 42", "42", "In [2]:"] }
    }

    // MARK: keys

    @Test(arguments: [
        ("print one two" + Keys.alt("b") + "x", "print one xtwo"),
        ("print one two" + Keys.home + "\u{1B}[1;5C" + "x", "printx one two"),
        ("print 'a b'" + Keys.control("w") + "c", "print 'a c"),
        ("print one_two" + Keys.alt(Keys.backspace) + "c", "print c"),
        ("print one two" + Keys.home + Keys.alt("d"), " one two"),
        ("print 12" + Keys.control("t"), "print 21"),
        ("print é漢x" + Keys.left + Keys.control("t"), "print éx漢"),
        ("print e\u{301}x" + Keys.control("t"), "print xe\u{301}"),
        ("abc def" + Keys.control("u") + "x", "x"),
        ("abc def" + Keys.alt("b") + Keys.control("k") + "[" + Keys.control("y") + Keys.control("y"), "abc [defdef"),
        ("a b c" + Keys.control("w") + Keys.control("w") + "x" + Keys.control("y"), "a xb c"),
        ("print 1" + Keys.control("u") + Keys.control("_"), "print 1"),
        ("print 12 34" + Keys.control("_"), "print 12 "),
        ("print 1" + Keys.control("a") + "x" + Keys.control("e") + "y", "xprint 1y"),
        ("'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ¿'", "'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ¿'"),
        ("xy" + Keys.control("b") + Keys.control("d"), "x"),
    ])
    func keysEdit(keys: String, expected: String) throws {
        let terminal = try prompt()
        terminal.type(keys)
        var expected = "In [1]: " + expected
        while expected.last == " " { expected.removeLast() }
        // A signature may stand behind it.
        try terminal.wait("\(expected)") { $0.lines.last.map { $0 == expected || $0.hasPrefix(expected + "  ") } ?? false }
    }

    @Test func killsGoByLines() throws {
        let terminal = try prompt()
        terminal.type("[" + Keys.altEnter + "12," + Keys.altEnter + "34" + Keys.up + Keys.control("k") + Keys.control("k"))
        try terminal.expect("In [1]: [", "   ...:   12  34")
    }

    // MARK: Ctrl-C

    @Test(arguments: [
        "[1,\r2", "print 1" + Keys.up, "li\t\t", Keys.paste("a\nb\nc"), "save ", "",
    ])
    func controlCGivesUpWhateverIsTyped(keys: String) throws {
        let terminal = try prompt()
        terminal.type(keys)
        try terminal.wait("the keys to be read") { screen in keys.isEmpty || screen.lines.last != "In [1]:" }
        terminal.type(Keys.interrupt)
        try terminal.wait("a fresh prompt") { $0.lines.last == "In [1]:" && $0.column == 8 && $0.lines.count > 2 }
        terminal.type("print 3\r")
        try terminal.expect("In [1]: print 3", "3", "In [2]:")
    }

    /// What follows shows that the key was not finished by the next line's letters.
    @Test(arguments: ["\u{1B}", "\u{1B}[", "\u{1B}[20", "\u{1B}[200~b", "\u{1B}[200~b\u{1B}[20", "li\t\t\u{1B}["])
    func controlCGivesUpAKeyThatHasBegun(keys: String) throws {
        let terminal = try prompt()
        terminal.type("a")
        try terminal.expect("In [1]: a")
        terminal.type(keys)
        terminal.type(Keys.interrupt)
        try terminal.wait("a fresh prompt") { $0.lines.last == "In [1]:" && $0.lines.count > 2 }
        terminal.type("print 3\r")
        try terminal.expect("In [1]: print 3", "3", "In [2]:")
    }

    /// Typed by another program, without the marks of a paste.
    @Test func muchThatIsTypedAtOnceIsTaken() throws {
        let terminal = try prompt()
        terminal.type("let z = [\"" + String(repeating: "qr ", count: 20_000) + "\", (1)]")
        try terminal.wait("its end") { $0.lines.last?.hasSuffix("qr \", (1)]") == true }
        // Each time that it was drawn, all that had waited was in it.
        #expect(terminal.screen.received.utf8.count < 1_000_000)
        terminal.type(Keys.control("_") + Keys.control("_") + "3]\rlen(z[0])\r")
        try terminal.expect("Out [2]: 60000", "In [3]:")
    }

    @Test func lettersThatComeTogetherAreIndented() throws {
        let terminal = try prompt()
        terminal.type("if true {\rif true {\r}\r  } else {\r}")
        try terminal.expect("In [1]: if true {", "   ...:   if true {", "   ...:   }", "   ...: } else {", "   ...: }")
    }

    @Test func muchOutputLeavesThePromptRight() throws {
        let terminal = try prompt()
        terminal.type("let row = join(['x' for i in 0..<99], ''); for i in 0..<100000 { print row }\r")
        try terminal.wait("the next prompt") { $0.lines.last == "In [2]:" }
        #expect(terminal.screen.received.utf8.count > 10_000_000)
        terminal.type("print 'fine'\r")
        try terminal.expect("In [2]: print 'fine'", "fine", "In [3]:")
    }

    /// Short enough that all of it is kept for exports and replays.
    @Test func manySmallOutputsAreNoTrouble() throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(home: home)
        terminal.type("for i in 0..<200000 { print i % 10 }\r")
        try terminal.expect("9", "In [2]:")
        terminal.type(":export s.crate\r")
        try terminal.expect("s.crate: 1 statement", "In [2]:")
        #expect(try home.read("s.crate").split(separator: "\n").count { $0.hasPrefix("#= ") } == 200_000)
        terminal.type(":replay\r")
        try terminal.expect("replay: the statement comes out the same in a new session", "In [2]:")
    }

    // MARK: signals

    @Test(arguments: [SIGTERM, SIGHUP])
    func aTerminalIsGivenBackWhateverEndsTheProgram(signal: Int32) throws {
        let terminal = try prompt()
        terminal.type("while true {}")
        try terminal.expect("In [1]: while true {}")
        #expect(!terminal.isCooked)
        terminal.send(signal)
        #expect(terminal.end() == 128 + signal)
        #expect(terminal.screen.received.hasSuffix("\u{1B}[?2004l"))
        #expect(terminal.isCooked)
    }

    /// A Ctrl-C that came with the Enter is meant for what the line begins.
    @Test func controlCStopsWhatBeginsWithIt() throws {
        let terminal = try prompt()
        terminal.type("while true {}\rabc" + Keys.interrupt + "print 7\r")
        try terminal.wait("the next statement") { $0.lines.suffix(3) == ["In [2]: print 7", "7", "In [3]:"] }
        #expect(terminal.screen.lines.contains { $0.contains("error: interrupted") })
        // What is typed ahead is for the next line.
        terminal.type("print 8\rprint 9\rprint 10")
        try terminal.expect("In [4]: print 9", "9", "In [5]: print 10")
    }

    @Test func aProgramReadsWhatWasTypedForIt() throws {
        let terminal = try prompt()
        terminal.type("!head -n 1\rfor it\n")
        try terminal.wait("what it read") { screen in screen.lines.suffix(2) == ["for it", "In [1]:"] }
    }
}
