import Testing

/// A lesson as a person plays it: keys go in, and what stands on the screen is looked at.
enum Walk {
    static let lesson = #"""
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

    static let keys = "Enter run  b back  s skip  q leave  r again  j jump  m map  e try out  a play"
    static let exerciseKeys = [
        "Your turn, at the prompt. :hint helps, :check says what is missing, :solution", "shows one, :skip goes on, :back goes back, :quit leaves.",
    ]

    /// A lesson, shown up to its first line of keys.
    static func play(
        _ text: String = lesson, _ options: [String] = [], home: Folder? = nil, columns: Int = 80, rows: Int = 60, term: String = "xterm-256color"
    ) throws -> Terminal {
        let home = try home ?? Folder()
        try home.write("lesson.crate", text)
        return try Terminal(["walk"] + options + ["lesson.crate"], environment: ["TERM": term], home: home, columns: columns, rows: rows)
    }
}

extension Terminal {
    /// Waits until the last step on the screen is `step`, and the last line is `last`.
    func expectStep(_ step: String, last: String = Walk.keys, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait("step \(step), then \(last)", sourceLocation) { screen in
            screen.lines.last { $0.hasPrefix("── ") }?.hasPrefix("── \(step) ") == true && screen.lines.last?.hasPrefix(last) == true
        }
    }

    func waitForLine(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait("the line \(line)", sourceLocation) { $0.lines.contains(line) }
    }
}
