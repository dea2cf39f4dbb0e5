import Foundation
import Testing

@Suite("What the prompt can do beyond the language")
struct SessionCommandTests {
    // MARK: values

    @Test func valuesAreKept() throws {
        let terminal = try Terminal.atPrompt()
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
        let terminal = try Terminal.atPrompt()
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
        (":histry", "error: the prompt has no command :histry; did you mean :history?"), (":hist", "error: the prompt has no command :hist; did you mean :history?"),
        (":e", "error: the prompt has no command :e; did you mean :edit or :export?"), (":zzzzzz", "error: the prompt has no command :zzzzzz; :help lists them"),
        (":set outptu json", "error: there is no setting outptu; did you mean output?"),
        (":set output xml", "error: output takes text, table, json, csv, markdown, not xml"), (":set width 3", "error: width takes auto, or columns from 20 on, not 3"),
        (":time", "error: :time needs a statement, such as :time sum(zeros([1000, 1000]))"), (":run nowhere.crate", "error: can't read nowhere.crate: No such file or directory"),
        (":run nowhere", "error: can't read ./nowhere: No such file or directory"),
        (":replay", "error: there is nothing to replay yet"), (":export a.md", "error: there is nothing to export yet"),
        (":history -1", "error: -1 is no number from 1 on"), (":history /[/", "error: /[/ is no regular expression"),
        (":log", "error: `:log` comes before `setup`; begin with `setup \"name\", start: \"new\"`"), ("!", "error: ! runs a program, such as !ls -l"),
        (":edit 9", "error: there is no statement 9 in this session; :history lists them"), (":vars", "There are no variables yet."),
        (":quit now", "error: :quit takes nothing behind it"), (":replay 3", "error: :replay takes nothing behind it"),
    ])
    func mistakesAreTold(line: String, answer: String) throws {
        let terminal = try Terminal.atPrompt(columns: 120)
        terminal.type(line + "\r")
        try terminal.expect("In [1]: " + line, answer, "In [1]:")
        terminal.type("1\r")
        try terminal.expect("Out [1]: 1", "In [2]:")
    }

    @Test func theListOfCommandsIsWhole() throws {
        let terminal = try Terminal.atPrompt(rows: 40)
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

    @Test(arguments: [(":help", 80), (":help", 50), (":set", 80), (":set", 60)])
    func listsAreFoldedToTheWindow(command: String, columns: Int) throws {
        let terminal = try Terminal.atPrompt(columns: columns, rows: 60)
        terminal.type(command + "\r")
        try terminal.wait("the list") { $0.lines.last == "In [1]:" && $0.lines.count > 8 }
        let shown = terminal.screen.lines.drop { $0 != "In [1]: " + command }.dropFirst().dropLast()
        // What the terminal breaks begins in the first column.
        let titles = ["", "Commands of the prompt", "Also"]
        #expect(shown.allSatisfy { $0.hasPrefix("  ") || titles.contains($0) }, "\(shown)")
        let column = command == ":help" ? 29 : 22
        #expect(shown.contains { $0.prefix(column).allSatisfy { $0 == " " } && !$0.isEmpty }, "\(shown)")
    }

    @Test func variablesAreListed() throws {
        let terminal = try Terminal.atPrompt()
        terminal.type("let a = zeros([3, 4]); let t = \"text\"; def f(x, y) { return x }\r")
        try terminal.expect("In [2]:")
        terminal.type(":vars\r")
        try terminal.wait("the table") { screen in
            let rows = screen.lines.map { $0.split(separator: " ").joined(separator: " ") }
            return rows.contains("0 a array float64 [3, 4] 160 Bytes") && rows.contains("1 f function (x, y) 16 Bytes") && rows.contains("2 t string 4 characters 20 Bytes")
        }
    }

    @Test func timeIsTold() throws {
        let terminal = try Terminal.atPrompt()
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
        let terminal = try Terminal.atPrompt(home: home)
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
        let first = try Terminal.atPrompt(home: home)
        first.type("let older = 1\r")
        try first.expect("In [2]:")
        first.type(Keys.leave)
        #expect(first.end() == 0)

        let second = try Terminal.atPrompt(home: home)
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
        let terminal = try Terminal.atPrompt(environment: ["VISUAL": "sh editor"], home: home)
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
        let terminal = try Terminal.atPrompt(environment: ["EDITOR": editor])
        terminal.type(":edit print 1\r")
        try terminal.wait("the error") { $0.lines.contains(answer) && $0.lines.last == "In [1]:" }
    }

    @Test func theLogsEndIsShown() throws {
        let terminal = try Terminal.atPrompt(columns: 120)
        terminal.type("setup \"demo\"; info \"first\"; info \"second\"\r")
        try terminal.expect("In [2]:")
        terminal.type(":log 1\r")
        try terminal.wait("the line") { screen in
            let shown = screen.lines.drop { !$0.hasSuffix(":log 1") }.dropFirst().dropLast()
            return shown.count == 1 && shown.first?.hasSuffix("second") == true && screen.lines.last == "In [2]:"
        }
    }

    // MARK: help

    @Test(arguments: ["?save", "save?", "? save", "help save", "help \"save\""])
    func aNameIsExplained(line: String) throws {
        let terminal = try Terminal.atPrompt(rows: 30)
        terminal.type(line + "\r")
        try terminal.wait("the page") { screen in
            screen.lines.contains { $0.hasPrefix("save artifact, [value]") } && screen.lines.contains("Examples")
                && screen.lines.contains("Write a value, or files made elsewhere, as an artifact.")
        }
    }

    @Test(arguments: [
        ("?sav", "hint: did you mean `save`?"), ("?arrays", "Arrays"), ("?v", "A variable: list, 2 items, 96 Bytes"), ("help \"v\"", "A variable: list, 2 items, 96 Bytes"),
        ("help v", "A value: list, 2 items, 96 Bytes"), ("?Out", "The values that the prompt showed, by number: Out[3], Out[-1]."),
        ("?zzzzqqqq", "hint: help lists all names"),
    ])
    func otherNamesToo(line: String, answer: String) throws {
        let terminal = try Terminal.atPrompt(rows: 120)
        terminal.type("let v = [1, 2]\r")
        try terminal.expect("In [2]:")
        terminal.type(line + "\r")
        // A statement counts, a question does not.
        let next = line.hasPrefix("?") ? "In [2]:" : "In [3]:"
        try terminal.wait(answer) { $0.lines.contains(answer) && $0.lines.last == next }
    }

    // MARK: programs

    @Test func aProgramRunsAtTheTerminal() throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(home: home)
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
        let terminal = try Terminal.atPrompt()
        terminal.type("let kept = 6\r")
        try terminal.expect("In [2]:")
        terminal.type("!echo on; exec cat\r")
        try terminal.expect("on")
        terminal.type(Keys.interrupt)
        try terminal.wait("the prompt") { $0.lines.contains("status 130") && $0.lines.last == "In [2]:" }
        terminal.type("kept\r")
        try terminal.expect("Out [2]: 6", "In [3]:")
    }

    @Test(arguments: ["!touch made", ":edit print 1"])
    func theSandboxKeepsProgramsOut(line: String) throws {
        let home = try Folder()
        let terminal = try Terminal.atPrompt(["--sandbox"], environment: ["EDITOR": "touch made; true"], home: home, columns: 120)
        terminal.type(line + "\r")
        try terminal.wait("the refusal") { $0.lines.contains { $0.hasPrefix("error: --sandbox keeps ") } }
        #expect(!home.files().contains("made"))
    }

    // MARK: the start file

    @Test func theStartFileRunsFirst() throws {
        let home = try Folder()
        try FileManager.default.createDirectory(atPath: home.file("config/opencrate"), withIntermediateDirectories: true)
        try home.write("config/opencrate/rc.crate", "let mine = 5\n:set output json\nprint \"hello\"\n")
        let terminal = try Terminal.atPrompt(environment: ["XDG_CONFIG_HOME": home.file("config")], home: home)
        try terminal.wait("its output") { $0.lines.contains("hello") }
        terminal.type("[mine]\r")
        try terminal.expect("Out [1]:", "[", "  5", "]", "In [2]:")
        terminal.type(":replay\r")
        try terminal.expect("replay: the statement comes out the same in a new session", "In [2]:")

        let bare = try Terminal.atPrompt(["--no-rc"], environment: ["XDG_CONFIG_HOME": home.file("config")], home: home)
        bare.type("mine\r")
        try bare.wait("the error") { $0.lines.contains { $0.contains("unknown name `mine`") } }
        #expect(!bare.screen.lines.contains("hello"))
    }

    @Test func anErrorInTheStartFileIsTold() throws {
        let home = try Folder()
        try FileManager.default.createDirectory(atPath: home.file(".config/opencrate"), withIntermediateDirectories: true)
        try home.write(".config/opencrate/rc.crate", ":set nonsense 1\nlet early = 1\nraise \"broken\"\n")
        let terminal = try Terminal.atPrompt(home: home, columns: 200)
        try terminal.wait("both errors") { screen in
            screen.lines.contains { $0.hasSuffix("rc.crate:3:1: error: broken") } && screen.lines.contains { $0.hasPrefix("error: there is no setting nonsense") }
        }
        terminal.type("early\r")
        try terminal.expect("Out [1]: 1", "In [2]:")
    }
}
