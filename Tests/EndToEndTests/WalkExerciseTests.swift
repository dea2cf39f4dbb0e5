import Testing

@Suite("Exercises, and leaving a walkthrough")
struct WalkExerciseTests {
    // MARK: exercises

    @Test func `a wrong answer is told what is missing, hints come one at a time, and the right one leads on`() throws {
        let terminal = try Walk.play()
        terminal.type("\rj5\r")
        try terminal.expect(Walk.exerciseKeys[0], Walk.exerciseKeys[1], "In [1]:")
        terminal.type("let m = 8\r")
        try terminal.expect("In [1]: let m = 8", "Not yet: m should be seven", "In [2]:")
        terminal.type(":hint\r")
        try terminal.expect("? It is a number.", "There is another hint.", "In [2]:")
        terminal.type(":hint\r")
        try terminal.expect("? It is a number.", "? let m = 7", "In [2]:")
        terminal.type(":check\r")
        try terminal.expect("In [2]: :check", "Not yet: m should be seven", "In [2]:")
        terminal.type(":solution\r")
        try terminal.expect("▌ let m = 7", "In [2]:")
        terminal.type("let m = 1 / 0\r")
        try terminal.expect("In [3]:")
        terminal.type("let m = 7\r")
        try terminal.expectStep("6/6 The end")
        #expect(terminal.screen.lines.contains("✓ Right!"))
        terminal.type("\r")
        try terminal.waitForLine("m is 7")
    }

    @Test func `an answer is part of the state when one goes back behind it`() throws {
        let terminal = try Walk.play()
        terminal.type("\rj5\r")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type("let own = 7\r")
        try terminal.expect("In [2]:")
        terminal.type("let m = own\r")
        try terminal.expectStep("6/6 The end")
        terminal.type("j2\r")
        try terminal.expectStep("2/6 One")
        terminal.type("j6\r")
        try terminal.expectStep("6/6 The end")
        terminal.type("e")
        try terminal.expect("In [1]:")
        terminal.type("own\r")
        try terminal.expect("Out [1]: 7", "In [2]:")
    }

