import Foundation
import Testing

/// A lesson as a person plays it: keys go in, and what stands on the screen is looked at.
@Suite("Walkthroughs at a terminal")
struct WalkTests {
    private static let lesson = #"""
        # %% [markdown]
        # # Birds
        #
        # Welcome to the *lesson*.
        # %% One
        #| First.
        let n = 1
        print "n is \(n)"
        #= n is 1
        # %% Two
        n = n + 1
        write_text("note.txt", "two \(n)")
        print read_text("note.txt")
        #= two 2
        print "and on"
        # %% Three
        n = n * 10
        print n, exists("note.txt")
        #= 20 true
        # %% Your turn
        #| Make `m` seven.
        #? It is a number.
        #? let m = 7
        #!exercise
        let m = 7
        #!check
        assert m == 7, "m should be seven"
        # %% The end
        print "m is", m
        #= m is 7

        """#

    private static let keys = "Enter run  b back  s skip  q leave  r again  j jump  m map  e try out  a play"
    private static let exerciseKeys =
        ["Your turn, at the prompt. :hint helps, :solution shows one, :skip goes on, :back", "goes back, :quit leaves."]
    private let interrupt = "\u{3}"

    /// The lesson, shown up to its first line of keys.
    private func play(_ text: String = lesson, _ options: [String] = [], home: Folder? = nil, columns: Int = 80, rows: Int = 60, term: String = "xterm-256color") throws -> Terminal {
        let home = try home ?? Folder()
        try home.write("lesson.crate", text)
        return try Terminal(["walk"] + options + ["lesson.crate"], environment: ["TERM": term], home: home, columns: columns, rows: rows)
    }

    /// Waits until the last step on the screen is `step`, and the last line is `last`.
    private func expect(_ terminal: Terminal, _ step: String, last: String = keys, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try terminal.wait("step \(step), then \(last)", sourceLocation) { screen in
            screen.lines.last { $0.hasPrefix("── ") }?.hasPrefix("── \(step) ") == true && screen.lines.last?.hasPrefix(last) == true
        }
    }

    private func waitForLine(_ terminal: Terminal, _ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try terminal.wait("the line \(line)", sourceLocation) { $0.lines.contains(line) }
    }

    // MARK: going on

    @Test func `Enter runs what is shown, up to the end`() throws {
        let terminal = try play()
        try expect(terminal, "1/6 Birds", last: "Enter go on")
        #expect(terminal.screen.lines.contains("Welcome to the lesson."))
        terminal.type("\r")
        try expect(terminal, "2/6 One")
        #expect(!terminal.screen.lines.contains("n is 1"))
        terminal.type("\r")
        try expect(terminal, "3/6 Two")
        #expect(terminal.screen.lines.contains("n is 1"))
        terminal.type(" ")
        try terminal.expect("two 2", "", "▌ print \"and on\"", Self.keys)
        terminal.type("\u{1B}[C")
        try expect(terminal, "4/6 Three")
        terminal.type("\r")
        try expect(terminal, "5/6 Your turn", last: "In [1]:")
        terminal.type("let m = 7\r")
        try expect(terminal, "6/6 The end")
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.suffix(3) == ["m is 7", "", "✓ That was all of Birds."])
        #expect(terminal.isCooked)
    }

    @Test func `the next numbered lesson is named at the end`() throws {
        let home = try Folder()
        for name in ["01-a.crate", "02-b.crate", "03-c.crate"] { try home.write(name, "# %% Only\nprint 1\n") }
        let terminal = try Terminal(["walk", "02-b.crate"], home: home)
        try expect(terminal, "1/1 Only")
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "Next: crate walk 03-c.crate")
    }

    @Test func `s skips a step, which has run all the same`() throws {
        let terminal = try play()
        terminal.type("\rss")
        try expect(terminal, "4/6 Three")
        #expect(!terminal.screen.lines.contains("two 2"))
        terminal.type("\r")
        try waitForLine(terminal, "20 true")
        // The last step can be skipped, too.
        try expect(terminal, "5/6 Your turn", last: "In [1]:")
        terminal.type(":skip\r")
        try expect(terminal, "6/6 The end")
        terminal.type("s")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "✓ That was all of Birds.")
    }

    @Test func `a key that has no meaning changes nothing`() throws {
        let terminal = try play()
        terminal.type("\rxz\u{1B}[15~\u{1B}[A")
        try expect(terminal, "2/6 One")
        terminal.type("\r")
        try expect(terminal, "3/6 Two")
    }

    // MARK: going back

    @Test func `b brings back the state, files included`() throws {
        let terminal = try play()
        terminal.type("\r\r\r\r")
        try expect(terminal, "4/6 Three")
        terminal.type("b")
        try expect(terminal, "3/6 Two")
        terminal.type("e")
        try terminal.expect("In [1]:")
        terminal.type("print n, exists(\"note.txt\")\r")
        try terminal.expect("1 false", "In [2]:")
        terminal.type(":walk\r")
        try terminal.wait("the keys") { $0.lines.last?.hasPrefix("Enter run") == true }
        terminal.type("\r")
        // Not 3: the first time was undone.
        try terminal.expect("two 2", "", "▌ print \"and on\"", Self.keys)
        terminal.type("bbbb")
        try expect(terminal, "1/6 Birds", last: "Enter go on")
    }

    @Test func `r begins the step again, with the state that it began with`() throws {
        let terminal = try play()
        terminal.type("\r\r\r")
        try terminal.expect("two 2", "", "▌ print \"and on\"", Self.keys)
        terminal.type("r")
        try terminal.expect("▌ print read_text(\"note.txt\")", Self.keys)
        terminal.type("\r")
        try terminal.wait("two 2 once more") { $0.lines.filter { $0 == "two 2" }.count == 2 && !$0.lines.contains("two 3") }
    }

    @Test func `j shows the map and goes where one wants to be, forth and back`() throws {
        let terminal = try play()
        terminal.type("\r\rj")
        try terminal.expect("▸   3  Two", "    4  Three", "    5  Your turn  (exercise)", "    6  The end", "", "To step:")
        #expect(terminal.screen.lines.contains("✓   2  One"))
        terminal.type("9\u{7F}4\r")
        try expect(terminal, "4/6 Three")
        terminal.type("\r")
        try waitForLine(terminal, "20 true")
        try expect(terminal, "5/6 Your turn", last: "In [1]:")
        terminal.type(":back\r")
        try expect(terminal, "4/6 Three")
        terminal.type("j2\r")
        try expect(terminal, "2/6 One")
        terminal.type("e")
        try terminal.expect("In [1]:")
        terminal.type("print exists(\"note.txt\")\r")
        try terminal.expect("false", "In [2]:")
    }

    @Test(arguments: ["0", "7", "9999"])
    func `a step that is not there is said`(number: String) throws {
        let terminal = try play()
        terminal.type("\rj\(number)\r")
        try terminal.expect("✗ There are steps 1 to 6.", Self.keys)
    }

    @Test(arguments: ["\r", "x", "\u{3}"])
    func `a jump can be dropped`(key: String) throws {
        let terminal = try play()
        terminal.type("\rj")
        try terminal.expect("", "To step:")
        terminal.type(key)
        try terminal.expect("To step:", Self.keys)
    }

    @Test func `m shows the map`() throws {
        let terminal = try play()
        terminal.type("\rm")
        try terminal.expect(
            "✓   1  Birds", "▸   2  One", "    3  Two", "    4  Three", "    5  Your turn  (exercise)", "    6  The end", "", Self.keys)
    }

    // MARK: autoplay and speed

    @Test func `a plays on by itself, exercises too`() throws {
        let terminal = try play()
        try expect(terminal, "1/6 Birds", last: "Enter go on")
        terminal.type("a")
        #expect(terminal.end() == 0)
        for line in ["n is 1", "two 2", "20 true", "▌ let m = 7", "m is 7", "✓ That was all of Birds."] { #expect(terminal.screen.lines.contains(line), "\(line)") }
    }

    @Test func `a key takes over from autoplay, and Ctrl-C too`() throws {
        let terminal = try play()
        try expect(terminal, "1/6 Birds", last: "Enter go on")
        // The second key is there before the next step asks.
        terminal.type("a ")
        try expect(terminal, "2/6 One")
        terminal.type("\r")
        try expect(terminal, "3/6 Two")
        let other = try play("# %% Long\nprint \"begun\"\nwhile true {}\n", ["--autoplay"])
        try other.wait("the loop") { $0.lines.last == "begun" }
        other.type(interrupt)
        try other.wait("the stop") { $0.lines.suffix(2).first?.hasSuffix("✗ Stopped. Enter begins this step again.") == true }
    }

    @Test func `code is typed out, and a key shows the rest without running it`() throws {
        let terminal = try play("# %% Slow\nprint \"slow and steady\"\n", ["--speed", "1"])
        try terminal.wait("the first character") { $0.lines.last == "▌" || $0.lines.last == "▌ p" }
        terminal.type(" ")
        try terminal.expect("▌ print \"slow and steady\"", Self.keys)
        terminal.type("\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.contains("slow and steady"))
        let quick = try play(Self.lesson, ["--speed", "10000"])
        quick.type("\r")
        try quick.expect("▌ let n = 1", "▌ print \"n is \\(n)\"", Self.keys)
    }

    // MARK: the prompt

    @Test(arguments: [":walk\r", "\u{4}"])
    func `e lends the step to the prompt, and comes back`(leave: String) throws {
        let terminal = try play()
        terminal.type("\r\re")
        try terminal.expect("The prompt has this step's variables and files; Ctrl-D or :walk comes back.", "In [1]:")
        terminal.type("n = 41\r")
        try terminal.expect("In [1]: n = 41", "In [2]:")
        terminal.type(leave)
        try terminal.wait("the step") { $0.lines.last?.hasPrefix("Enter run") == true }
        #expect(terminal.screen.lines.suffix(5).first?.hasSuffix("Back in step 3, Two.") == true)
        terminal.type("\r")
        try waitForLine(terminal, "two 42")
        // What was done at the prompt goes with the step.
        terminal.type("r\r")
        try waitForLine(terminal, "two 2")
    }

    // MARK: exercises

    @Test func `a wrong answer is told what is missing, hints come one at a time, and the right one leads on`() throws {
        let terminal = try play()
        terminal.type("\rj5\r")
        try terminal.expect(Self.exerciseKeys[0], Self.exerciseKeys[1], "In [1]:")
        terminal.type("let m = 8\r")
        try terminal.expect("In [1]: let m = 8", "Not yet: m should be seven", "In [2]:")
        terminal.type(":hint\r")
        try terminal.expect("? It is a number.", "There is another hint.", "In [2]:")
        terminal.type(":hint\r")
        try terminal.expect("? It is a number.", "? let m = 7", "In [2]:")
        terminal.type(":check\r")
        try terminal.expect("✗ m should be seven", "In [2]:")
        terminal.type(":solution\r")
        try terminal.expect("▌ let m = 7", "In [2]:")
        terminal.type("let m = 1 / 0\r")
        try terminal.expect("In [3]:")
        terminal.type("let m = 7\r")
        try expect(terminal, "6/6 The end")
        #expect(terminal.screen.lines.contains("✓ Right!"))
        terminal.type("\r")
        try waitForLine(terminal, "m is 7")
    }

    @Test func `an answer is part of the state when one goes back behind it`() throws {
        let terminal = try play()
        terminal.type("\rj5\r")
        try expect(terminal, "5/6 Your turn", last: "In [1]:")
        terminal.type("let own = 7\r")
        try terminal.expect("In [2]:")
        terminal.type("let m = own\r")
        try expect(terminal, "6/6 The end")
        terminal.type("j2\r")
        try expect(terminal, "2/6 One")
        terminal.type("j6\r")
        try expect(terminal, "6/6 The end")
        terminal.type("e")
        try terminal.expect("In [1]:")
        terminal.type("own\r")
        try terminal.expect("Out [1]: 7", "In [2]:")
    }

    @Test func `an exercise can be left in every direction`() throws {
        let terminal = try play()
        terminal.type("\rj5\r")
        try expect(terminal, "5/6 Your turn", last: "In [1]:")
        terminal.type(":back\r")
        try expect(terminal, "4/6 Three")
        terminal.type("s")
        try expect(terminal, "5/6 Your turn", last: "In [1]:")
        terminal.type(interrupt)
        try terminal.expect("In [1]:", "In [1]:")
        terminal.type(":quit\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "The lesson waits at step 5; the same command goes on there.")
        #expect(terminal.isCooked)
    }

    // MARK: leaving and coming back

    @Test(arguments: ["q", "\u{3}", "\u{4}"])
    func `a lesson that was left goes on there`(key: String) throws {
        let home = try Folder()
        let first = try play(home: home)
        first.type("\r\r\r\r")
        try expect(first, "4/6 Three")
        first.type(key)
        #expect(first.end() == 0)
        #expect(first.screen.lines.last == "The lesson waits at step 4; the same command goes on there.")
        let second = try play(home: home, columns: 100)
        try second.expect("You were at step 4 of 6, Three. Enter goes on there, n begins anew, q leaves.")
        second.type("x\r")
        try expect(second, "4/6 Three")
        second.type("\r")
        try waitForLine(second, "20 true")
    }

    @Test func `one can begin anew, or leave at once`() throws {
        let home = try Folder()
        let first = try play(home: home)
        first.type("\r\rq")
        #expect(first.end() == 0)
        let second = try play(home: home, columns: 100)
        second.type("q")
        #expect(second.end() == 0)
        let third = try play(home: home, columns: 100)
        third.type("n")
        try expect(third, "1/6 Birds", last: "Enter go on")
    }

    @Test func `answers outlive the session`() throws {
        let home = try Folder()
        let first = try play(home: home)
        first.type("\rj5\r")
        try expect(first, "5/6 Your turn", last: "In [1]:")
        first.type("let m = 7; let mine = 70\r")
        try expect(first, "6/6 The end")
        first.type("q")
        #expect(first.end() == 0)
        let second = try play(home: home, columns: 100)
        second.type("\r")
        try expect(second, "6/6 The end")
        second.type("e")
        try second.expect("In [1]:")
        second.type("mine\r")
        try second.expect("Out [1]: 70", "In [2]:")
    }

    @Test func `a lesson that is done begins anew, and so does one that has changed`() throws {
        let home = try Folder()
        let first = try play(home: home)
        try expect(first, "1/6 Birds", last: "Enter go on")
        first.type("a")
        #expect(first.end() == 0)
        let second = try play(home: home)
        try expect(second, "1/6 Birds", last: "Enter go on")
        second.type("\r\r\r\rq")
        #expect(second.end() == 0)
        let third = try play("# %% Short\nprint 1\n", home: home)
        try expect(third, "1/1 Short")
    }

    // MARK: stops and mistakes

    @Test func `Ctrl-C stops the step that runs, and the lesson stays`() throws {
        let terminal = try play("# %% Long\nprint \"begun\"\nwhile true {}\n# %% Next\nprint 2\n")
        try expect(terminal, "1/2 Long")
        for _ in 0..<2 {
            terminal.type("\r")
            try terminal.wait("the loop") { $0.lines.last == "begun" }
            terminal.type(interrupt)
            try terminal.wait("the stop") { $0.lines.suffix(2).first?.hasSuffix("✗ Stopped. Enter begins this step again.") == true }
            terminal.type("\r")
            try expect(terminal, "1/2 Long")
        }
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(terminal.isCooked)
    }

    @Test func `Ctrl-C stops on the way to another step, too`() throws {
        let terminal = try play("# %% Long\nwrite_text(\"begun\", \"\")\nwhile true {}\n# %% Next\nprint 2\n")
        try expect(terminal, "1/2 Long")
        terminal.type("s")
        try terminal.wait("the keys to go") { $0.lines.last?.hasPrefix("▌") == true }
        terminal.type(interrupt)
        try terminal.wait("the stop") { $0.lines.contains { $0.hasSuffix("Stopped on the way.") } }
        try expect(terminal, "1/2 Long")
    }

    @Test func `a stop and another program in between do no harm`() throws {
        let terminal = try play()
        terminal.type("\r")
        try expect(terminal, "2/6 One")
        try terminal.stop()
        terminal.makeCooked()
        terminal.continue()
        try terminal.wait("the lesson's own state") { _ in !terminal.isCooked }
        terminal.type("\r")
        try expect(terminal, "3/6 Two")
        #expect(terminal.screen.lines.contains("n is 1"))
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(terminal.isCooked)
    }

    @Test func `keys pressed while a step runs are not seen, and answered after it`() throws {
        let terminal = try play("# %% Long\nlet n = 0; while n < 300000 { n = n + 1 }\n# %% Next\nprint \"two\"\n")
        try expect(terminal, "1/2 Long")
        terminal.type("\rm")
        try terminal.expect("✓   1  Long", "▸   2  Next", "", Self.keys)
        #expect(!terminal.screen.lines.contains { $0.hasPrefix("m") })
    }

    @Test func `an error that was meant to come is told from one that was not`() throws {
        let terminal = try play("# %% Errors\n1 / 0\n#~ division_by_zero\nlet x = [1][5]\n#~ type\nprint 3\n")
        terminal.type("\r\r\r")
        #expect(terminal.end() == 0)
        let lines = terminal.screen.lines
        #expect(lines.contains("This error was meant to come.") && lines.contains("This error was not meant to come.") && lines.contains("3"))
    }

    // MARK: windows

    @Test func `another width shows as many keys as it has room for`() throws {
        let terminal = try play()
        terminal.type("\r")
        try expect(terminal, "2/6 One")
        terminal.resize(columns: 40, rows: 30)
        try terminal.expect("Enter run  b back  s skip  q leave")
        terminal.resize(columns: 120, rows: 30)
        try terminal.expect(Self.keys)
        terminal.type("\r")
        try waitForLine(terminal, "n is 1")
    }

    @Test func `wide characters are wrapped and cut where the window ends`() throws {
        let words = Array(repeating: "歌鳥の声", count: 12).joined(separator: " ")
        let terminal = try play("# %% 長い題名の歌鳥の声長い題名の歌鳥の声\n#| \(words) 🐦🐦🐦\nprint \"鳥\"\n", columns: 30)
        try expect(terminal, "1/1", last: "Enter run  b back  s skip")
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
        let terminal = try play("# %% A\nlet text = \"\"\"\n  one\n  two is a long line of text, and longer than the window\n  \"\"\"\n", columns: 40)
        try terminal.expect(
            "▌ let text = \"\"\"", "▌   one", "▌   two is a long line of text, and long", "▌ er than the window", "▌   \"\"\"", "Enter run  b back  s skip  q leave")
        #expect(terminal.screen.received.contains("\u{1B}[32mer than the window"))
    }

    @Test func `a terminal that can do nothing is enough`() throws {
        let terminal = try play(term: "dumb")
        terminal.type("\r\r")
        try expect(terminal, "3/6 Two")
        terminal.type("\rb")
        try waitForLine(terminal, "two 2")
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(!terminal.screen.received.contains("\u{1B}"))
    }

    @Test func `without a terminal the lesson plays from end to end`() throws {
        let folder = try Folder()
        try folder.write("lesson.crate", Self.lesson)
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
