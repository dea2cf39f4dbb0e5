import Testing

@Suite("Walkthroughs that are stopped, or shown elsewhere")
struct WalkStopTests {
    // MARK: stops and mistakes

    @Test func `Ctrl-C stops the step that runs, and the lesson stays`() throws {
        let terminal = try Walk.play("# %% Long\nprint \"begun\"\nwhile true {}\n# %% Next\nprint 2\n")
        try terminal.expectStep("1/2 Long")
        for _ in 0..<2 {
            terminal.type("\r")
            try terminal.wait("the loop") { $0.lines.last == "begun" }
            terminal.type(Keys.interrupt)
            try terminal.wait("the stop") { $0.lines.suffix(2).first?.hasSuffix("✗ Stopped. Enter begins this step again.") == true && $0.lines.last?.hasPrefix("Enter begin again  b back") == true }
            terminal.type("\r")
            try terminal.expectStep("1/2 Long")
        }
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(terminal.isCooked)
    }

    @Test func `Ctrl-C stops on the way to another step, too`() throws {
        let terminal = try Walk.play("# %% Long\nwrite_text(\"begun\", \"\")\nwhile true {}\n# %% Next\nprint 2\n")
        try terminal.expectStep("1/2 Long")
        terminal.type("s")
        try terminal.wait("word of what goes on") { $0.lines.last?.hasPrefix("running step 1, Ctrl-C stops  ") == true }
        terminal.type(Keys.interrupt)
        try terminal.wait("the stop") { $0.lines.contains { $0.hasSuffix("Stopped on the way.") } }
        try terminal.expectStep("1/2 Long")
        #expect(!terminal.screen.lines.contains { $0.contains("running step") })
    }

    @Test func `what runs unseen is counted, taken away again, and keys pressed meanwhile are answered after it`() throws {
        let home = try Folder()
        let terminal = try Walk.play("# %% One\nprint 1\n# %% Two\nwhile not exists(\"\(home.file("go"))\") {}\n# %% Three\nprint 3\n", home: home)
        try terminal.expectStep("1/3 One")
        terminal.type("j3\r")
        try terminal.wait("word of what goes on") { $0.lines.last?.hasPrefix("running steps 1 to 2, Ctrl-C stops  ━") == true && $0.lines.last?.contains("1 of 2 steps") == true }
        terminal.type("m")
        try home.write("go", "")
        try terminal.expect("✓   2  Two", "▸   3  Three", "", "▌ print 3", Walk.keys)
        #expect(!terminal.screen.lines.contains { $0.contains("running steps") || $0.hasPrefix("m") })
        terminal.type("q")
        #expect(terminal.end() == 0)
    }

    @Test func `a lesson's text does not drive the terminal`() throws {
        let hostile = "\u{1B}]0;x\u{7}\u{1B}[2J\u{9B}31m\u{202E}"
        let terminal = try Walk.play("# %% [markdown]\n# # Top \(hostile)\n# %% One \(hostile)\n#| Words \(hostile)\n#? Help \(hostile)\nlet a = 1 # \(hostile)\nraise \"no \(hostile)\"\n#~ raised\n")
        terminal.type("\rm?\r")
        #expect(terminal.end() == 0)
        let received = terminal.screen.received
        #expect(!received.contains("\u{1B}]") && !received.contains("\u{1B}[2J") && !received.contains("\u{9B}") && !received.contains("\u{202E}"))
        for word in ["Top", "One", "Words", "Help", "#", "no"] { #expect(received.contains("\(word) \\x1b]0;x\\x07"), "\(word)") }
    }

    @Test func `a stop and another program in between do no harm`() throws {
        let terminal = try Walk.play()
        terminal.type("\r")
        try terminal.expectStep("2/6 One")
        try terminal.stop()
        terminal.makeCooked()
        terminal.continue()
        try terminal.wait("the lesson's own state") { _ in !terminal.isCooked }
        terminal.type("\r")
        try terminal.expectStep("3/6 Two")
        #expect(terminal.screen.lines.contains("n is 1"))
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(terminal.isCooked)
    }

    @Test func `keys pressed while a step runs are not seen, and answered after it`() throws {
        let terminal = try Walk.play("# %% Long\nlet n = 0; while n < 300000 { n = n + 1 }\n# %% Next\nprint \"two\"\n")
        try terminal.expectStep("1/2 Long")
        terminal.type("\rm")
        try terminal.expect("✓   1  Long", "▸   2  Next", "", "▌ print \"two\"", Walk.keys)
        #expect(!terminal.screen.lines.contains { $0.hasPrefix("m") })
    }

    @Test func `an error that was meant to come is told from one that was not`() throws {
        let terminal = try Walk.play("# %% Errors\n1 / 0\n#~ division_by_zero\nlet x = [1][5]\n#~ type\nprint 3\n")
        terminal.type("\r\r\r")
        #expect(terminal.end() == 0)
        let lines = terminal.screen.lines
        #expect(lines.contains("This error was meant to come.") && lines.contains("This error was not meant to come.") && lines.contains("3"))
    }

    @Test func `Ctrl-C where nothing runs says how to leave`() throws {
        let terminal = try Walk.play()
        terminal.type("\r")
        try terminal.expectStep("2/6 One")
        terminal.type(Keys.interrupt)
        try terminal.expect("Nothing runs. q leaves, and the lesson waits at this step.", Walk.keys)
        terminal.type("\r")
        try terminal.expectStep("3/6 Two")
        terminal.type("q")
        #expect(terminal.end() == 0)
    }

    // MARK: windows

    @Test func `the excerpt of an error fits a narrow window`() throws {
        let terminal = try Walk.play("# %% A\nlet a = [1, 2, 3, 4, 5, 6, 7, 8, 9][50]; print \"what follows is long enough\"\n#~ index\n", columns: 30)
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.contains { $0.hasPrefix("  ") && $0.contains("^") })
        #expect(terminal.screen.lines.contains { $0.hasPrefix("  ") && $0.hasSuffix("…") })
    }