    @Test func `an exercise can be left in every direction`() throws {
        let terminal = try Walk.play()
        terminal.type("\rj5\r")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type(":back\r")
        try terminal.expectStep("4/6 Three")
        terminal.type("s")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type(Keys.interrupt)
        try terminal.expect("In [1]:", "In [1]:")
        terminal.type(":quit\r")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "The lesson waits at step 5; the same command goes on there.")
        #expect(terminal.isCooked)
    }

    @Test func `the lesson's commands are completed, and the nearest is named`() throws {
        let terminal = try Walk.play()
        terminal.type("\rj5\r")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type(":sol\r")
        try terminal.expect("error: the prompt has no command :sol; did you mean :solution?", "In [1]:")
        terminal.type(":che" + Keys.tab)
        try terminal.expect("In [1]: :check")
        terminal.type(Keys.control("u") + ":map\r")
        try terminal.expect("▸   5  Your turn  (exercise)", "    6  The end", "", "Make m seven.", "", "In [1]:")
    }

    @Test(arguments: [":skip\r", "let m = 7\r"])
    func `keys typed behind what ends an exercise are for the lesson`(answer: String) throws {
        let terminal = try Walk.play()
        terminal.type("\rj5\r")
        try terminal.expectStep("5/6 Your turn", last: "In [1]:")
        terminal.type(answer + "q")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.last == "The lesson waits at step 6; the same command goes on there.")
    }

    // MARK: leaving and coming back

    @Test(arguments: [":quit\r", Keys.leave, ":back\r"])
    func `what was begun of an exercise is there again`(leave: String) throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        first.type("\rj5\r")
        try first.expectStep("5/6 Your turn", last: "In [1]:")
        first.type("let own = 3\r")
        try first.expect("In [2]:")
        first.type("if true {\r")
        try first.expect("In [2]: if true {", "   ...:")
        first.type("own = 7\r}\r")
        try first.expect("   ...: }", "Not yet: unknown name `m`", "In [3]:")
        first.type("1 / 0\r")
        try first.expect("In [4]:")
        first.type(leave)
        if leave == ":back\r" {
            try first.expectStep("4/6 Three")
            first.type("q")
        }
        #expect(first.end() == 0)
        let second = try Walk.play(home: home, columns: 100)
        second.type(leave == ":back\r" ? "\rs" : "\r")
        try second.expect(
            "What you wrote here before has run again; Up brings it back, :again begins anew.", "▌ let own = 3", "▌ if true {", "▌   own = 7", "▌ }", "▌ 1 / 0", "In [1]:")
        second.type(Keys.up + Keys.up)
        try second.expect("In [1]: if true {", "   ...:   own = 7", "   ...: }")
        second.type(Keys.interrupt + "let m = own\r")
        try second.expectStep("6/6 The end")
        // All of it is the answer from there on.
        second.type("b")
        try second.expectStep("5/6 Your turn", last: "In [1]:")
        second.type(":skip\r")
        try second.expectStep("6/6 The end")
        second.type("e")
        try second.expect("In [1]:")
        second.type("own\r")
        try second.expect("Out [1]: 7", "In [2]:")
    }

    @Test func `an exercise begins anew when one asks for it, and what was stopped is not run again`() throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        first.type("\rj5\r")
        try first.expectStep("5/6 Your turn", last: "In [1]:")
        first.type("print \"begun\"; while true {}\r")
        try first.expect("begun")
        first.type(Keys.interrupt)
        try first.expect("In [2]:")
        first.type("let own = 3\r")
        try first.expect("In [3]:")
        first.type(":quit\r")
        #expect(first.end() == 0)
        let second = try Walk.play(home: home, columns: 100)
        second.type("\r")
        try second.expect("▌ let own = 3", "In [1]:")
        #expect(!second.screen.lines.contains { $0.contains("while true") })
        second.type(":again\r")
        try second.wait("the step anew") { $0.lines.filter { $0.hasPrefix("── 5/6") }.count == 2 && $0.lines.last == "In [1]:" }
        second.type("own\r")
        try second.wait("the error") { $0.lines.contains { $0.contains("unknown name `own`") } }
    }

    /// The terminal may be closed at any time.
    @Test func `what is written is kept at once`() throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        first.type("\rj5\r")
        try first.expectStep("5/6 Your turn", last: "In [1]:")
        first.type("let own = 3\r")
        try first.expect("In [2]:")
        let kept = home.files().filter { $0.hasPrefix(".local/state/opencrate/walks/") }
        #expect(kept.count == 1)
        #expect(try kept.map(home.read) == ["# at step 5\n# begun at step 5\nlet own = 3"])
    }

    @Test(arguments: ["q", Keys.leave])
    func `a lesson that was left goes on there`(key: String) throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        first.type("\r\r\r\r")
        try first.expectStep("4/6 Three")
        first.type(key)
        #expect(first.end() == 0)
        #expect(first.screen.lines.last == "The lesson waits at step 4; the same command goes on there.")
        let second = try Walk.play(home: home, columns: 100)
        try second.expect("You were at step 4 of 6, Three. Enter goes on there, n begins anew, q leaves.")
        second.type("x\r")
        try second.expectStep("4/6 Three")
        second.type("\r")
        try second.waitForLine("20 true")
    }

    @Test func `one can begin anew, or leave at once`() throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        first.type("\r\rq")
        #expect(first.end() == 0)
        let second = try Walk.play(home: home, columns: 100)
        second.type("q")
        #expect(second.end() == 0)
        let third = try Walk.play(home: home, columns: 100)
        third.type("n")
        try third.expectStep("1/6 Birds", last: "Enter go on")
    }

    @Test func `answers outlive the session`() throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        first.type("\rj5\r")
        try first.expectStep("5/6 Your turn", last: "In [1]:")
        first.type("let m = 7; let mine = 70\r")
        try first.expectStep("6/6 The end")
        first.type("q")
        #expect(first.end() == 0)
        let second = try Walk.play(home: home, columns: 100)
        second.type("\r")
        try second.expectStep("6/6 The end")
        second.type("e")
        try second.expect("In [1]:")
        second.type("mine\r")
        try second.expect("Out [1]: 70", "In [2]:")
    }

    @Test func `a lesson that is done begins anew, and so does one that has changed`() throws {
        let home = try Folder()
        let first = try Walk.play(home: home)
        try first.expectStep("1/6 Birds", last: "Enter go on")
        first.type("a")
        #expect(first.end() == 0)
        let second = try Walk.play(home: home)
        try second.expectStep("1/6 Birds", last: "Enter go on")
        second.type("\r\r\r\rq")
        #expect(second.end() == 0)
        let third = try Walk.play("# %% Short\nprint 1\n", home: home)
        try third.expectStep("1/1 Short")
    }
}
