import Foundation
import Testing

@Suite("History of the prompt")
struct PromptHistoryTests {
    private static let file = ".local/state/opencrate/history.jsonl"

    private func prompt(_ home: Folder, _ environment: [String: String] = [:]) throws -> Terminal {
        let terminal = try Terminal(environment: environment, home: home)
        try terminal.expect("In [1]:")
        return terminal
    }

    private func home(with statements: [String]) throws -> Folder {
        let home = try Folder()
        try FileManager.default.createDirectory(atPath: home.file(".local/state/opencrate"), withIntermediateDirectories: true)
        try home.write(Self.file, statements.map { #"{"statement": "\#($0)"}"# + "\n" }.joined())
        return home
    }

    @Test func severalShellsShareOneFile() throws {
        let home = try Folder()
        let terminals = try (0..<2).map { _ in try prompt(home) }
        for number in 1...20 {
            // The keys of both are on their way before either is waited for.
            for (index, terminal) in terminals.enumerated() { terminal.type("let s\(index)_\(number) = [\r1\r]\r") }
            for terminal in terminals { try terminal.expect("In [\(number + 1)]:") }
        }
        for terminal in terminals {
            terminal.type(Keys.leave)
            #expect(terminal.end() == 0)
        }
        let lines = try home.read(Self.file).split(separator: "\n")
        #expect(lines.count == 40)
        for index in 0..<2 {
            let own = lines.filter { $0.contains("let s\(index)_") }
            #expect(own == (1...20).map { #"{"statement": "let s\#(index)_\#($0) = [\n  1\n]"}"# })
        }
        let third = try prompt(home)
        third.type("let s0" + Keys.up)
        try third.expect("In [1]: let s0_20 = [", "   ...:   1", "   ...: ]")
    }

    @Test func whatBeginsWithABlankIsNotKept() throws {
        let home = try Folder()
        let terminal = try prompt(home)
        terminal.type(" print 'secret'\r")
        try terminal.expect("secret", "In [2]:")
        terminal.type("print 'open'\r")
        try terminal.expect("open", "In [3]:")
        #expect(try home.read(Self.file) == #"{"statement": "print 'open'"}"# + "\n")
        terminal.type(Keys.up + Keys.up)
        try terminal.expect("In [3]: print 'open'")
    }

    /// A writer may have been killed, a disk full, or an editor leaves the last newline out.
    @Test(arguments: [#"{"statement": "cut o"#, #"{"statement": "cut \"#, #"{"statement": "cut""#, #"{"statement": "whole"}"#, "rubbish"])
    func aLastLineWithoutItsEndHarmsNoOther(end: String) throws {
        let home = try home(with: ["print 1"])
        try home.write(Self.file, home.read(Self.file) + end)
        let first = try prompt(home)
        first.type("print 2\r")
        try first.expect("2", "In [2]:")
        #expect(try home.read(Self.file).hasSuffix("\n\(end)\n{\"statement\": \"print 2\"}\n"))
        let second = try prompt(home)
        second.type(Keys.up)
        try second.expect("In [1]: print 2")
        second.type(Keys.up)
        try second.expect(end.contains("whole") ? "In [1]: whole" : "In [1]: print 1")
    }

    /// As they were written before.
    @Test func nothingOfTwoLinesInOneIsRecalled() throws {
        let home = try home(with: ["print 1"])
        try home.write(Self.file, home.read(Self.file) + #"{"statement": "cut {"statement": "let glued = 1"}"# + "\n")
        let terminal = try prompt(home)
        terminal.type(Keys.up)
        try terminal.expect("In [1]: print 1")
    }

    @Test func aPrivateSessionLeavesNothing() throws {
        let home = try Folder()
        let terminal = try prompt(home, ["CRATE_HISTORY": "off"])
        terminal.type("print 'secret'\r")
        try terminal.expect("secret", "In [2]:")
        // Within the session it is recalled.
        terminal.type(Keys.up)
        try terminal.expect("In [2]: print 'secret'")
        #expect(home.files().isEmpty)
    }

    @Test func theFileIsBoundedAndNothingRecentIsLost() throws {
        let home = try home(with: (0..<42_000).map { "print \($0) " + String(repeating: "x", count: 80) })
        let terminal = try prompt(home)
        terminal.type("print 'new'\r")
        try terminal.expect("new", "In [2]:")
        terminal.type("print 'newer'\r")
        try terminal.expect("newer", "In [3]:")
        #expect(try home.read(Self.file) == #"{"statement": "print 'newer'"}"# + "\n")
        let second = try prompt(home)
        second.type(Keys.up + Keys.up)
        try second.expect("In [1]: print 'new'")
        second.type(Keys.up)
        try second.wait("what is older") { $0.lines.contains { $0.hasPrefix("In [1]: print 41999 xxx") } }
    }

    @Test func upLooksForWhatBeginsAsTyped() throws {
        let terminal = try prompt(home(with: ["print 1", "let a = 2", "print 3", "let b = 4"]))
        terminal.type("print" + Keys.up)
        try terminal.expect("In [1]: print 3")
        terminal.type(Keys.up)
        try terminal.expect("In [1]: print 1")
        terminal.type(Keys.up + Keys.down + Keys.down)
        try terminal.expect("In [1]: print")
        #expect(terminal.screen.column == 13)
    }

    @Test func controlRFindsWhatHoldsTheText() throws {
        let terminal = try prompt(home(with: ["print 1", "let a = 2", "print 3", "let b = 4", "[\\n 1,\\n 55]"]))
        terminal.type(Keys.control("r"))
        try terminal.expect("In [1]:", "search: ▏")
        terminal.type("print")
        try terminal.expect("In [1]: print 3", "search: print▏")
        terminal.type(Keys.control("r"))
        try terminal.expect("In [1]: print 1", "search: print▏")
        terminal.type(Keys.control("r"))
        try terminal.expect("In [1]: print 1", "not found: print▏")
        terminal.type(Keys.control("s"))
        try terminal.expect("In [1]: print 3", "search: print▏")
        terminal.type(String(repeating: Keys.backspace, count: 5) + "55")
        try terminal.expect("In [1]: [", "   ...:  1,", "   ...:  55]", "search: 55▏")
        // The cursor stands where it was found; Enter takes the statement, and runs it when pressed again.
        #expect(terminal.screen.column == 9)
        terminal.type(Keys.enter + Keys.end + Keys.enter)
        try terminal.expect("Out [1]: [1, 55]", "In [2]:")
    }

    @Test(arguments: [Keys.control("g"), Keys.interrupt])
    func aSearchIsGivenUp(key: String) throws {
        let terminal = try prompt(home(with: ["print 1"]))
        terminal.type("mine" + Keys.left + Keys.control("r") + "rin")
        try terminal.expect("In [1]: print 1", "search: rin▏")
        terminal.type(key)
        try terminal.expect("In [1]: mine")
        #expect(terminal.screen.column == 11)
        terminal.type(Keys.interrupt)
        try terminal.expect("In [1]: mine", "In [1]:")
    }

    @Test func anotherKeyEndsTheSearchAndDoesItsWork() throws {
        let terminal = try prompt(home(with: ["print 12"]))
        terminal.type(Keys.control("r") + "12" + Keys.right)
        try terminal.wait("the search to end") { $0.lines.last?.hasPrefix("In [1]: print 12") == true && $0.column == 15 }
        terminal.type("3" + Keys.enter)
        try terminal.expect("In [1]: print 132", "132", "In [2]:")
    }
}
