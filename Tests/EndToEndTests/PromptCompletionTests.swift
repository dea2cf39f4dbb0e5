import Testing

@Suite("Completion at the prompt")
struct PromptCompletionTests {
    private func prompt(columns: Int = 80, rows: Int = 24, home: Folder? = nil) throws -> Terminal {
        let terminal = try Terminal(home: home, columns: columns, rows: rows)
        try terminal.expect("In [1]:")
        return terminal
    }

    @Test func theOnlyCandidateIsWrittenWhole() throws {
        let terminal = try prompt()
        terminal.type("show_f\t")
        try terminal.wait("the name and a blank") { $0.lines.last?.hasPrefix("In [1]: show_files ") == true && $0.column == 19 }
        terminal.type(Keys.control("u") + "let x = linspac\t")
        try terminal.wait("the name and a bracket") { $0.lines.last?.hasPrefix("In [1]: let x = linspace(") == true && $0.column == 25 }
    }

    @Test func severalAreListedWithWhatTheyDo() throws {
        let terminal = try prompt()
        terminal.type("li\t")
        try terminal.wait("the list") { screen in
            screen.lines.contains("In [1]: li")
                && screen.lines.contains { $0.hasPrefix("  list_backups  List the file names of an artifact's backups") }
                && screen.lines.contains { $0.hasPrefix("  list_tags     List the tags of a snapshot") }
        }
        #expect(terminal.screen.style(of: "List the tags") == "90")
        // What all agree in comes first, and typing on closes the list.
        terminal.type("st\t")
        try terminal.wait("the common part") { $0.lines.contains("In [1]: list_") }
        terminal.type("t\t")
        try terminal.wait("the rest") { $0.lines.last?.hasPrefix("In [1]: list_tags ") == true }
    }

    @Test func commandsOfThePromptAreCompletedWithWhatTheyTake() throws {
        let home = try Folder()
        try home.write("lesson.crate", "print 1\n")
        let terminal = try prompt(home: home)
        terminal.type(":ti\tlinspac\t")
        try terminal.wait("the command and its statement") { $0.lines.last?.hasPrefix("In [1]: :time linspace(") == true }
        terminal.type(Keys.control("u") + ":ru\tles\t")
        try terminal.wait("the command and its file") { $0.lines.last == "In [1]: :run lesson.crate" }
        terminal.type(Keys.control("u") + ":set pag\to\t")
        try terminal.expect("In [1]: :set pager o", "  on   off")
        terminal.type("n\r")
        try terminal.expect("In [1]: :set pager on", "In [1]:")
    }

    /// Only a comma can follow a value.
    @Test func nothingIsOfferedRightBehindAText() throws {
        let terminal = try prompt()
        terminal.type("read(\"a.csv\"\t,\t")
        try terminal.wait("options behind the comma") { $0.lines.contains { $0.contains("kind:") } && $0.lines.contains { $0.hasPrefix("In [1]: read(\"a.csv\",") } }
    }

    @Test func tabGoesThroughTheList() throws {
        let terminal = try prompt()
        terminal.type("setup 'a', start: \"\t")
        try terminal.wait("the list") { $0.lines.last == "  new   last  dev" }
        terminal.type(Keys.tab + Keys.tab)
        try terminal.wait("the second") { $0.lines.contains("In [1]: setup 'a', start: \"last") && $0.style(of: "last") == "7" }
        terminal.type(Keys.backTab)
        try terminal.wait("the first") { $0.lines.contains("In [1]: setup 'a', start: \"new") && $0.style(of: "new") == "7" }
        terminal.type(Keys.enter)
        try terminal.wait("the first, with its quote") { $0.lines.contains("In [1]: setup 'a', start: \"new\"") }
        terminal.type(Keys.enter)
        try terminal.wait("its run") { $0.lines.last == "In [2]:" && $0.lines.contains { $0.hasPrefix("Out [1]: snapshot a v0") } }
    }

    @Test func whatExistsIsOffered() throws {
        let home = try Folder()
        try home.write("notes one.txt", "")
        try home.write("ünder.txt", "")
        let terminal = try prompt(home: home)
        terminal.type("setup 'run'; let cfg = json('cfg.json'); save cfg, {alpha: {beta: 1}}; backup cfg, tag: 'first'; let d = load(cfg)\r")
        try terminal.expect("In [2]:")
        terminal.type("restore cf\t, ta\t\"fi\t")
        try terminal.wait("variable, option and tag") { $0.lines.last?.hasPrefix("In [2]: restore cfg, tag: \"first\"") == true }
        terminal.type(Keys.control("u") + "d.al\t.be\t")
        try terminal.wait("fields") { $0.lines.last == "In [2]: d.alpha.beta" }
        terminal.type(Keys.control("u") + "read_text(\"no\t")
        try terminal.wait("a file") { $0.lines.last?.hasPrefix("In [2]: read_text(\"notes one.txt\"") == true }
        terminal.type(Keys.control("u") + "read_text(\"ü\t")
        try terminal.wait("another file") { $0.lines.last?.hasPrefix("In [2]: read_text(\"ünder.txt\"") == true }
        terminal.type(Keys.control("u") + "json(\"cf\t")
        try terminal.wait("artifact and backup") { $0.lines.contains("In [2]: json(\"cfg.") && $0.lines.contains { $0.contains("cfg.backup_first.json  backup") } }
    }

    @Test func aListKeepsToItsWindow() throws {
        let terminal = try prompt(columns: 40, rows: 10)
        terminal.type("print 'above'\r")
        try terminal.expect("above", "In [2]:")
        terminal.type("\n\n")
        terminal.type("s\t")
        try terminal.wait("part of the list") { screen in
            screen.lines.count == 10 && screen.lines[screen.row] == "In [2]: s" && screen.lines.last?.firstMatch(of: /^  1–\d+ of \d+$/) != nil
        }
        #expect(terminal.screen.lines.allSatisfy { $0.count <= 40 })
        // A key closes it, and nothing of it stays.
        terminal.type("q")
        try terminal.wait("the line alone") { $0.lines.last == "In [2]: sq" }
        terminal.type(Keys.control("u") + "print 1\r")
        try terminal.expect("In [2]: print 1", "1", "In [3]:")
    }

    @Test(arguments: [Keys.interrupt, "\u{1B}"])
    func aListIsLeft(key: String) throws {
        let terminal = try prompt()
        terminal.type("li\t")
        try terminal.wait("the list") { $0.lines.last != "In [1]: li" && $0.lines.contains("In [1]: li") }
        terminal.type(key)
        if key == Keys.interrupt { try terminal.expect("In [1]: li", "In [1]:") } else { try terminal.expect("In [1]: li") }
    }

    @Test func tabIndentsAtTheStartOfALine() throws {
        let terminal = try prompt()
        terminal.type("[\r\t1\r]\r")
        try terminal.expect("   ...:     1", "   ...: ]", "Out [1]: [1]", "In [2]:")
    }
}
