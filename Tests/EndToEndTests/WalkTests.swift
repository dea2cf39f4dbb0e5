import Testing

@Suite("Walkthroughs at a terminal")
struct WalkTests {
    // MARK: going on

    @Test func `Enter runs what is shown, up to the end`() throws {
        let terminal = try Walk.play()
        try terminal.expectStep("1/6 Birds", last: "Enter go on")
        #expect(terminal.screen.lines.contains("Welcome to the lesson."))
        terminal.type("\r")
        try terminal.expectStep("2/6 One")
        #expect(!terminal.screen.lines.contains("n is 1"))
        terminal.type("\r")
        try terminal.expectStep("3/6 Two")
        #expect(terminal.screen.lines.contains("n is 1"))
        terminal.type(" ")
        try terminal.expect("two 2", "", "▌ print \"and on\"", Walk.keys)
        terminal.type("\u{1B}[C")
        try terminal.expectStep("4/6 Three")
        terminal.type("\r")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type("let m = 7\r")
        try terminal.expectStep("6/6 The end")
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.suffix(3) == ["m is 7", "", "✓ That was all of Birds."])
        #expect(terminal.isCooked)
    }

    @Test func `the next numbered lesson is named at the end`() throws {
        let home = try Folder()
        for name in ["01-a.crate", "02-b.crate", "03-c.crate"] { try home.write(name, "# %% Only\nprint 1\n") }
        let terminal = try Terminal(["walk", "02-b.crate"], home: home)
        try terminal.expectStep("1/1 Only")
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "Next: crate walk 03-c.crate")
    }

    @Test func `s skips a step, which has run all the same`() throws {
        let terminal = try Walk.play()
        terminal.type("\rss")
        try terminal.expectStep("4/6 Three")
        #expect(!terminal.screen.lines.contains("two 2"))
        terminal.type("\r")
        try terminal.waitForLine("20 true")
        // The last step can be skipped, too.
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type(":skip\r")
        try terminal.expectStep("6/6 The end")
        terminal.type("s")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "✓ That was all of Birds.")
    }

    @Test func `a key that has no meaning changes nothing`() throws {
        let terminal = try Walk.play()
        terminal.type("\rxz\u{1B}[15~\u{1B}[A")
        try terminal.expectStep("2/6 One")
        terminal.type("\r")
        try terminal.expectStep("3/6 Two")
    }

    // MARK: going back

    @Test func `b brings back the state, files included`() throws {
        let terminal = try Walk.play()
        terminal.type("\r\r\r\r")
        try terminal.expectStep("4/6 Three")
        terminal.type("b")
        try terminal.expectStep("3/6 Two")
        terminal.type("e")
        try terminal.expect("In [1]:")
        terminal.type("print n, exists(\"note.txt\")\r")
        try terminal.expect("1 false", "In [2]:")
        terminal.type(":walk\r")
        try terminal.wait("the keys") { $0.lines.last?.hasPrefix("Enter run") == true }
        terminal.type("\r")
        // Not 3: the first time was undone.
        try terminal.expect("two 2", "", "▌ print \"and on\"", Walk.keys)
        terminal.type("bbbb")
        try terminal.expectStep("1/6 Birds", last: "Enter go on")
    }

    @Test func `r begins the step again, with the state that it began with`() throws {
        let terminal = try Walk.play()
        terminal.type("\r\r\r")
        try terminal.expect("two 2", "", "▌ print \"and on\"", Walk.keys)
        terminal.type("r")
        try terminal.expect("▌ print read_text(\"note.txt\")", Walk.keys)
        terminal.type("\r")
        try terminal.wait("two 2 once more") { $0.lines.filter { $0 == "two 2" }.count == 2 && !$0.lines.contains("two 3") }
    }

    @Test func `j shows the map and goes where one wants to be, forth and back`() throws {
        let terminal = try Walk.play()
        terminal.type("\r\rj")
        try terminal.expect("▸   3  Two", "    4  Three", "    5  Your turn  (exercise)", "    6  The end", "", "To step:")
        #expect(terminal.screen.lines.contains("✓   2  One"))
        terminal.type("9\u{7F}4\r")
        try terminal.expectStep("4/6 Three")
        terminal.type("\r")
        try terminal.waitForLine("20 true")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type(":back\r")
        try terminal.expectStep("4/6 Three")
        terminal.type("j2\r")
        try terminal.expectStep("2/6 One")
        terminal.type("e")
        try terminal.expect("In [1]:")
        terminal.type("print exists(\"note.txt\")\r")
        try terminal.expect("false", "In [2]:")
    }

    @Test(arguments: ["0", "7", "9999"])
    func `a step that is not there is said`(number: String) throws {
        let terminal = try Walk.play()
        terminal.type("\rj\(number)\r")
        try terminal.expect("✗ There are steps 1 to 6.", "▌ let n = 1", "▌ print \"n is \\(n)\"", Walk.keys)
    }

    @Test(arguments: ["\r", "x", "\u{3}"])
    func `a jump can be dropped`(key: String) throws {
        let terminal = try Walk.play()
        terminal.type("\rj")
        try terminal.expect("", "To step:")
        terminal.type(key)
        try terminal.expect("To step:", "▌ let n = 1", "▌ print \"n is \\(n)\"", Walk.keys)
    }

    @Test func `m shows the map, and the code again below it`() throws {
        let terminal = try Walk.play()
        terminal.type("\rm")
        try terminal.expect(
            "✓   1  Birds", "▸   2  One", "    3  Two", "    4  Three", "    5  Your turn  (exercise)", "    6  The end", "", "▌ let n = 1",
            "▌ print \"n is \\(n)\"", Walk.keys)
    }

    @Test func `a hint stands above the code`() throws {
        let terminal = try Walk.play("# %% One\n#? Look.\nprint 1\n")
        try terminal.expect("▌ print 1", "Enter run  ? hint  b back  s skip  q leave  r again  j jump  m map  e try out")
        terminal.type("?")
        try terminal.expect("? Look.", "", "▌ print 1", "Enter run  ? hint  b back  s skip  q leave  r again  j jump  m map  e try out")
    }

    // MARK: autoplay and speed

    @Test func `a plays on by itself, exercises too`() throws {
        let terminal = try Walk.play()
        try terminal.expectStep("1/6 Birds", last: "Enter go on")
        terminal.type("a")
        #expect(terminal.end() == 0)
        for line in ["n is 1", "two 2", "20 true", "▌ let m = 7", "m is 7", "✓ That was all of Birds."] { #expect(terminal.screen.lines.contains(line), "\(line)") }
    }

    @Test func `a key takes over from autoplay, and Ctrl-C too`() throws {
        let terminal = try Walk.play()
        try terminal.expectStep("1/6 Birds", last: "Enter go on")
        // The second key is there before the next step asks.
        terminal.type("a ")
        try terminal.expectStep("2/6 One")
        terminal.type("\r")
        try terminal.expectStep("3/6 Two")
        let other = try Walk.play("# %% Long\nprint \"begun\"\nwhile true {}\n", ["--autoplay"])
        try other.wait("the loop") { $0.lines.last == "begun" }
        other.type(Keys.interrupt)
        try other.wait("the stop") { $0.lines.suffix(2).first?.hasSuffix("✗ Stopped. Enter begins this step again.") == true }
    }

    @Test func `code is typed out, and a key shows the rest without running it`() throws {
        let terminal = try Walk.play("# %% Slow\nprint \"slow and steady\"\n", ["--speed", "1"])
        try terminal.wait("the first character") { $0.lines.last == "▌" || $0.lines.last == "▌ p" }
        terminal.type(" ")
        try terminal.expect("▌ print \"slow and steady\"", Walk.keys)
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.contains("slow and steady"))
        let quick = try Walk.play(Walk.lesson, ["--speed", "10000"])
        quick.type("\r")
        try quick.expect("▌ let n = 1", "▌ print \"n is \\(n)\"", Walk.keys)
    }

    // MARK: the prompt

    @Test(arguments: [":walk\r", "\u{4}"])
    func `e lends the step to the prompt, and comes back`(leave: String) throws {
        let terminal = try Walk.play()
        terminal.type("\r\re")
        try terminal.expect("The prompt has this step's variables and files; Ctrl-D or :walk comes back.", "In [1]:")
        terminal.type("n = 41\r")
        try terminal.expect("In [1]: n = 41", "In [2]:")
        terminal.type(leave)
        try terminal.wait("the step") { $0.lines.last?.hasPrefix("Enter run") == true }
        #expect(terminal.screen.lines.suffix(5).first?.hasSuffix("Back in step 3, Two.") == true)
        terminal.type("\r")
        try terminal.waitForLine("two 42")
        // What was done at the prompt goes with the step.
        terminal.type("r\r")
        try terminal.waitForLine("two 2")
    }
}
