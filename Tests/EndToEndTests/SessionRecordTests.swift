import Testing

@Suite("Replays and exports of a session")
struct SessionRecordTests {
    // MARK: replay and export

    @Test func aReplayProvesThatNothingIsHidden() throws {
        let home = try Folder()
        try home.write("in.txt", "from before")
        let terminal = try Terminal.atPrompt(home: home, columns: 120)
        for (number, line) in ["setup \"demo\"", "let a = [1]", "random([2])", "print read_text(\"in.txt\"), a", "save json(\"a.json\"), a"].enumerated() {
            terminal.type(line + "\r")
            try terminal.wait("the next prompt") { $0.lines.last == "In [\(number + 2)]:" }
        }
        terminal.type(":replay\r")
        try terminal.expect("In [6]: :replay", "replay: all 5 statements come out the same in a new session", "In [6]:")
        // A second one is no other than the first, although the version's number has gone on.
        terminal.type(":replay\r")
        try terminal.expect("replay: all 5 statements come out the same in a new session", "In [6]:")
        terminal.type("!touch made-by-hand\r")
        try terminal.expect("In [6]: !touch made-by-hand", "In [6]:")
        terminal.type("exists(\"made-by-hand\")\r")
        try terminal.expect("Out [6]: true", "In [7]:")
        terminal.type(":replay\r")
        try terminal.expect("In [7]: :replay", "replay: In [6] comes out differently", "  here:   true", "  replay: false", "In [7]:")
        #expect(home.files().filter { $0.hasPrefix("snapshots/demo/v") && !$0.contains("v0") } == [])
    }

    /// The clock says what it said, and the times of files do not count.
    @Test func timesAreNoDifference() throws {
        let terminal = try Terminal.atPrompt(columns: 120)
        let lines = ["let start = now()", "start", "str(now() - start)", "setup \"demo\"; save json(\"a.json\"), 1", "show_files \"snapshots\"", "print now()"]
        for (number, line) in lines.enumerated() {
            terminal.type(line + "\r")
            try terminal.wait("the next prompt") { $0.lines.last == "In [\(number + 2)]:" }
        }
        terminal.type(":replay\r")
        try terminal.expect("In [7]: :replay", "replay: all 6 statements come out the same in a new session", "In [7]:")
    }

    @Test func aReplayHarmsNothingOutside() throws {
        let outside = try Folder()
        try outside.write("count.txt", "1")
        let terminal = try Terminal.atPrompt(columns: 160)
        terminal.type("write_text(\"\(outside.path)/count.txt\", str(int(read_text(\"\(outside.path)/count.txt\")) + 1))\r")
        try terminal.expect("In [2]:")
        terminal.type(":replay\r")
        try terminal.wait("the answer") { screen in
            screen.lines.contains("replay: In [1] comes out differently") && screen.lines.last == "In [2]:"
                && screen.lines.contains { $0.hasPrefix("  replay: error: ") && $0.contains("Read-only file system") }
        }
        #expect(try outside.read("count.txt") == "2")

        // What it only reads is there.
        let reader = try Terminal.atPrompt(columns: 160)
        reader.type("read_text(\"\(outside.path)/count.txt\")\r")
        try reader.expect("Out [1]: \"2\"", "In [2]:")
        reader.type(":replay\r")
        try reader.expect("replay: the statement comes out the same in a new session", "In [2]:")
    }

    @Test func aReplayIsStopped() throws {
        let terminal = try Terminal.atPrompt()
        // A file that the session did not find, and so a replay does not have.
        terminal.type("!touch here\r")
        try terminal.expect("In [1]: !touch here", "In [1]:")
        terminal.type("if not exists(\"here\") { while true {} }\r")
        try terminal.expect("In [2]:")
        terminal.type(":replay\r")
        try terminal.wait("the bar") { $0.lines.last?.hasPrefix("replay  ") == true }
        terminal.type(Keys.interrupt)
        try terminal.expect("In [2]: :replay", "replay: stopped at In [1]", "In [2]:")
        terminal.type("1\r")
        try terminal.expect("Out [2]: 1", "In [3]:")
    }

    @Test(arguments: [
        ("s.crate", ["print 1 + 1\n#= 2\n", "# raise \"oh\"\n#   failed: oh\n", "[1, 2]\n#= [1, 2]\n"]),
        ("s.md", ["```crate\nprint 1 + 1\n```", "```text\n2\n```", "error: oh"]),
        ("s.html", ["<!DOCTYPE html>", "<pre class=\"output\">2</pre>", "error: oh"]),
        ("s.ipynb", ["\"nbformat\": 4", "print 1 + 1", "\"2\\n\""]),
    ])
    func theSessionIsExported(file: String, parts: [String]) throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(home: home)
        for (number, line) in ["print 1 + 1", "raise \"oh\"", "[1, 2]"].enumerated() {
            terminal.type(line + "\r")
            try terminal.wait("the next prompt") { $0.lines.last == "In [\(number + 2)]:" }
        }
        terminal.type(":export \(file)\r")
        try terminal.expect("In [4]: :export \(file)", "\(file): 3 statements", "In [4]:")
        let text = try home.read(file)
        for part in parts { #expect(text.contains(part), "\(text)") }
        #expect(!text.contains("\u{1B}"))
        // Its own file is written again, another's is not.
        try home.write("taken.\(file)", "mine")
        terminal.type(":export \(file)\r")
        try terminal.expect("\(file): 3 statements", "In [4]:")
        terminal.type(":export taken.\(file)\r")
        try terminal.wait("the error") { $0.lines.contains { $0.hasPrefix("error: taken.\(file) is there already") } }
        #expect(try home.read("taken.\(file)") == "mine")
    }

