import Foundation
import Testing

@Suite("What the prompt can do beyond the language")
struct SessionCommandTests {
    private let interrupt = "\u{3}"
    private let leave = "\u{4}"

    /// A terminal at its first prompt. Without a pager unless one is named, since machines differ in what they have.
    private func begin(
        _ arguments: [String] = [], environment: [String: String] = [:], home: Folder? = nil, columns: Int = 80, rows: Int = 24
    ) throws -> Terminal {
        let terminal = try Terminal(arguments, environment: ["PAGER": "cat"].merging(environment) { $1 }, home: home, columns: columns, rows: rows)
        try terminal.expect("In [1]:")
        return terminal
    }

    // MARK: values

    @Test func valuesAreKept() throws {
        let terminal = try begin()
        terminal.type("20 + 1\r")
        try terminal.expect("Out [1]: 21", "In [2]:")
        terminal.type("_ * 2\r")
        try terminal.expect("Out [2]: 42", "In [3]:")
        terminal.type("print Out[1], Out[-1], In[2]\r")
        try terminal.expect("21 42 _ * 2", "In [4]:")
        terminal.type("Out[3]\r")
        try terminal.wait("the error") { $0.lines.contains { $0.contains("error: statement 3 gave no value") || $0.contains("there is no Out[3] yet") } }
        try terminal.expect("In [5]:")
    }

    @Test func aValueThatWasNotShownIsMissed() throws {
        let terminal = try begin()
        terminal.type("_\r")
        try terminal.wait("the error") { $0.lines.contains { $0.contains("error: there is no value yet for `_`") } }
    }

    @Test func scriptsHaveNoKeptValues() throws {
        let done = try Program.run(["-c", "print 1\nOut[1]"])
        #expect(done.status == 1)
        #expect(done.errors.contains("unknown name `Out`"))
    }

    // MARK: commands

    @Test(arguments: [
        (":histry", "error: the prompt has no command :histry; did you mean :history?"), (":zzzzzz", "error: the prompt has no command :zzzzzz; :help lists them"),
        (":set outptu json", "error: there is no setting outptu; did you mean output?"),
        (":set output xml", "error: output takes text, table, json, csv, markdown, not xml"), (":set width 3", "error: width takes auto, or columns from 20 on, not 3"),
        (":time", "error: :time needs a statement, such as :time sum(zeros([1000, 1000]))"), (":run nowhere.crate", "error: can't read nowhere.crate: No such file or directory"),
        (":run nowhere", "error: can't read ./nowhere: No such file or directory"),
        (":replay", "error: there is nothing to replay yet"), (":export a.md", "error: there is nothing to export yet"),
        (":history -1", "error: -1 is no number from 1 on"), (":history /[/", "error: /[/ is no regular expression"),
        (":log", "error: `:log` comes before `setup`; begin with `setup \"name\", start: \"new\"`"), ("!", "error: ! runs a program, such as !ls -l"),
        (":edit 9", "error: there is no statement 9 in this session; :history lists them"), (":vars", "There are no variables yet."),
    ])
    func mistakesAreTold(line: String, answer: String) throws {
        let terminal = try begin(columns: 120)
        terminal.type(line + "\r")
        try terminal.expect("In [1]: " + line, answer, "In [1]:")
        terminal.type("1\r")
        try terminal.expect("Out [1]: 1", "In [2]:")
    }

    @Test func theListOfCommandsIsWhole() throws {
        let terminal = try begin(rows: 40)
        terminal.type(":help\r")
        try terminal.wait("all of them") { screen in
            [":help", ":history", ":edit", ":time", ":run", ":replay", ":export", ":vars", ":all", ":log", ":set", ":quit"].allSatisfy { name in
                screen.lines.contains { $0.hasPrefix("  " + name) }
            }
        }
        try terminal.expect("In [1]:")
        terminal.type(":quit\r")
        #expect(terminal.end() == 0)
        #expect(terminal.isCooked)
    }

