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
    private var number = 1

    /// What a lesson that lends its session to the prompt wants to know of it. Both answer whether the prompt is to end.
    struct Interlude {
        /// A line such as `:hint`; `nil` when it is none of the lesson's.
        var command: (String) -> Bool?
        var statement: (String, Outcome) -> Bool
    }

    convenience init(_ configuration: SessionConfiguration, _ output: StandardOutput) {
        self.init(Session(configuration: configuration, output: output), output)
        output.show("crate \(CrateShell.version). help lists the commands, Ctrl-D leaves.\n")
    }

    init(_ session: Session, _ output: StandardOutput, interlude: Interlude? = nil) {
        // Before the editor changes the terminal's state, which a signal would leave behind.
        Interrupts.shared.watchTerminal()
        self.output = output
        self.session = session
        self.interlude = interlude
        output.whenUnwritable = { [weak session] in session?.interrupt() }
        let events = Interrupts.shared.events
        let history = interlude == nil ? HistoryFile(environment: session.configuration.environment) : nil
        self.history = history
        if LineEditor.isUsable, let editor = LineEditor(events: events) {
            editor.aids = EditingAids(session) { history?.read() ?? [] }
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
                tell(outcome)
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
                let source = Source(name: "In [\(number)]", text: text)
                let outcome = Interrupts.shared.forwarding(to: session) { session.evaluate(source, isInteractive: true) }
                if case .incomplete = outcome { continue }
                if !HistoryFile.isPrivate(text) { reader.remember(text) }
                history?.add(text)
                return .statement(text, outcome)
            }
        }
    }

    private var firstPrompt: Prompt { Prompt("In [\(number)]: ", continuation: dots, colour: output.showsColour ? "32" : nil) }

    /// For a reader that knows single lines only.
    private var furtherPrompt: Prompt { Prompt(dots, colour: firstPrompt.colour) }

    private var dots: String {
        let dots = "...: "
        return String(repeating: " ", count: max(0, "In [\(number)]: ".count - dots.count)) + dots
    }

    private func tell(_ outcome: Outcome) {
        switch outcome {
        case .finished(let value?): show(value)
        case .failed(let failure): output.report(failure.render(colour: output.reportsColour) + "\n")
        case .finished(nil), .incomplete, .exit: break
        }
    }

    private func show(_ value: Value) {
        if case .null = value { return }
        let text = session.view(value)
        let label = "Out [\(number)]:"
        let dressed = output.showsColour ? "\u{1B}[31m\(label)\u{1B}[0m" : label
        output.show(dressed + (text.contains("\n") ? "\n" : " ") + text + "\n")
    }
}
