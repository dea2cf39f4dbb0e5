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
        #expect(Key(parameters: "", final: "Z") == .unknown)
    }

    @Test(arguments: [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb\u{1B}[31m\u{0}\u{7F}c", "a\tb[31mc"),
        ("In [3]: x\n   ...: y\n   ...:\nIn [4]: z", "x\ny\n\nz"),
        ("say In [3]: x", "say In [3]: x"),
        ("...: kept", "...: kept"),
        ("In [x]: kept", "In [x]: kept"),
        ("", ""),
    ])
    func pastesAreCleaned(raw: String, expected: String) { #expect(cleanedPaste(raw) == expected) }

    @Test func recallWalksAndComesBackToTheDraft() {
        var recall = Recall(["one", "two"])
        #expect(recall.newer() == nil)
        #expect(recall.older(than: "draft") == "two")
        #expect(recall.older(than: "two, changed") == "one")
        #expect(recall.older(than: "one") == nil)
        #expect(recall.newer() == "two")
        #expect(recall.newer() == "draft")
        recall.add("two")
        recall.add("three")
        #expect(recall.statements == ["one", "two", "three"])
        #expect(recall.older(than: "") == "three")
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