    @Test func anExportedScriptIsALessonThatAgrees() throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(home: home)
        for (number, line) in ["let a = [1, 2]", "print a", "a", "raise \"oh\"", "{\"k\": a}"].enumerated() {
            terminal.type(line + "\r")
            try terminal.wait("the next prompt") { $0.lines.last == "In [\(number + 2)]:" }
        }
        terminal.type(":export s.crate\r")
        try terminal.expect("s.crate: 5 statements", "In [6]:")
        let checked = try Program.run(["walk", "--check", "s.crate"], in: home)
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(try Program.run(["s.crate"], in: home).output == "[1, 2]\n")
        #expect(try !home.read("s.crate").contains("#!seed"))
    }

    private func export(_ lines: [String], home: Folder) throws -> (text: String, terminal: Terminal) {
        let terminal = try Terminal.atPrompt(home: home, columns: 120)
        for (number, line) in lines.enumerated() {
            terminal.type(line + "\r")
            try terminal.wait("the next prompt") { $0.lines.last == "In [\(number + 2)]:" }
        }
        terminal.type(":export s.crate\r")
        try terminal.wait("the file") { screen in screen.lines.contains { $0.hasPrefix("s.crate: ") } && screen.lines.last == "In [\(lines.count + 1)]:" }
        let text = try home.read("s.crate")
        for arguments in [["walk", "--check", "s.crate"], ["check", "s.crate"], ["fmt", "--check", "s.crate"], ["s.crate"]] {
            let done = try Program.run(arguments, in: home)
            #expect(done.status == 0, "\(arguments): \(done.output)\(done.errors)\n\(text)")
        }
        return (text, terminal)
    }

    @Test func anExportSaysWhatThePromptKnowsAlone() throws {
        let lines = [
            "20+1  # half", "_ * 2", "print Out[1], Out[-1], In[2], \"\\(_)\"", "let out_1 = \"_ and Out[1]\"", "[_ for _ in [1, 2]]", "{_: 1, In: 2}", "_[\"In\"]",
            "setup \"demo\", start: \"new\"", "_.version", "let a = 1", "let a = a + 1; a", "for _ in 0..<2 { print _ }",
        ]
        let (text, terminal) = try export(lines, home: Folder())
        let parts = [
            "let out_1_ = 20 + 1  # half\nout_1_\n#= 21\n", "let out_2 = out_1_ * 2\nout_2\n#= 42\n", "print out_1_, out_2, \"_ * 2\", \"\\(out_2)\"\n#= 21 42 _ * 2 42\n",
            "let out_1 = \"_ and Out[1]\"\n", "[_ for _ in [1, 2]]\n#= [1, 2]\n", "let out_8 = setup(\"demo\", start: \"new\")\nout_8\n", "out_8.version\n#= 0\n", "\na = a + 1; a\n#= 2\n",
            "for _ in 0..<2 { print _ }\n#= 0\n#= 1\n",
        ]
        for part in parts { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(!terminal.screen.lines.contains { $0.contains("is a comment") })
    }

    @Test func whatCanNotBeExportedIsAComment() throws {
        let lines = ["1", "print Out", "let b = Out", "len(b)", "def f() { return _ }", "let b = 2", "b", "raise \"oh\"", "def g() { return 1 }", "def g() { return 2 }", "7"]
        let (text, terminal) = try export(lines, home: Folder())
        let parts = [
            "# print Out\n#   left out: `Out` without a number is known at the prompt alone\n", "# len(b)\n#   left out: what declares `b` is one, too\n",
            "# def f() { return _ }\n#   left out: `_` in a function is known at the prompt alone\n", "\nlet b = 2\n", "\nb\n#= 2\n", "# raise \"oh\"\n#   failed: oh\n",
            "# def g() { return 2 }\n#   left out: a script declares `g` once\n",
        ]
        for part in parts { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(terminal.screen.lines.contains("  In [2] is a comment: `Out` without a number is known at the prompt alone"))
    }

    @Test func anExportMakesNoFolders() throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(home: home)
        terminal.type("1\r")
        try terminal.expect("In [2]:")
        terminal.type(":export no/where/x.md\r")
        try terminal.expect("error: there is no folder no/where; make it first, or name another file", "In [2]:")
        #expect(!home.files().contains { $0.hasPrefix("no") })
    }

    /// The file has the seed that the session drew from.
    @Test(arguments: [[], ["--seed", "7"]])
    func anExportAgreesWithWhatWasDrawn(arguments: [String]) throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(arguments, home: home)
        terminal.type("random(seed: 1)\r")
        try terminal.expect("In [2]:")
        terminal.type("let a = random([3]); a\r")
        try terminal.expect("In [3]:")
        terminal.type("shuffle([1, 2, 3, 4, 5, 6, 7, 8])\r")
        try terminal.expect("In [4]:")
        terminal.type(":export s.crate\r")
        try terminal.expect("s.crate: 3 statements", "In [4]:")
        let text = try home.read("s.crate")
        #expect(text.contains("#!seed ") && (arguments.isEmpty || text.contains("#!seed 7\n")), "\(text)")
        let checked = try Program.run(["walk", "--check", "s.crate"], in: home)
        #expect(checked.status == 0, "\(checked.errors)")
        // Another seed shows something else.
        try home.write("s.crate", text.split(separator: "\n").map { $0.hasPrefix("#!seed") ? "#!seed 123456" : String($0) }.joined(separator: "\n"))
        #expect(try Program.run(["walk", "--check", "s.crate"], in: home).status == 1)
    }
}