    @Test func `another width shows as many keys as it has room for`() throws {
        let terminal = try Walk.play()
        terminal.type("\r")
        try terminal.expectStep("2/6 One")
        terminal.resize(columns: 40, rows: 30)
        try terminal.expect("Enter run  b back  s skip  q leave")
        terminal.resize(columns: 120, rows: 30)
        try terminal.expect(Walk.keys)
        terminal.type("\r")
        try terminal.waitForLine("n is 1")
    }

    @Test func `wide characters are wrapped and cut where the window ends`() throws {
        let words = Array(repeating: "歌鳥の声", count: 12).joined(separator: " ")
        let terminal = try Walk.play("# %% 長い題名の歌鳥の声長い題名の歌鳥の声\n#| \(words) 🐦🐦🐦\nprint \"鳥\"\n", columns: 30)
        try terminal.expectStep("1/1", last: "Enter run  b back  s skip")
        let lines = terminal.screen.lines
        // Four characters of two columns each and a blank: three of them in a line of 30.
        #expect(lines.filter { $0 == "歌鳥の声 歌鳥の声 歌鳥の声" }.count == 4)
        #expect(lines.first == "── 1/1 長い題名の歌鳥の声長… ─")
        #expect(lines.contains("🐦🐦🐦"))
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.contains("鳥"))
    }

    @Test func `long code is wrapped behind its bar, in its colours`() throws {
        let terminal = try Walk.play("# %% A\nlet text = \"\"\"\n  one\n  two is a long line of text, and longer than the window\n  \"\"\"\n", columns: 40)
        try terminal.expect(
            "▌ let text = \"\"\"", "▌   one", "▌   two is a long line of text, and", "▌ longer than the window", "▌   \"\"\"", "Enter run  b back  s skip  q leave")
        #expect(terminal.screen.received.contains("\u{1B}[32mlonger than the window"))
    }

    @Test func `a terminal that can do nothing is enough`() throws {
        let terminal = try Walk.play(term: "dumb")
        terminal.type("\r\r")
        try terminal.expectStep("3/6 Two")
        terminal.type("\rb")
        try terminal.waitForLine("two 2")
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(!terminal.screen.received.contains("\u{1B}"))
    }

    @Test func `without a terminal the lesson plays from end to end`() throws {
        let folder = try Folder()
        try folder.write("lesson.crate", Walk.lesson)
        let finished = try Program.run(["walk", "lesson.crate"], in: folder)
        #expect(finished.status == 0 && finished.output.contains("m is 7\n") && finished.output.hasSuffix("✓ That was all of Birds.\n"))
        #expect(!finished.output.contains("\u{1B}"))
        #expect(folder.files() == ["lesson.crate"])
    }

    // MARK: as a script

    @Test func `a lesson is a script that goes on behind the errors it expects`() throws {
        let folder = try Folder()
        try folder.write("lesson.crate", "# %% A\nlet a = 1\n#| Wrong.\na + \"\"\n#~ type\nbb = 2\n#~ name\nprint \"still here\", a\n")
        let finished = try Program.run(["lesson.crate"], in: folder)
        #expect(finished.status == 0 && finished.output == "still here 1\n")
        #expect(finished.errors.contains("lesson.crate:4:1: error") && finished.errors.contains("lesson.crate:6:1: error"))
        try folder.write("other.crate", "let a = 1\na + \"\"\n#~ name\nprint \"never\"\n")
        let other = try Program.run(["other.crate"], in: folder)
        #expect(other.status == 1 && other.output.isEmpty)
        try folder.write("exit.crate", "1 / 0\n#~ division_by_zero\nexit 7\nprint \"never\"\n")
        #expect(try Program.run(["exit.crate"], in: folder).status == 7)
    }
}
