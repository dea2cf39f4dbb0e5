import CrateCommands
import CrateLanguage
import Glibc
import LineEditor

/// The prompt: reads statements, runs them in one session and shows their values, until Ctrl-D or `exit`.
final class InteractiveShell {
    private let session: Session
    private let output: StandardOutput
    private let history: HistoryFile?
    private let reader: any LineReader
    private let interlude: Interlude?
    private let console: Console
    private var number = 1

    /// What a lesson that lends its session to the prompt wants to know of it. Both answer whether the prompt is to end.
    struct Interlude {
        /// The lesson's own, for completion and the nearest name.
        var commands: [(name: String, summary: String)] = []
        /// Statements that Up recalls, oldest first.
        var earlier: [String] = []
        /// A line such as `:hint`; `nil` when it is none of the lesson's.
        var command: (String) -> Bool?
        var statement: (String, Outcome) -> Bool
    }

    /// - Parameter readsStartFile: whether the person's own statements run first.
    convenience init(_ configuration: SessionConfiguration, _ output: StandardOutput, readsStartFile: Bool) {
        let recording = RecordingOutput(passingTo: output)
        self.init(Session(configuration: configuration, output: recording), output, recording: recording)
        output.show("crate \(CrateShell.version). help lists the commands, :help those of the prompt, Ctrl-D leaves.\n")
        if readsStartFile { console.runStartFile() }
    }

    init(_ session: Session, _ output: StandardOutput, recording: RecordingOutput? = nil, interlude: Interlude? = nil) {
        // Before the editor changes the terminal's state, which a signal would leave behind.
        Interrupts.shared.watchTerminal()
        self.output = output
        self.session = session
        console = Console(session, output, recording: recording, ownCommands: interlude?.commands.map(\.name) ?? [])
        self.interlude = interlude
        output.whenUnwritable = { [weak session] in session?.interrupt() }
        let events = Interrupts.shared.events
        let history = interlude == nil ? HistoryFile(environment: session.configuration.environment) : nil
        self.history = history
        console.history = { history?.read() ?? [] }
        if LineEditor.isUsable, let editor = LineEditor(events: events) {
            editor.aids = EditingAids(session, ownCommands: interlude?.commands ?? []) { [earlier = interlude?.earlier] in earlier ?? history?.read() ?? [] }
            reader = editor
        } else {
            reader = PlainLineReader(prompts: isatty(STDOUT_FILENO) == 1 ? STDOUT_FILENO : STDERR_FILENO, events: events)
        }
    }

    /// Answers the exit status.
    func run() -> Int32 {
        defer { reader.close() }
        while !output.isUnwritable {
            switch readStatement() {
            case .end: return ExitStatus.success
            case .interrupted: continue
            case .left: return ExitStatus.success
            case .statement(let text, let outcome):
                if case .exit(let code) = outcome { return Int32(truncatingIfNeeded: code & 0xFF) }
                number += 1
                if interlude?.statement(text, outcome) ?? false { return ExitStatus.success }
            }
        }
        return ExitStatus.success
    }

    private enum Reading {
        case statement(String, Outcome)
        case interrupted
        /// The lesson goes on.
        case left
        case end
    }

    /// Reads lines until they make a whole statement, and runs it.
    private func readStatement() -> Reading {
        var text = ""
        while true {
            output.flush()
            switch reader.readLine(text.isEmpty ? firstPrompt : furtherPrompt) {
            case .end: return text.isEmpty ? .end : .interrupted
            case .interrupted: return .interrupted
            case .line(let line):
                text += text.isEmpty ? line : "\n" + line
                if text.allSatisfy(\.isWhitespace) { return .interrupted }
                if text.first == ":", let isEnd = interlude?.command(text) { return isEnd ? .left : .interrupted }
                switch console.understand(text) {
                case .leave: return .end
                case .done:
                    remember(text)
                    return .interrupted
                case .run(let statement):
                    let outcome = console.run(statement, number: number)
                    if case .incomplete = outcome {
                        // What was edited goes on where the editor left it.
                        if text.hasPrefix(":edit") { text = statement.text }
                        continue
                    }
                    remember(text)
                    if text.hasPrefix(":edit") { remember(statement.text) }
                    return .statement(statement.text, outcome)
                }
            }
        }
    }

    private func remember(_ text: String) {
        if !HistoryFile.isPrivate(text) { reader.remember(text) }
        history?.add(text)
    }

    private var firstPrompt: Prompt { Prompt("In [\(number)]: ", continuation: dots, colour: output.showsColour ? "32" : nil) }

    /// For a reader that knows single lines only.
    private var furtherPrompt: Prompt { Prompt(dots, colour: firstPrompt.colour) }

    private var dots: String {
        let dots = "...: "
        return String(repeating: " ", count: max(0, "In [\(number)]: ".count - dots.count)) + dots
    }
}
