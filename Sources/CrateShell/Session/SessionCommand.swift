import CrateCommands
import CrateLanguage

/// A command of the prompt itself, which begins with `:` and is no part of the language. Its row in `all` is all that help and the
/// nearest name know.
struct SessionCommand: Sendable {
    /// With its colon.
    let name: String
    /// What may stand behind it.
    let operands: String
    let summary: String
    /// Whether what follows is a statement, which may take several lines.
    var takesStatement = false
    /// What may stand behind the words that are typed, for completion; `nil` where that are no words of its own.
    var words: (@Sendable (_ before: [String]) -> [(word: String, summary: String)])?
    let run: @Sendable (Console, String) throws(WrongUse) -> ConsoleReply

    static let all: [SessionCommand] = [
        helpSessionCommand, historyCommand, editCommand, timeCommand, runCommand, replayCommand, exportCommand, variablesCommand, allCommand,
        logCommand, settingsCommand, quitCommand,
    ]

    static func named(_ name: String) -> SessionCommand? { all.first { $0.name == name } }

    var usage: String { operands.isEmpty ? name : "\(name) \(operands)" }
}

/// What the prompt does next.
enum ConsoleReply {
    /// Asks for the next line.
    case done
    case run(Statement)
    /// It was told why; what was entered with it does not run.
    case failed
    case leave
}

let helpSessionCommand: SessionCommand = .init(name: ":help", operands: "", summary: "these commands") { console, _ in
    var text = "Commands of the prompt\n"
    for command in SessionCommand.all { text += console.entry(command.usage, command.summary) }
    text += "\nAlso\n"
    text += console.entry("_  Out[3]  In[3]", "the last value, the value and the text of statement 3")
    text += console.entry("?save  save?", "explains a name; ? alone lists all")
    text += console.entry("!ls -l", "runs a program")
    text += console.entry("Ctrl-C  Ctrl-D", "stops what runs or gives the line up; leaves")
    console.output.showWhole(text)
    return .done
}

let quitCommand = SessionCommand(name: ":quit", operands: "", summary: "leave, as Ctrl-D does") { _, _ in .leave }

let timeCommand = SessionCommand(name: ":time", operands: "STATEMENT", summary: "run it, and tell how long it took", takesStatement: true) {
    _, text throws(WrongUse) in
    if text.isEmpty { throw WrongUse(":time needs a statement, such as :time sum(zeros([1000, 1000]))") }
    return .run(Statement(text: text, isTimed: true))
}

let runCommand = SessionCommand(name: ":run", operands: "FILE", summary: "run a script here; its variables stay") { console, path throws(WrongUse) in
    if path.isEmpty { throw WrongUse(":run needs a script's path") }
    // A word alone could be a command's name to the shell, but not here.
    let file = console.expanded(path)
    let source = try readSource(.file(file.contains("/") || file.contains(".") ? file : "./" + file))
    return .run(Statement(text: source.part(0..<source.bytes.count), file: path))
}

let variablesCommand = SessionCommand(name: ":vars", operands: "", summary: "the variables and functions, with type, shape and size") { console, _ in
    if let table = console.session.variablesTable() {
        console.output.showWhole(console.session.view(table, isQuoted: false) + "\n")
    } else {
        console.output.show("There are no variables yet.\n")
    }
    return .done
}

let allCommand = SessionCommand(name: ":all", operands: "[n]", summary: "all of the last value, or of Out[n]") {
    console, text throws(WrongUse) in
    let number = text.isEmpty ? nil : try console.number(text)
    do throws(Failure) {
        guard let value = try console.session.keptValue(number: number) else { return .done }
        console.output.showWhole(console.session.wholeText(value) + "\n")
    } catch { throw WrongUse(error.message) }
    return .done
}

let logCommand = SessionCommand(name: ":log", operands: "[n]", summary: "the last lines of the open version's log") {
    console, text throws(WrongUse) in
    let count = text.isEmpty ? 20 : try console.number(text)
    do throws(Failure) {
        let lines = try console.session.logLines(count)
        console.output.showWhole(lines.isEmpty ? "The log is empty.\n" : lines.map { $0 + "\n" }.joined())
    } catch { throw WrongUse(error.message + (error.hint.map { "; \($0)" } ?? "")) }
    return .done
}