    @Test func variablesAreListed() throws {
        let terminal = try begin()
        terminal.type("let a = zeros([3, 4]); let t = \"text\"; def f(x, y) { return x }\r")
        try terminal.expect("In [2]:")
        terminal.type(":vars\r")
        try terminal.wait("the table") { screen in
            let rows = screen.lines.map { $0.split(separator: " ").joined(separator: " ") }
            return rows.contains("0 a array float64 [3, 4] 160 Bytes") && rows.contains("1 f function (x, y) 16 Bytes") && rows.contains("2 t string 4 characters 20 Bytes")
        }
    }

    @Test func timeIsTold() throws {
        let terminal = try begin()
        terminal.type(":time for i in 0..<2 {\r")
        try terminal.expect("   ...:")
        terminal.type("print i }\r")
        try terminal.wait("the time") { screen in screen.lines.suffix(4).dropLast(2) == ["0", "1"] && screen.lines.dropLast().last?.hasPrefix("time: ") == true }
        try terminal.expect("In [2]:")
    }

    @Test func aScriptRunsInTheSession() throws {
        let home = try Folder()
        try home.write("part.crate", "let made = 5\nprint \"ran\"\nmade\n")
        try home.write("open.crate", "if true {\n")
        let terminal = try begin(home: home)
        terminal.type(":run part.crate\r")
        try terminal.expect("In [1]: :run part.crate", "ran", "In [2]:")
        terminal.type("made\r")
        try terminal.expect("Out [2]: 5", "In [3]:")
        terminal.type(":run open.crate\r")
        try terminal.wait("the error") { $0.lines.contains { $0.contains("open.crate:1:9: error: this `{` is never closed") } }
        try terminal.expect("In [4]:")
    }

    @Test func historyIsSearched() throws {
        let home = try Folder()
        let first = try begin(home: home)
        first.type("let older = 1\r")
        try first.expect("In [2]:")
        first.type(leave)
        #expect(first.end() == 0)

        let second = try begin(home: home)
        second.type("print 7\r")
        try second.expect("In [2]:")
        second.type(":history\r")
        try second.expect("In [2]: :history", "    1  print 7", "In [2]:")
        second.type(":history /^let .*1$/\r")
        try second.expect("In [2]: :history /^let .*1$/", "       let older = 1", "In [2]:")
        second.type(":history 2\r")
        try second.wait("both") { screen in screen.lines.contains("    1  print 7") && screen.lines.last == "In [2]:" }
    }

    @Test func aStatementIsEditedAndRun() throws {
        let home = try Folder()
        try home.write("editor", "sed -i s/1/2/ \"$1\"\n")
        let terminal = try begin(environment: ["VISUAL": "sh editor"], home: home)
        terminal.type("print 1 + 10\r")
        try terminal.expect("11", "In [2]:")
        terminal.type(":edit\r")
        try terminal.expect("In [2]: :edit", "  print 2 + 10", "12", "In [3]:")
        terminal.type(":edit 1\r")
        try terminal.expect("In [3]: :edit 1", "  print 2 + 10", "12", "In [4]:")
        terminal.type("\u{1B}[A")
        try terminal.expect("In [4]: print 2 + 10")
    }

    @Test(arguments: [("false", "error: the editor ended with status 1; nothing was run"), ("/nowhere/ed", "error: can't start the editor `/nowhere/ed`; set VISUAL or EDITOR")])
    func anEditorThatFailsRunsNothing(editor: String, answer: String) throws {
        let terminal = try begin(environment: ["EDITOR": editor])
        terminal.type(":edit print 1\r")
        try terminal.wait("the error") { $0.lines.contains(answer) && $0.lines.last == "In [1]:" }
    }

