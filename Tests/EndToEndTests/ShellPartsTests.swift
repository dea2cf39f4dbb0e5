import CrateLanguage
import Glibc
import Testing

@testable import CrateShell
@testable import LineEditor

@Suite("JSON on the command line")
struct JSONTextTests {
    @Test(arguments: [
        "0", "-0", "12", "-1.5", "1e3", "2.5E-07", "true", "false", "null", "\"\"", "\"a\\u00e9\\n\"", "[]", "[1, [2, {}], \"x\"]",
        "{\"a\": 1, \"b\": [true, null]}", "{ }", "[ 1 , 2 ]",
    ])
    func valuesAreKnown(text: String) { #expect(JSONText.isValue(text)) }

    @Test(arguments: [
        "", " ", "01", "1.", ".5", "+1", "1e", "0x10", "NaN", "nul", "trues", "1 2", "\"open", "\"a\\(1)\"", "\"\\u12g4\"", "\"tab\there\"",
        "[1,]", "[1", "{a: 1}", "{\"a\" 1}", "{\"a\":}", "snapshots", "-", "]", " 1", "1 ",
    ])
    func everythingElseIsText(text: String) { #expect(!JSONText.isValue(text)) }

    @Test func deepNestingIsTextRatherThanACrash() {
        #expect(JSONText.isValue(String(repeating: "[", count: 200) + String(repeating: "]", count: 200)))
        #expect(!JSONText.isValue(String(repeating: "[", count: 1_000_000)))
    }

    @Test(arguments: ["", "plain", "a\"b\\c", "line\nnext\r\ttab", "\u{0}\u{1F}\u{7F}", "größe 漢字 🙂 e\u{301}", "\\(1+1)", "\u{2028}"])
    func quotingComesBack(text: String) {
        #expect(JSONText.isValue(JSONText.quoted(text)))
        #expect(!JSONText.quoted(text).contains("\n"))
        #expect(JSONText.unquoted(JSONText.quoted(text) + ", more") == text)
    }

    @Test func surrogatePairsAreOneCharacter() {
        #expect(JSONText.unquoted("\"\\ud83d\\ude42\"") == "🙂")
        #expect(JSONText.unquoted("\"cut") == nil)
        #expect(JSONText.unquoted("bare") == nil)
    }
}

@Suite("Words of the command line")
struct CommandStatementTests {
    private let command = NativeFunction(
        "show", "Shows.",
        [Parameter("path"), Parameter("depth", .int, .optional, named: true), Parameter("verbose", .bool, .optional, named: true)]
    ) { _ throws(Failure) in .null }

    @Test(arguments: [
        ([], "show"),
        (["a", "--depth", "2"], "show \"a\", depth: 2"),
        (["--depth=2", "a"], "show \"a\", depth: 2"),
        (["--verbose", "a"], "show \"a\", verbose: true"),
        (["--verbose", "false", "a"], "show \"a\", verbose: false"),
        (["a", "--dry-run"], "show \"a\", dry_run: true"),
        (["--depth", "-3"], "show depth: -3"),
        (["--tag="], "show tag: \"\""),
        (["--a=b=c"], "show a: \"b=c\""),
        (["--", "--depth"], "show \"--depth\""),
        (["-x"], "show \"-x\""),
    ])
    func becomeOneStatement(words: [String], expected: String) throws {
        #expect(try statement(command, words) == expected)
    }

    @Test(arguments: ["--", "--=1", "--1", "--a b", "--a:b", "--é", "---x"])
    func namesThatAreNoneAreRefused(word: String) throws {
        guard word != "--" else { return #expect(try statement(command, [word]) == "show") }
        #expect(throws: WrongUse.self) { try statement(command, [word]) }
    }
}

@Suite("Parts of the line editor")
struct LineEditorPartsTests {
    @Test func sequencesAreKeys() {
        #expect(Key(parameters: "", final: "A") == .up)
        #expect(Key(parameters: "1;5", final: "D") == .wordLeft)
        #expect(Key(parameters: "5", final: "C") == .wordRight)
        #expect(Key(parameters: "3", final: "~") == .delete)
        #expect(Key(parameters: "200", final: "~") == .pasteStart)
        #expect(Key(parameters: "24;5", final: "~") == .unknown)
        #expect(Key(parameters: "99999999999999999999", final: "~") == .unknown)
        #expect(Key(parameters: "", final: "Z") == .backTab)
        #expect(Key(parameters: "13;3", final: "u") == .newLine)
        #expect(Key(parameters: "13", final: "u") == .unknown)
        #expect(Key(parameters: "27;3;13", final: "~") == .newLine)
        #expect(Key(parameters: "", final: "q") == .unknown)
    }

    @Test(arguments: [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb\u{1B}[31m\u{0}\u{7F}c", "a\tb[31mc"),
        ("In [3]: x\n   ...: y\n   ...:\nIn [4]: z", "x\ny\n\nz"),
        ("In [1]: 1 + 2\nOut [1]: 3\n\nIn [2]: print 5\n5\n", "1 + 2\nprint 5"),
        ("\nIn [12]: if a {\n    ...:   b\n    ...: }\nb", "if a {\n  b\n}"),
        (">>> if a {\n...   b\n... }\n>>>\n>>> c\nshown", "if a {\n  b\n}\n\nc"),
        ("x = 1\nIn [1]: y", "x = 1\nIn [1]: y"),
        (">>>a", ">>>a"),
        ("say In [3]: x", "say In [3]: x"),
        ("...: kept", "...: kept"),
        ("In [x]: kept", "In [x]: kept"),
        ("", ""),
    ])
    func pastesAreCleaned(raw: String, expected: String) { #expect(cleanedPaste(raw) == expected) }

    @Test func recallWalksAndComesBackToTheDraft() {
        var recall = Recall(["one", "two"])
        #expect(recall.newer() == nil)
        #expect(recall.older(than: "") == "two")
        #expect(recall.older(than: "two, changed") == "one")
        #expect(recall.older(than: "one") == nil)
        #expect(recall.newer() == "two")
        #expect(recall.newer() == "")
        recall.add("two")
        recall.add("three")
        #expect(recall.statements == ["one", "two", "three"])
        #expect(recall.older(than: "") == "three")
    }

    @Test func recallKeepsToWhatWasTyped() {
        var recall = Recall(["print 1", "let a = 2", "print 3", "print 3", "let b = 4"])
        #expect(recall.older(than: "print") == "print 3")
        #expect(recall.older(than: "print 3") == "print 1")
        #expect(recall.older(than: "print 1") == nil)
        #expect(recall.newer() == "print 3")
        #expect(recall.newer() == "print")
        recall.rewind()
        #expect(recall.older(than: "none like it") == nil)
        #expect(recall.search("let", from: 5, isForward: false) == 4)
        #expect(recall.search("let", from: 4, isForward: false) == 1)
        #expect(recall.search("let", from: 2, isForward: true) == 4)
        #expect(recall.search("let", from: 0, isForward: false) == nil)
    }

    /// Whether letters come one by one or together.
    @Test(arguments: [["a", "b", " ", "c", "d"], ["ab cd"], ["ab ", "cd"]])
    func undoTakesBackWordsAndOtherChanges(typed: [String]) {
        var log = UndoLog()
        for text in typed { log.type(text) }
        log.note(EditState(before: "cd"))
        #expect(log.undo() == EditState(before: "ab cd"))
        #expect(log.undo() == EditState(before: "ab "))
        #expect(log.undo() == EditState(before: "ab"))
        #expect(log.undo() == EditState())
        #expect(log.undo() == nil)
    }

    @Test func undoKnowsWhatStandsBehindTheCursor() {
        var log = UndoLog()
        log.type("ae\u{301}")
        log.note(EditState(before: "a", after: "e\u{301}"))
        log.type("xy")
        #expect(log.undo() == EditState(before: "a", after: "e\u{301}"))
        #expect(log.undo() == EditState(before: "", after: "e\u{301}"))
    }

    @Test func undoIsBounded() {
        var log = UndoLog()
        log.type(String(repeating: "a ", count: 5000))
        var steps = 0
        while log.undo() != nil { steps += 1 }
        #expect((500..<1000).contains(steps))
    }

    @Test func killsThatFollowEachOtherGather() {
        var kills = KillBuffer()
        kills.add("b", isBackward: true, from: EditState(before: "ab"), to: EditState(before: "a"))
        kills.add("a", isBackward: true, from: EditState(before: "a"), to: EditState())
        #expect(kills.text == "ab")
        kills.add("x", isBackward: false, from: EditState(after: "x"), to: EditState())
        #expect(kills.text == "x")
    }

    @Test func inputIsUTF8AndEventsComeThrough() throws {
        var keys: [Int32] = [0, 0]
        var events: [Int32] = [0, 0]
        try #require(pipe(&keys) == 0 && pipe(&events) == 0)
        defer { for end in [keys[0], events[0], events[1]] { close(end) } }
        _ = fcntl(events[0], F_SETFL, O_NONBLOCK)
        let input = TerminalInput(descriptor: keys[0], events: events[0])

        let bytes: [UInt8] = Array("é🙂".utf8) + [0xC3, 0x41, 0xFF, 0xE2, 0x82]
        #expect(write(keys[1], bytes, bytes.count) == bytes.count)
        #expect(input.next() == .scalar("é"))
        #expect(input.next() == .scalar("🙂"))
        #expect(input.next() == .scalar("\u{FFFD}"))
        #expect(input.next() == .scalar("A"))
        #expect(input.next() == .scalar("\u{FFFD}"))
        var event = TerminalEvent.interrupted.rawValue
        #expect(write(events[1], &event, 1) == 1)
        #expect(input.next() == .event(.interrupted))
        close(keys[1])
        #expect(input.next() == .end)
    }
}

@Suite("Parts of what is entered at once")
struct EnteredPartsTests {
    private func parts(_ text: String) -> [String] {
        // As open as it has brackets, or texts of several lines.
        EnteredParts(text) { text in
            text.count { "([{".contains($0) } > text.count { ")]}".contains($0) } || text.split(separator: "\"\"\"", omittingEmptySubsequences: false).count % 2 == 0
        }.parts
    }

    @Test(arguments: [
        ("let a = 1\n:vars\na + 1", ["let a = 1", ":vars", "a + 1"]),
        (":vars\nlet zz = 41\nzz", [":vars", "let zz = 41\nzz"]),
        ("!echo hi\nprint 5", ["!echo hi", "print 5"]),
        ("?save\nprint 6\nsave?\nprint 7", ["?save", "print 6", "save?", "print 7"]),
        ("!echo a \\\n b\nprint 1", ["!echo a \\\n b", "print 1"]),
        ("!echo a \\\\\nprint 1", ["!echo a \\\\", "print 1"]),
        (":time for i in x {\nprint i\n}\nprint 1", [":time for i in x {\nprint i\n}", "print 1"]),
        ("[1,\n:2]", ["[1,\n:2]"]),
        ("let t = \"\"\"\n!no\n:no\n\"\"\"\n:yes", ["let t = \"\"\"\n!no\n:no\n\"\"\"", ":yes"]),
        ("\n:vars\n\n\n:log\n", [":vars", ":log"]),
        ("let a = b ??\n2\n:vars", ["let a = b ??\n2", ":vars"]),
        (":vars", [":vars"]), ("", [""]), ("a\n\nb\n", ["a\n\nb\n"]),
    ])
    func areFound(text: String, expected: [String]) { #expect(parts(text) == expected) }
}

@Suite("Drawing of the line")
struct DrawingTests {
    private let prompt = Prompt("> ", continuation: ". ", colour: "32")

    private func frame(_ text: String, cursor: Int, columns: Int = 10, height: Int = 24, styles: [StyledRange] = []) -> Frame {
        TextLayout.frame(text, cursor: cursor, prompt: prompt, columns: columns, height: height, styles: styles)
    }

    private func texts(_ frame: Frame) -> [String] { frame.rows.map { String($0.cells.map(\.character)) } }

    @Test(arguments: [
        ("abc", 1, ["> abc"], 0, 3),
        ("abc\nde", 6, ["> abc", ". de"], 1, 4),
        ("abcdefghij", 10, ["> abcdefgh", "ij"], 1, 2),
        ("abcdefgh", 8, ["> abcdefgh", ""], 1, 0),
        ("abcdefg漢", 10, ["> abcdefg", "漢"], 1, 2),
        ("a\tb", 2, ["> a     b"], 0, 8),
        ("\u{1}", 1, ["> ^A"], 0, 4),
        ("\n", 0, ["> ", ". "], 0, 2),
    ])
    func textIsBrokenIntoRows(text: String, cursor: Int, rows: [String], row: Int, column: Int) {
        let frame = frame(text, cursor: cursor)
        #expect(texts(frame) == rows)
        #expect(frame.cursor == Frame.Place(row: row, column: column))
    }

    @Test func whatIsTooTallIsShownAroundTheCursor() {
        let text = (0..<100).map { "\($0)" }.joined(separator: "\n")
        var frame = frame(text, cursor: text.utf8.count - 59, height: 5)
        frame.clip(to: 5)
        #expect(frame.rows.count == 5)
        #expect(texts(frame)[frame.cursor.row] == ". 80")
    }

    @Test func aNarrowWindowHasAShortPrompt() {
        let prompt = Prompt("In [12]: ", continuation: "    ...: ")
        let narrow = TextLayout.frame("ab\nc", cursor: 0, prompt: prompt, columns: 16, height: 9, styles: [])
        #expect(texts(narrow) == ["> ab", "  c"])
        let wide = TextLayout.frame("ab\nc", cursor: 0, prompt: prompt, columns: 17, height: 9, styles: [])
        #expect(texts(wide) == ["In [12]: ab", "    ...: c"])
    }

    @Test func laterStylesCoverEarlierOnes() {
        let frame = frame("abc", cursor: 0, styles: [StyledRange(0..<3, "1"), StyledRange(1..<2, "2")])
        #expect(frame.rows[0].cells.map(\.style) == ["32", "", "1", "2", "1"])
    }

    @Test(arguments: [("a", 1), ("漢", 2), ("e\u{301}", 1), ("🙂", 2), ("🇫🇷", 2), ("👨‍👩‍👧", 2), ("👍🏽", 2), ("❤️", 2), ("각", 2)])
    func charactersHaveWidths(character: String, width: Int) { #expect(CharacterWidth.of(character) == width) }

    @Test func listsFitTheirWindow() {
        let candidates = (0..<30).map { Completions.Candidate("name\($0)", summary: "what it is") }
        var list = CompletionList(candidates: candidates, isColoured: true)
        let rows = list.rows(columns: 40, height: 5)
        #expect(texts(Frame(rows: rows)).first == "  name0   what it is")
        #expect(texts(Frame(rows: rows)).last == "  1–4 of 30")
        #expect(rows.count == 5)
        #expect(list.select(forward: false) == 29)
        #expect(texts(Frame(rows: list.rows(columns: 40, height: 5))).contains("  name29  what it is"))
        // Too narrow for summaries: several a row.
        #expect(texts(Frame(rows: list.rows(columns: 20, height: 99))).first == "  name0   name1")
    }
}
