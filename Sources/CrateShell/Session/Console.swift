import CrateCommands
import CrateLanguage
import Glibc

/// What the prompt can do beyond running statements: its commands, programs, help, and what it remembers of the session.
final class Console {
    let session: Session
    let output: StandardOutput
    let programs: ForegroundProgram
    /// `nil` in a lesson, whose session was not begun here.
    let recording: RecordingOutput?
    /// What the session's clock said, for replays; `nil` in a lesson.
    let clock: SessionClock?
    /// The statements that earlier sessions ran, too.
    var history: () -> [String] = { [] }
    /// Names of the commands that a lesson adds to the prompt's.
    private let ownCommands: [String]
    private(set) var transcript = Transcript()
    /// Files that this session has exported, which it may replace.
    var exported: Set<String> = []
    /// What was in the folder at the beginning, for replays; `nil` when that is too much.
    let folderAtStart: FolderState?

    /// - Parameters:
    ///   - recording: the session's own output, when it is to be exported and replayed.
    ///   - clock: the session's own, too.
    init(_ session: Session, _ output: StandardOutput, recording: RecordingOutput?, clock: SessionClock?, ownCommands: [String] = []) {
        (self.session, self.output, self.recording, self.clock, self.ownCommands) = (session, output, recording, clock, ownCommands)
        folderAtStart = recording == nil ? nil : session.folderState()
        programs = ForegroundProgram(environment: session.configuration.environment)
        if recording != nil { session.keepValues() }
        output.folding = Folding()
        output.pager = Pager(environment: session.configuration.environment, programs: programs)
    }

    /// Runs a statement and shows what it gives. `incomplete` is answered before anything happened.
    ///
    /// - Parameter isInterrupted: whether its Ctrl-C has come already.
    func run(_ statement: Statement, number: Int, isInterrupted: Bool = false) -> Outcome {
        let look = Look(recording ?? session.output)
        let clockPosition = clock?.count ?? 0
        let runner = StatementRunner(session: session, output: recording ?? output, recording: recording)
        let outcome = runner.run(statement, number: number, isInterrupted: isInterrupted)
        if case .incomplete = outcome { return outcome }
        let result = recording?.result ?? CellResult()
        let isWhole = recording?.isCut == false && !session.wasFolded
        transcript.add(.init(
            number: number, statement: statement, result: result, look: look, isWhole: isWhole, version: session.versionName,
            hasValue: session.kept?.newest == number, clockPosition: clockPosition))
        return outcome
    }

    /// What a line is that the language does not take: a command of the prompt, a program, a question; else a statement.
    func understand(_ text: String) -> ConsoleReply {
        do throws(WrongUse) {
            return switch text.first {
            case ":": try command(text)
            case "!": try program(String(text.dropFirst()))
            default: question(text) ?? .run(Statement(text: text))
            }
        } catch {
            output.report("\(red("error:")) \(error.message)\n")
            return .failed
        }
    }

    private func command(_ text: String) throws(WrongUse) -> ConsoleReply {
        let name = String(text.prefix { !$0.isWhitespace })
        let rest = text.dropFirst(name.count).trimmingSpace
        guard let command = SessionCommand.named(name) else { throw WrongUse("the prompt has no command \(name); \(suggestion(for: name))") }
        if command.operands.isEmpty, !rest.isEmpty { throw WrongUse("\(name) takes nothing behind it") }
        return try command.run(self, rest)
    }

    /// What was meant by a command that there is not: those that begin so, else the one most like it.
    private func suggestion(for name: String) -> String {
        let names = ownCommands + SessionCommand.all.map(\.name)
        let longer = name.count > 1 ? names.filter { $0.hasPrefix(name) } : []
        let meant = longer.isEmpty ? [nearest(name, in: names)].compactMap { $0 } : longer
        return meant.isEmpty ? ":help lists them" : "did you mean \(meant.joined(separator: " or "))?"
    }

    private func program(_ command: String) throws(WrongUse) -> ConsoleReply {
        try refuseInSandbox("other programs")
        if command.allSatisfy(\.isWhitespace) { throw WrongUse("! runs a program, such as !ls -l") }
        output.flush()
        transcript.programs += 1
        let status = programs.run(command)
        // The terminal has left the cursor behind its ^C.
        let start = status == 128 + SIGINT && output.isTerminal ? "\n" : ""
        if status != 0 { output.report("\(start)\(dim("status \(status)"))\n") }
        return status == 0 ? .done : .failed
    }

    /// `?save` and `save?`; `nil` when it is neither.
    private func question(_ text: String) -> ConsoleReply? {
        guard let word = EnteredParts.question(text) else { return nil }
        do throws(Failure) {
            output.showWhole(try session.page(about: word.isEmpty ? nil : word))
            return .done
        } catch {
            output.report(error.render(colour: output.reportsColour, width: output.reportWidth) + "\n")
            return .failed
        }
    }

    /// Runs what the person wants run before each first prompt.
    func runStartFile() {
        StartFile(environment: session.configuration.environment)?.run(in: session) { line in
            if case .run = self.understand(line) {
                self.output.report("\(self.red("error:")) \(line.prefix { !$0.isWhitespace }) runs statements; a start file has its own\n")
            }
        }
    }

    /// Says that the last parts of what was entered were left out.
    func tellNotRun(_ parts: [String], isRecalled: Bool) {
        let first = parts.first?.split(separator: "\n").first ?? ""
        let count = parts.reduce(0) { $0 + $1.split(separator: "\n", omittingEmptySubsequences: false).count }
        let note = (count == 1 ? "" : " … (\(count) lines)") + (isRecalled ? "; Up brings it back" : "")
        output.report(dim("not run: \(first)\(note)") + "\n")
    }

    // MARK: what commands need

    func refuseInSandbox(_ what: String) throws(WrongUse) {
        if session.configuration.isSandboxed { throw WrongUse("--sandbox keeps \(what) out, which could reach outside of the folder") }
    }

    func number(_ text: String) throws(WrongUse) -> Int {
        if let number = Int(text), number > 0 { return number }
        throw WrongUse("\(text) is no number from 1 on")
    }

    /// `~` as the home.
    func expanded(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = session.configuration.environment["HOME"] else { return path }
        return home + path.dropFirst()
    }

    func dim(_ text: String) -> String { output.showsColour ? "\u{1B}[90m\(text)\u{1B}[0m" : text }
    private func red(_ text: String) -> String { output.reportsColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

    /// A term and what it means, folded to the window as pages of help are.
    func entry(_ term: String, _ words: String, column: Int = 29) -> String {
        session.folded(words, behind: "  " + term + String(repeating: " ", count: max(2, column - 2 - term.count)), column: column)
    }
}

extension StringProtocol {
    var trimmingSpace: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