    @Test func theLogsEndIsShown() throws {
        let terminal = try begin(columns: 120)
        terminal.type("setup \"demo\"; info \"first\"; info \"second\"\r")
        try terminal.expect("In [2]:")
        terminal.type(":log 1\r")
        try terminal.wait("the line") { screen in
            let shown = screen.lines.drop { !$0.hasSuffix(":log 1") }.dropFirst().dropLast()
            return shown.count == 1 && shown.first?.hasSuffix("second") == true && screen.lines.last == "In [2]:"
        }
    }

    // MARK: replay and export

    @Test func aReplayProvesThatNothingIsHidden() throws {
        let home = try Folder()
        try home.write("in.txt", "from before")
        let terminal = try begin(home: home, columns: 120)
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

    @Test func aReplayHarmsNothingOutside() throws {
        let outside = try Folder()
        try outside.write("count.txt", "1")
        let terminal = try begin(columns: 160)
        terminal.type("write_text(\"\(outside.path)/count.txt\", str(int(read_text(\"\(outside.path)/count.txt\")) + 1))\r")
        try terminal.expect("In [2]:")
        terminal.type(":replay\r")
        try terminal.wait("the answer") { screen in
            screen.lines.contains("replay: In [1] comes out differently") && screen.lines.last == "In [2]:"
                && screen.lines.contains { $0.hasPrefix("  replay: error: ") && $0.contains("Read-only file system") }
        }
        #expect(try outside.read("count.txt") == "2")

        // What it only reads is there.
        let reader = try begin(columns: 160)
        reader.type("read_text(\"\(outside.path)/count.txt\")\r")
        try reader.expect("Out [1]: \"2\"", "In [2]:")
        reader.type(":replay\r")
        try reader.expect("replay: the statement comes out the same in a new session", "In [2]:")
    }

    @Test func aReplayIsStopped() throws {
        let terminal = try begin()
        // A file that the session did not find, and so a replay does not have.
        terminal.type("!touch here\r")
        try terminal.expect("In [1]: !touch here", "In [1]:")
        terminal.type("if not exists(\"here\") { while true {} }\r")
        try terminal.expect("In [2]:")
        terminal.type(":replay\r")
        try terminal.wait("the bar") { $0.lines.last?.hasPrefix("replay  ") == true }
        terminal.type(interrupt)
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
        let terminal = try begin(home: home)
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
        let terminal = try begin(home: home)
        for (number, line) in ["let a = [1, 2]", "print a", "a", "raise \"oh\"", "{\"k\": a}"].enumerated() {
            terminal.type(line + "\r")
            try terminal.wait("the next prompt") { $0.lines.last == "In [\(number + 2)]:" }
        }
        terminal.type(":export s.crate\r")
        try terminal.expect("s.crate: 5 statements", "In [6]:")
        let checked = try Program.run(["walk", "--check", "s.crate"], in: home)
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(try Program.run(["s.crate"], in: home).output == "[1, 2]\n")
    }

    // MARK: help

    @Test(arguments: ["?save", "save?", "? save", "help save", "help \"save\""])
    func aNameIsExplained(line: String) throws {
        let terminal = try begin(rows: 30)
        terminal.type(line + "\r")
        try terminal.wait("the page") { screen in
            screen.lines.contains { $0.hasPrefix("save artifact, [value]") } && screen.lines.contains("Examples")
                && screen.lines.contains("Write a value, or files made elsewhere, as an artifact.")
        }
    }

    @Test(arguments: [
        ("?sav", "hint: did you mean `save`?"), ("?arrays", "Arrays"), ("?v", "A variable: list, 2 items"), ("?Out", "The values that the prompt showed, by number: Out[3], Out[-1]."),
        ("?zzzzqqqq", "hint: help lists all names"),
    ])
    func otherNamesToo(line: String, answer: String) throws {
        let terminal = try begin(rows: 120)
        terminal.type("let v = [1, 2]\r")
        try terminal.expect("In [2]:")
        terminal.type(line + "\r")
        try terminal.wait(answer) { $0.lines.contains(answer) && $0.lines.last == "In [2]:" }
    }

    // MARK: programs

    @Test func aProgramRunsAtTheTerminal() throws {
        let home = try Folder()
        let terminal = try begin(home: home)
        terminal.type("!echo one; test -t 0 && echo tty; exit 3\r")
        try terminal.expect("In [1]: !echo one; test -t 0 && echo tty; exit 3", "one", "tty", "status 3", "In [1]:")
        // What it asks is answered with echo, as in any shell.
        terminal.type("!printf 'well? '; read answer; echo \"<$answer>\"\r")
        // Not before it asks: until then the terminal is the editor's.
        try terminal.wait("the question") { $0.lines.last == "well?" }
        terminal.type("yes\r")
        try terminal.expect("well? yes", "<yes>", "In [1]:")
        terminal.type("1\r")
        try terminal.expect("Out [1]: 1", "In [2]:")
    }

    @Test func controlCStopsAProgramAlone() throws {
        let terminal = try begin()
        terminal.type("let kept = 6\r")
        try terminal.expect("In [2]:")
        terminal.type("!echo on; exec cat\r")
        try terminal.expect("on")
        terminal.type(interrupt)
        try terminal.wait("the prompt") { $0.lines.contains("status 130") && $0.lines.last == "In [2]:" }
        terminal.type("kept\r")
        try terminal.expect("Out [2]: 6", "In [3]:")
    }

    @Test(arguments: ["!touch made", ":edit print 1"])
    func theSandboxKeepsProgramsOut(line: String) throws {
        let home = try Folder()
        let terminal = try begin(["--sandbox"], environment: ["EDITOR": "touch made; true"], home: home, columns: 120)
        terminal.type(line + "\r")
        try terminal.wait("the refusal") { $0.lines.contains { $0.hasPrefix("error: --sandbox keeps ") } }
        #expect(!home.files().contains("made"))
    }

    // MARK: the start file

    @Test func theStartFileRunsFirst() throws {
        let home = try Folder()
        try FileManager.default.createDirectory(atPath: home.file("config/opencrate"), withIntermediateDirectories: true)
        try home.write("config/opencrate/rc.crate", "let mine = 5\n:set output json\nprint \"hello\"\n")
        let terminal = try begin(environment: ["XDG_CONFIG_HOME": home.file("config")], home: home)
        try terminal.wait("its output") { $0.lines.contains("hello") }
        terminal.type("[mine]\r")
        try terminal.expect("Out [1]:", "[", "  5", "]", "In [2]:")
        terminal.type(":replay\r")
        try terminal.expect("replay: the statement comes out the same in a new session", "In [2]:")

        let bare = try begin(["--no-rc"], environment: ["XDG_CONFIG_HOME": home.file("config")], home: home)
        bare.type("mine\r")
        try bare.wait("the error") { $0.lines.contains { $0.contains("unknown name `mine`") } }
        #expect(!bare.screen.lines.contains("hello"))
    }

    @Test func anErrorInTheStartFileIsTold() throws {
        let home = try Folder()
        try FileManager.default.createDirectory(atPath: home.file(".config/opencrate"), withIntermediateDirectories: true)
        try home.write(".config/opencrate/rc.crate", ":set nonsense 1\nlet early = 1\nraise \"broken\"\n")
        let terminal = try begin(home: home, columns: 200)
        try terminal.wait("both errors") { screen in
            screen.lines.contains { $0.hasSuffix("rc.crate:3:1: error: broken") } && screen.lines.contains { $0.hasPrefix("error: there is no setting nonsense") }
        }
        terminal.type("early\r")
        try terminal.expect("Out [1]: 1", "In [2]:")
    }

    // MARK: long values

    @Test func longValuesAreFoldedAndShownWhole() throws {
        let terminal = try begin(rows: 40)
        terminal.type("[[i] for i in 0..<100]\r")
        try terminal.wait("the fold") { $0.lines.contains("  … 70 more") && $0.lines.contains("… parts are left out; :all shows everything") }
        try terminal.expect("In [2]:")
        terminal.type(":all\r")
        try terminal.expect("  [98],", "  [99]", "]", "In [2]:")
        terminal.type(":set items 4\r")
        try terminal.expect("In [2]: :set items 4", "In [2]:")
        terminal.type("_\r")
        try terminal.expect("Out [2]:", "[", "  [0],", "  [1],", "  [2],", "  … 96 more", "  [99]", "]", "… parts are left out; :all shows everything", "In [3]:")
        terminal.type("show {a: [1, [2, [3]]]}, depth: 2\r")
        try terminal.expect("{\"a\": [1, [… 2 items]]}", "In [4]:")
    }

    @Test func aValueAsWideAsTheLineStandsBelowItsLabel() throws {
        let terminal = try begin(columns: 40)
        terminal.type("[i for i in 0..<12]\r")
        try terminal.expect("Out [1]:", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", "In [2]:")
        terminal.type("[1, 2]\r")
        try terminal.expect("Out [2]: [1, 2]", "In [3]:")
    }

    @Test func aLongPageGoesThroughThePager() throws {
        let home = try Folder()
        let terminal = try begin(environment: ["PAGER": "tee paged >/dev/null; echo \"(paged)\""], home: home, rows: 10)
        terminal.type("help\r")
        try terminal.expect("(paged)", "In [2]:")
        #expect(try home.read("paged").contains("list_tags"))
        terminal.type(":set pager off\r")
        try terminal.expect("In [2]: :set pager off", "In [2]:")
        terminal.type("?arrays\r")
        try terminal.wait("the page itself") { $0.lines.last == "In [2]:" && !$0.lines.contains("(paged)") }
        // What fits the screen needs none.
        terminal.type(":set pager on\r1\r")
        try terminal.expect("Out [2]: 1", "In [3]:")
    }

    @Test func aMissingPagerLosesNothing() throws {
        let terminal = try begin(environment: ["PAGER": "/nowhere/pager"], rows: 10)
        terminal.type("?versions\r")
        try terminal.wait("the page") { $0.lines.last == "In [1]:" && $0.lines.contains { $0.contains("transaction") } }
    }

    // MARK: terminals

    @Test func aDumbTerminalHasTheCommands() throws {
        let terminal = try begin(environment: ["TERM": "dumb"])
        terminal.type("[1, 2]\r")
        try terminal.expect("Out [1]: [1, 2]", "In [2]:")
        terminal.type(":set output csv\r")
        try terminal.expect("In [2]: :set output csv", "In [2]:")
        terminal.type("_\r")
        try terminal.expect("Out [2]:", "value", "1", "2", "In [3]:")
        terminal.type("!echo out\r")
        try terminal.expect("out", "In [3]:")
        terminal.type(":history\r")
        try terminal.expect("    1  [1, 2]", "    2  _", "In [3]:")
        #expect(!terminal.screen.received.contains("\u{1B}"))
        terminal.type(leave)
        #expect(terminal.end() == 0)
    }

    @Test(arguments: [["NO_COLOR": "1"], ["LANG": "C"]])
    func theyWorkWithoutColourAndLocale(environment: [String: String]) throws {
        let terminal = try begin(environment: environment)
        terminal.type("\"é\"\r")
        try terminal.expect("Out [1]: \"é\"", "In [2]:")
        terminal.type(":zz\r")
        try terminal.wait("the error") { $0.lines.contains("error: the prompt has no command :zz; :help lists them") }
        if environment["NO_COLOR"] != nil { #expect(!terminal.screen.received.contains("\u{1B}[31m")) }
        terminal.type(leave)
        #expect(terminal.end() == 0)
    }
}
