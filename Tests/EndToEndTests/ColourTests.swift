import Testing

@Suite("Colour")
struct ColourTests {
    private let failing = ["-c", "raise \"x\""]
    private func isColoured(_ text: String) -> Bool { text.contains("\u{1B}[") }

    @Test func filesGetNoColourUnlessAsked() throws {
        #expect(!isColoured(try Program.run(failing, environment: ["TERM": "xterm"]).errors))
        #expect(!isColoured(try Program.run(["--color", "auto"] + failing, environment: ["TERM": "xterm"]).errors))
        #expect(isColoured(try Program.run(["--color=always"] + failing).errors))
    }

    @Test func aTerminalGetsColour() throws {
        let terminal = try Terminal(failing)
        #expect(terminal.end() == 1)
        #expect(isColoured(terminal.screen.received))
    }

    @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
    func aTerminalGetsNoneWhereItIsNotWanted(environment: [String: String]) throws {
        let terminal = try Terminal(failing, environment: environment)
        #expect(terminal.end() == 1)
        #expect(!terminal.screen.lines.isEmpty)
        #expect(!isColoured(terminal.screen.received))
    }

    @Test func neverIsNever() throws {
        let terminal = try Terminal(["--color", "never"] + failing)
        #expect(terminal.end() == 1)
        #expect(!isColoured(terminal.screen.received))
    }
}
