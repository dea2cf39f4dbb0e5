import Testing

@Suite("What the prompt shows of values, and where")
struct SessionOutputTests {
    // MARK: long values

    @Test func longValuesAreFoldedAndShownWhole() throws {
        let terminal = try Terminal.atPrompt(rows: 40)
        terminal.type("[[i] for i in 0..<100]\r")
        try terminal.wait("the fold") { $0.lines.contains("  … 70 more") && $0.lines.contains("… parts are left out; :all shows everything") }
        try terminal.expect("In [2]:")
        terminal.type(":all\r")
        try terminal.expect("  [98],", "  [99]", "]", "In [2]:")
        terminal.type(":set items 4\r")
        try terminal.expect("In [2]: :set items 4", "In [2]:")
        terminal.type("_\r")
        try terminal.expect("Out [2]:", "[", "  [0],", "  [1],", "  [2],", "  … 96 more", "  [99]", "]", "… parts are left out; :all shows everything", "In [3]:")
        terminal.type("show {a: [1, [2, [3]]]}, depth: 2\r")
        try terminal.expect("{\"a\": [1, [… 2 items]]}", "In [4]:")
    }

    @Test func tablesAreFoldedAndShownWhole() throws {
        let terminal = try Terminal.atPrompt(rows: 40)
        terminal.type("table({n: 0..<100})\r")
        try terminal.expect("99    99", "", "[100 rows x 1 columns]", "… parts are left out; :all shows everything", "In [2]:")
        terminal.type(":all\r")
        try terminal.expect("96  96", "97  97", "98  98", "99  99", "In [2]:")
        terminal.type(":set items 4\r")
        try terminal.expect("In [2]: :set items 4", "In [2]:")
        terminal.type("_\r")
        try terminal.expect(
            "       n", "0      0", "1      1", "2      2", "...  ...", "99    99", "", "[100 rows x 1 columns]", "… parts are left out; :all shows everything", "In [3]:")
    }

    @Test func arraysAreFoldedAndShownWhole() throws {
        let terminal = try Terminal.atPrompt(rows: 60)
        terminal.type("arange(2000)\r")
        try terminal.expect("Out [1]: [   0    1    2 ... 1997 1998 1999]", "… parts are left out; :all shows everything", "In [2]:")
        terminal.type(":set pager off\r:all\r")
        try terminal.wait("all of it") { $0.lines.suffix(2).first?.hasSuffix(" 1997 1998 1999]") == true && $0.lines.last == "In [2]:" && !$0.lines.suffix(40).contains { $0.contains("...") } }
    }

    /// As many as were asked for, also of what would fit the line.
    @Test func shortItemsAreCountedAsWell() throws {
        let terminal = try Terminal.atPrompt()
        terminal.type("show [1, 2, 3, 4, 5, 6], items: 2\r")
        try terminal.expect("[", "  1, 2, … 4 more …", "]", "In [2]:")
        terminal.type(":set items 3\r")
        try terminal.expect("In [2]: :set items 3", "In [2]:")
        terminal.type("[1, 2, 3, 4, 5, 6]\r")
        try terminal.expect("  1, 2, 3, … 3 more …", "]", "… parts are left out; :all shows everything", "In [3]:")
    }

    @Test func anExcerptFitsTheWindow() throws {
        let terminal = try Terminal.atPrompt(columns: 40)
        terminal.type("let long_name_of_a_number = 5; print long_name_of_a_number + unknown_one + 1000000000000\r")
        try terminal.wait("the excerpt") { $0.lines.contains { $0.hasPrefix("  …") && $0.contains("unknown_one") && $0.hasSuffix("…") } && $0.lines.last == "In [2]:" }
        let lines = terminal.screen.lines
        let excerpt = try #require(lines.first { $0.hasPrefix("  …") })
        let marks = try #require(lines.first { $0.hasSuffix("^~~~~~~~~~~") })
        #expect(excerpt.count <= 40 && excerpt.prefix(marks.count).hasSuffix("unknown_one"))
    }

    @Test func aValueAsWideAsTheLineStandsBelowItsLabel() throws {
        let terminal = try Terminal.atPrompt(columns: 40)
        terminal.type("[i for i in 0..<12]\r")
        try terminal.expect("Out [1]:", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", "In [2]:")
        terminal.type("[1, 2]\r")
        try terminal.expect("Out [2]: [1, 2]", "In [3]:")
    }

    @Test func aLongPageGoesThroughThePager() throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(environment: ["PAGER": "tee paged >/dev/null; echo \"(paged)\""], home: home, rows: 10)
        terminal.type("help\r")
        try terminal.expect("(paged)", "In [2]:")
        #expect(try home.read("paged").contains("list_tags"))
        terminal.type(":set pager off\r")
        try terminal.expect("In [2]: :set pager off", "In [2]:")
        terminal.type("?arrays\r")
        try terminal.wait("the page itself") { $0.lines.last == "In [2]:" && !$0.lines.contains("(paged)") }
        // What fits the screen needs none.
        terminal.type(":set pager on\r1\r")
        try terminal.expect("Out [2]: 1", "In [3]:")
    }

    @Test(arguments: ["/nowhere/pager", "false", "exit 3"])
    func aPagerThatFailsLosesNothing(pager: String) throws {
        let terminal = try Terminal.atPrompt(environment: ["PAGER": pager], rows: 10)
        terminal.type("?versions\r")
        try terminal.wait("the page") { $0.lines.last == "In [1]:" && $0.lines.contains { $0.contains("transaction") } }
    }

    // MARK: terminals

    @Test func aDumbTerminalHasTheCommands() throws {
        let terminal = try Terminal.atPrompt(environment: ["TERM": "dumb"])
        terminal.type("[1, 2]\r")
        try terminal.expect("Out [1]: [1, 2]", "In [2]:")
        terminal.type(":set output csv\r")
        try terminal.expect("In [2]: :set output csv", "In [2]:")
        terminal.type("_\r")
        try terminal.expect("Out [2]:", "value", "1", "2", "In [3]:")
        terminal.type("!echo out\r")
        try terminal.expect("out", "In [3]:")
        terminal.type(":history\r")
        try terminal.expect("    1  [1, 2]", "    2  _", "In [3]:")
        #expect(!terminal.screen.received.contains("\u{1B}"))
        terminal.type(Keys.leave)
        #expect(terminal.end() == 0)
    }

    @Test(arguments: [["NO_COLOR": "1"], ["LANG": "C"]])
    func theyWorkWithoutColourAndLocale(environment: [String: String]) throws {
        let terminal = try Terminal.atPrompt(environment: environment)
        terminal.type("\"é\"\r")
        try terminal.expect("Out [1]: \"é\"", "In [2]:")
        terminal.type(":zz\r")
        try terminal.wait("the error") { $0.lines.contains("error: the prompt has no command :zz; :help lists them") }
        if environment["NO_COLOR"] != nil { #expect(!terminal.screen.received.contains("\u{1B}[31m")) }
        terminal.type(Keys.leave)
        #expect(terminal.end() == 0)
    }
}
