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
    func run(_ source: Source) -> Int32 {
        status(of: evaluate(source))
    }

    /// A script that says by `#~` where it is to fail runs piece by piece, so that it can go on behind those places.
    func run(_ lesson: Lesson) -> Int32 {
        for cell in lesson.cells {
            let outcome = evaluate(lesson.source(of: cell, name: lesson.name))
            switch outcome {
            case .finished: continue
            case .failed(let failure) where failure.kind == cell.expectedError:
                output.report(failure.render(colour: output.reportsColour) + "\n")
            default: return status(of: outcome)
            }
        }
        return ExitStatus.success
    }

    /// `crate COMMAND ARGUMENTS…`: the command's value is shown, and arguments it doesn't take are wrong use.
    func runCommand(_ name: String, _ words: [String]) throws(WrongUse) -> Int32 {
        guard let command = session.verb(named: name) else { throw WrongUse("there is no command called \(name)") }
        if words.contains("--help") {
            output.show(commandHelp(command))
            return ExitStatus.success
        }
        let source = Source(name: "<command line>", text: try statement(command, words))
        let outcome = evaluate(source)
        if case .finished(let value?) = outcome { show(value) }
        if case .failed(let failure) = outcome, failure.kind == "argument" {
            output.report(failure.render(colour: output.reportsColour) + "\n")
            return ExitStatus.wrongUse
        }
        return status(of: outcome)
    }

    /// A list line by line, for other programs to read; null, which most commands give, not at all.
    private func show(_ value: Value) {
        switch value {
        case .null: break
        case .list(let list): for item in list.items { output.show(item.description + "\n") }
        default: output.show(value.description + "\n")
        }
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
            output.report(failure.render(colour: output.reportsColour) + "\n")
            switch failure.kind {
            case "interrupted": return ExitStatus.interrupted
            case "syntax": return ExitStatus.wrongUse
            default: return ExitStatus.failure
            }
        }
    }
}
