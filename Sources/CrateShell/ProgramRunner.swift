import CrateCommands
import CrateLanguage
import Glibc

/// Runs one whole program in a session of its own and tells how it went.
struct ProgramRunner {
    let session: Session
    private let output: StandardOutput

    init(_ configuration: SessionConfiguration, _ output: StandardOutput) {
        self.output = output
        session = Session(configuration: configuration, output: output)
        output.whenUnwritable = { [weak session] in session?.interrupt() }
    }

    /// Answers the exit status.
    ///
    /// - Parameter showsValue: the value of a last expression is shown, in the form that was asked for.
    func run(_ source: Source, showsValue: Bool = false) -> Int32 {
        let outcome = evaluate(source)
        if showsValue, case .finished(let value?) = outcome, !isNull(value) { session.present(value, isQuoted: output.form == .json) }
        return status(of: outcome)
    }

    /// A script that says by `#~` where it is to fail runs piece by piece, so that it can go on behind those places.
    func run(_ lesson: Lesson) -> Int32 {
        for cell in lesson.cells {
            let outcome = evaluate(lesson.source(of: cell, name: lesson.name))
            switch outcome {
            case .finished: continue
            case .failed(let failure) where failure.kind == cell.expectedError:
                output.report(failure.render(colour: output.reportsColour, width: output.reportWidth) + "\n")
            default: return status(of: outcome)
            }
        }
        return ExitStatus.success
    }

    private func isNull(_ value: Value) -> Bool { if case .null = value { true } else { false } }

    /// `crate COMMAND ARGUMENTS…`: the command's value is shown, and arguments it doesn't take are wrong use.
    func runCommand(_ name: String, _ words: [String]) throws(WrongUse) -> Int32 {
        guard let command = session.verb(named: name) else { throw WrongUse("there is no command called \(name)") }
        if words.contains("--help") {
            output.show(commandHelp(command))
            return ExitStatus.success
        }
        var words = words
        try takeForm(&words, command)
        let source = Source(name: "<command line>", text: try statement(command, words))
        let outcome = evaluate(source)
        if case .finished(let value?) = outcome { show(value) }
        if case .failed(let failure) = outcome, failure.kind == "argument" {
            output.report(failure.render(colour: output.reportsColour, width: output.reportWidth) + "\n")
            return ExitStatus.wrongUse
        }
        return status(of: outcome)
    }

    /// A list line by line, for other programs to read; null, which most commands give, not at all.
    private func show(_ value: Value) {
        switch value {
        case _ where output.form != .text && !isNull(value): session.present(value, isQuoted: output.form == .json)
        case .null: break
        case .list(let list): for item in list.items { output.show(item.description + "\n") }
        default: output.show(value.description + "\n")
        }
    }

    /// `--output FORM` among a command's words, unless the command has an option of that name.
    private func takeForm(_ words: inout [String], _ command: NativeFunction) throws(WrongUse) {
        guard !command.hasOwnForm else { return }
        guard let place = words.prefix(while: { $0 != "--" }).firstIndex(where: { Invocation.split($0).name == "--output" }) else { return }
        var rest = words[place...]
        if let form = try Invocation.takeForm(&rest) { output.form = form }
        words = Array(words[..<place] + rest)
    }

    private func evaluate(_ source: Source) -> Outcome {
        Interrupts.shared.watchProgram()
        return Interrupts.shared.forwarding(to: session) { session.evaluate(source) }
    }

    private func status(of outcome: Outcome) -> Int32 {
        switch outcome {
        case .finished: return ExitStatus.success
        case .exit(let code): return Int32(truncatingIfNeeded: code & 0xFF)
        case .incomplete: return ExitStatus.wrongUse  // only ever said to a prompt
        case .failed(let failure):
            // A program that was stopped because nobody reads its output has nothing to say.
            if let status = output.finish() { return status }
            output.report(failure.render(colour: output.reportsColour, width: output.reportWidth) + "\n")
            switch failure.kind {
            case "interrupted": return ExitStatus.interrupted
            case "syntax": return ExitStatus.wrongUse
            default: return ExitStatus.failure
            }
        }
    }
}
