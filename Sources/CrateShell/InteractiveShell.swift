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
        var configuration = configuration
        let clock = configuration.recordClock()
        self.init(Session(configuration: configuration, output: recording), output, recording: recording, clock: clock)
        output.show("crate \(CrateShell.version). help lists the commands, :help those of the prompt, Ctrl-D leaves.\n")
        if readsStartFile { console.runStartFile() }
    }

    init(
        _ session: Session, _ output: StandardOutput, recording: RecordingOutput? = nil, clock: SessionClock? = nil, interlude: Interlude? = nil
    ) {
        // Before the editor changes the terminal's state, which a signal would leave behind.
        Interrupts.shared.watchTerminal()
        self.output = output
        self.session = session
        console = Console(session, output, recording: recording, clock: clock, ownCommands: interlude?.commands.map(\.name) ?? [])
        self.interlude = interlude
        output.whenUnwritable = { [weak session] in session?.interrupt() }
        let events = Interrupts.shared.events
        let history = interlude == nil ? HistoryFile(environment: session.configuration.environment) : nil
        self.history = history
        console.history = { history?.read() ?? [] }
        if LineEditor.isUsable { Interrupts.shared.restoreTerminalAtEnd() }
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
        var text = ""
        while !output.isUnwritable {
            output.flush()
            switch reader.readLine(text.isEmpty ? firstPrompt : furtherPrompt) {
            case .end where text.isEmpty: return ExitStatus.success
            case .end, .interrupted: text = ""
            case .line(let line):
                switch runParts(of: text.isEmpty ? line : text + "\n" + line) {
                case .done, .failed: text = ""
                case .open(let rest): text = rest
                case .leave(let status): return status
                }
            }
        }
        return ExitStatus.success
    }

    private enum Result {
        case done
        /// It was told why.
        case failed
        /// A statement that further lines belong to, with what there is of it.
        case open(String)
        case leave(Int32)
    }

    /// Runs what was entered part by part, up to the first that fails.
    private func runParts(of text: String) -> Result {
        if text.allSatisfy(\.isWhitespace) { return .done }
        let parts = EnteredParts(text, isOpen: session.isIncomplete).parts
        // A program reads the keys that wait for itself; so do a lesson's steps, and what runs behind an `exit`.
        let mayReadAhead = interlude == nil && !parts.contains { $0.hasPrefix("!") || $0.hasPrefix("exit") }
        for (index, part) in parts.enumerated() {
            let result = run(part, isPrivate: HistoryFile.isPrivate(text), mayReadAhead: mayReadAhead)
            if case .done = result { continue }
            let rest = Array(parts[(index + 1)...])
            if !rest.isEmpty { leaveOut(rest, behind: result, isPrivate: HistoryFile.isPrivate(text)) }
            return result
        }
        return .done
    }

    private func leaveOut(_ parts: [String], behind result: Result, isPrivate: Bool) {
        var isRecalled = !isPrivate
        if case .leave = result { isRecalled = false }
        console.tellNotRun(parts, isRecalled: isRecalled)
        if isRecalled { reader.remember(parts.joined(separator: "\n")) }
    }

    private func run(_ part: String, isPrivate: Bool, mayReadAhead: Bool) -> Result {
        if part.first == ":", let isEnd = interlude?.command(part) { return isEnd ? .leave(ExitStatus.success) : .done }
        let reply = console.understand(part)
        guard case .run(let statement) = reply else {
            if case .leave = reply { return .leave(ExitStatus.success) }
            remember(part, isPrivate: isPrivate)
            if case .failed = reply { return .failed }
            return .done
        }
        let outcome = console.run(statement, number: number, isInterrupted: mayReadAhead && reader.readAhead())
        // What was edited goes on where the editor left it.
        let isEdited = part.hasPrefix(":edit")
        if case .incomplete = outcome { return .open(isEdited ? statement.text : part) }
        remember(part, isPrivate: isPrivate)
        if isEdited { remember(statement.text, isPrivate: isPrivate) }
        return result(of: statement, outcome)
    }

    private func result(of statement: Statement, _ outcome: Outcome) -> Result {
        if case .exit(let code) = outcome { return .leave(Int32(truncatingIfNeeded: code & 0xFF)) }
        number += 1
        if interlude?.statement(statement.text, outcome) ?? false { return .leave(ExitStatus.success) }
        if case .failed = outcome { return .failed }
        return .done
    }

    private func remember(_ text: String, isPrivate: Bool) {
        if isPrivate || HistoryFile.isPrivate(text) { return }
        reader.remember(text)
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
