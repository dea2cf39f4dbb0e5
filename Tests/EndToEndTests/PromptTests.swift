import Foundation
import Testing

@Suite("The prompt at a terminal")
struct PromptTests {
    @Test func valuesAreShownAndNumbered() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print 1 + 1\r")
        try terminal.expect("In [1]: print 1 + 1", "2", "In [2]:")
        terminal.type("20 + 1\r")
        try terminal.expect("In [2]: 20 + 1", "Out [2]: 21", "In [3]:")
        terminal.type(Keys.leave)
        #expect(terminal.end() == 0)
        #expect(terminal.isCooked)
    }

    @Test func anErrorKeepsTheSession() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("let a = 5\r")
        try terminal.expect("In [2]:")
        terminal.type("raise \"oh\"\r")
        try terminal.wait("the message") { $0.lines.contains { $0.hasPrefix("In [2]:1:1: error: oh") } }
        try terminal.expect("In [3]:")
        terminal.type("a * 2\r")
        try terminal.expect("In [3]: a * 2", "Out [3]: 10", "In [4]:")
        terminal.type("exit 4\r")
        #expect(terminal.end() == 4)
    }

    @Test func aStatementGoesOnWhileItIsOpen() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("if true {\r")
        try terminal.expect("In [1]: if true {", "   ...:")
        terminal.type("print 7\r}\r")
        try terminal.expect("In [1]: if true {", "   ...:   print 7", "   ...: }", "7", "In [2]:")
    }

    @Test func upRecallsWholeStatements() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print 1\r")
        try terminal.expect("In [2]:")
        terminal.type("if true {\rprint 2\r}\r")
        try terminal.expect("2", "In [3]:")
        terminal.type("if" + Keys.up)
        try terminal.expect("In [3]: if true {", "   ...:   print 2", "   ...: }")
        terminal.type("\r")
        try terminal.expect("   ...: }", "2", "In [4]:")
        // From the last line of the recalled text to its first, and on to the statement before.
        terminal.type(Keys.up + Keys.up + Keys.up + Keys.up)
        try terminal.expect("In [4]: print 1")
        terminal.type(Keys.down + Keys.down + Keys.down + Keys.down)
        try terminal.expect("In [4]:")
    }

    @Test func historyOutlivesTheSessionAndIsPrivate() throws {
        let home = try Folder()
        let first = try Terminal(home: home)
        try first.expect("In [1]:")
        first.type("print \"käse \\\"x\\\"\"\r")
        try first.expect("käse \"x\"", "In [2]:")
        first.type(Keys.leave)
        #expect(first.end() == 0)
        let file = home.file(".local/state/opencrate/history.jsonl")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try home.read(".local/state/opencrate/history.jsonl") == #"{"statement": "print \"käse \\\"x\\\"\""}"# + "\n")

        let second = try Terminal(home: home)
        try second.expect("In [1]:")
        second.type(Keys.up)
        try second.expect("In [1]: print \"käse \\\"x\\\"\"")
    }

    @Test func aDamagedHistoryIsPassedOver() throws {
        let home = try Folder()
        try FileManager.default.createDirectory(atPath: home.file(".local/state/opencrate"), withIntermediateDirectories: true)
        try home.write(".local/state/opencrate/history.jsonl", "\u{0}rubbish\n{\"statement\": \"good\"}\n{\"statement\": \"cut o")
        let terminal = try Terminal(home: home)
        try terminal.expect("In [1]:")
        terminal.type(Keys.up)
        try terminal.expect("In [1]: good")
    }

    @Test func controlCGivesALineUp() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print 12345")
        try terminal.expect("In [1]: print 12345")
        terminal.type(Keys.interrupt)
        try terminal.expect("In [1]: print 12345", "In [1]:")
        terminal.type("if true {\r")
        try terminal.expect("   ...:")
        terminal.type(Keys.interrupt)
        try terminal.expect("   ...:", "In [1]:")
        terminal.type("print 3\r")
        try terminal.expect("In [1]: print 3", "3", "In [2]:")
    }

    @Test func controlCStopsAProgramAndKeepsTheSession() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("let kept = 6\r")
        try terminal.expect("In [2]:")
        terminal.type("while true { print \"on\"; while true {} }\r")
        try terminal.expect("on")
        terminal.type(Keys.interrupt)
        try terminal.expect("In [3]:")
        terminal.type("kept\r")
        try terminal.expect("In [3]: kept", "Out [3]: 6", "In [4]:")
    }

    @Test func controlDLeavesOnlyAnEmptyLine() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print 12" + Keys.left + Keys.leave + "\r")
        try terminal.expect("In [1]: print 1", "1", "In [2]:")
        terminal.type(Keys.leave)
        #expect(terminal.end() == 0)
    }

    @Test func aPasteIsTakenAsItIs() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        #expect(terminal.screen.received.contains("\u{1B}[?2004h"))
        terminal.type("\u{1B}[200~print 'a\tb'\rprint 2\u{1B}[201~")
        try terminal.expect("In [1]: print 'a        b'", "   ...: print 2")
        terminal.type("\r")
        try terminal.wait("both lines run") { $0.lines.suffix(3) == ["a       b", "2", "In [2]:"] }
    }

    @Test func promptsOfACopiedSessionComeOff() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("\u{1B}[200~In [7]: if true {\n   ...:   print 9\n   ...: }\u{1B}[201~")
        try terminal.expect("In [1]: if true {", "   ...:   print 9", "   ...: }")
        terminal.type("\r")
        try terminal.expect("   ...: }", "9", "In [2]:")
    }

    @Test func aPasteTallerThanTheWindowRunsWhole() throws {
        let terminal = try Terminal(rows: 10)
        try terminal.expect("In [1]:")
        let lines = (1...30).map { "print \($0)" }.joined(separator: "\n")
        terminal.type("\u{1B}[200~\(lines)\u{1B}[201~")
        try terminal.wait("the paste") { $0.lines.contains("   ...: print 30") }
        terminal.type("\r")
        try terminal.expect("28", "29", "30", "In [2]:")
    }

    @Test func wideAndComposedCharactersAreEditedWhole() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print '漢字é🙂x'" + Keys.left + Keys.left)
        terminal.type("\u{7F}")
        try terminal.expect("In [1]: print '漢字éx'")
        terminal.type("\u{7F}\u{7F}\r")
        try terminal.expect("In [1]: print '漢x'", "漢x", "In [2]:")
        // An accent of its own and a flag of two halves each go with one key.
        terminal.type("print 'ae\u{301}🇫🇷'" + Keys.left + "\u{7F}\u{7F}\r")
        try terminal.wait("the rest alone") { $0.lines.suffix(2) == ["a", "In [3]:"] }
    }

    @Test func unknownKeysTypeNothing() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print\u{1B}[15~\u{1B}[24;5~\u{1B}[1~\u{1B}[4~\u{1B}OH\u{1B}OF 4\u{1B}[1;5D\u{1B}[1;5C\u{1B}[6~\r")
        try terminal.expect("In [1]: print 4", "4", "In [2]:")
    }

    @Test func keysTypedAheadAreShownOnce() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        // The second statement arrives while the first one runs.
        terminal.type("let n = 0; while n < 300000 { n = n + 1 }; print \"done\"\rprint 8\r")
        try terminal.expect("done", "In [2]: print 8", "8", "In [3]:")
        #expect(terminal.screen.lines.filter { $0.contains("print 8") }.count == 1)
    }

    @Test func aLongLineWrapsAndSurvivesAnotherWidth() throws {
        let terminal = try Terminal(columns: 40)
        try terminal.expect("In [1]:")
        terminal.type("print '\(String(repeating: "a", count: 50))'")
        try terminal.wait("the wrapped line") { $0.lines.last == String(repeating: "a", count: 25) + "'" }
        terminal.resize(columns: 60, rows: 24)
        terminal.type("\r")
        try terminal.expect(String(repeating: "a", count: 50), "In [2]:")
    }

    @Test func aDumbTerminalIsReadPlainly() throws {
        let terminal = try Terminal(environment: ["TERM": "dumb"])
        try terminal.expect("In [1]:")
        terminal.type("print 1 + 1\r")
        try terminal.expect("In [1]: print 1 + 1", "2", "In [2]:")
        terminal.type("if true {\r")
        try terminal.expect("In [2]: if true {", "   ...:")
        terminal.type("print 5; }\r")
        try terminal.expect("   ...: print 5; }", "5", "In [3]:")
        #expect(!terminal.screen.received.contains("\u{1B}"))
        terminal.type("half")
        try terminal.expect("In [3]: half")
        terminal.type(Keys.interrupt)
        try terminal.wait("a fresh line") { $0.lines.suffix(2) == ["In [3]: half^C", "In [3]:"] }
        terminal.type(Keys.leave)
        #expect(terminal.end() == 0)
    }

    @Test(arguments: [["TERM": "no-such-terminal"], ["TERM": ""]])
    func anUnknownTerminalGivesNoWarning(environment: [String: String]) throws {
        let terminal = try Terminal(environment: environment)
        try terminal.expect("In [1]:")
        #expect(terminal.screen.lines.count == 2)
    }

    @Test func theLanguageOfTheSystemDoesNotMatter() throws {
        let terminal = try Terminal(environment: ["LANG": "C", "LC_ALL": "C"])
        try terminal.expect("In [1]:")
        terminal.type("print 'größe'\r")
        try terminal.expect("In [1]: print 'größe'", "größe", "In [2]:")
    }

    @Test func bytesThatAreNoTextAreSeenNotLost() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type(bytes: Array("print 'a".utf8) + [0xFF, 0xE9] + Array("b'\r".utf8))
        try terminal.expect("In [1]: print 'a\u{FFFD}\u{FFFD}b'", "a\u{FFFD}\u{FFFD}b", "In [2]:")
    }

    @Test func thePromptHasColourOnlyWhereAllowed() throws {
        let plain = try Terminal(environment: ["NO_COLOR": "1"])
        try plain.expect("In [1]:")
        plain.type("1\r")
        try plain.expect("Out [1]: 1", "In [2]:")
        #expect(plain.screen.received.firstMatch(of: /\u{1B}\[[0-9;]*m/) == nil)
        let coloured = try Terminal()
        try coloured.expect("In [1]:")
        #expect(coloured.screen.received.contains("\u{1B}[32m"))
    }

    @Test func theTerminalIsNeverAsked() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        for query in ["\u{1B}[6n", "\u{1B}[c", "\u{1B}[0c", "\u{1B}]11;?", "\u{1B}[>c", "\u{1B}P+q"] {
            #expect(!terminal.screen.received.contains(query))
        }
    }

    @Test func aStopAndAnotherProgramInBetweenDoNoHarm() throws {
        let terminal = try Terminal()
        try terminal.expect("In [1]:")
        terminal.type("print 1")
        try terminal.expect("In [1]: print 1")
        try terminal.stop()
        terminal.makeCooked()
        terminal.continue()
        try terminal.wait("the editor's own state") { _ in !terminal.isCooked }
        terminal.type("7\r")
        try terminal.wait("the line to run") { $0.lines.suffix(2) == ["17", "In [2]:"] }
    }
}
