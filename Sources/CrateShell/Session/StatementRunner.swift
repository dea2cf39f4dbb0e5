import CrateCommands
import CrateLanguage

/// Runs statements in one session and shows what they give, as the prompt and a replay of it do.
struct StatementRunner {
    let session: Session
    let output: any Output
    /// `nil` where nobody asks for it, as in a lesson.
    let recording: RecordingOutput?

    /// `incomplete` is answered before anything was run or shown.
    ///
    /// - Parameter isInterrupted: whether a Ctrl-C was typed right behind it.
    func run(_ statement: Statement, number: Int, isInterrupted: Bool = false) -> Outcome {
        recording?.begin()
        let source = Source(name: statement.file ?? "In [\(number)]", text: statement.text)
        let watch = Stopwatch()
        var outcome = evaluate(source, isInteractive: true, isInterrupted: isInterrupted)
        if case .incomplete = outcome {
            // A file ends where it ends.
            guard statement.file != nil else { return outcome }
            outcome = evaluate(source, isInteractive: false, isInterrupted: isInterrupted)
        }
        session.statements?.keep(.string(statement.text), number: number)
        tell(outcome, number, isShown: statement.file == nil)
        if statement.isTimed { output.report(watch.text + "\n") }
        return outcome
    }

    private func evaluate(_ source: Source, isInteractive: Bool, isInterrupted: Bool) -> Outcome {
        Interrupts.shared.forwarding(to: session) { session.evaluate(source, isInteractive: isInteractive, isInterrupted: isInterrupted) }
    }

    private func tell(_ outcome: Outcome, _ number: Int, isShown: Bool) {
        switch outcome {
        case .finished(let value?): if isShown { show(value, number) }
        case .failed(let failure):
            let text = failure.render(colour: output.reportsColour, width: output.reportWidth) + "\n"
            if let recording { recording.fail(failure, told: text) } else { output.report(text) }
        case .finished(nil), .incomplete, .exit: break
        }
    }

    private func show(_ value: Value, _ number: Int) {
        if case .null = value { return }
        session.kept?.keep(value, number: number)
        session.attach(value)
        let text = session.view(value)
        let label = "Out [\(number)]:"
        let dressed = output.showsColour ? "\u{1B}[31m\(label)\u{1B}[0m" : label
        let note = session.wasFolded ? "\n" + dim("… parts are left out; :all shows everything") : ""
        let labelled = dressed + (fits(text, behind: label) ? " " : "\n") + text + note + "\n"
        if let recording { recording.showValue(text + "\n", labelled: labelled) } else { output.showWhole(labelled) }
    }

    /// What is too long for any line may as well begin behind its label.
    private func fits(_ text: String, behind label: String) -> Bool {
        if text.contains("\n") { return false }
        guard text.utf8.count <= output.width * 4 else { return true }
        let size = displayWidth(text)
        return size > output.width || label.count + 1 + size <= output.width
    }

    private func dim(_ text: String) -> String { output.showsColour ? "\u{1B}[90m\(text)\u{1B}[0m" : text }
}
