import CrateCommands
import CrateLanguage
import OpenCrate

let replayCommand = SessionCommand(
    name: ":replay", operands: "", summary: "run all of it again in a new session and folder, and tell whether it comes out the same"
) { console, _ throws(WrongUse) in
    guard console.recording != nil else { throw WrongUse("a lesson is replayed by its own keys") }
    guard !console.transcript.entries.isEmpty else { throw WrongUse("there is nothing to replay yet") }
    console.output.show(try Replay(console).report() + "\n")
    return .done
}

/// The statements of a session, run anew: same seed, arguments and rc file, but no variables, no project and none of the files that the
/// session has made. What the folder held before is there as copies. Nothing outside of the new folder can be written or read.
struct Replay {
    private let console: Console
    private let folder: LessonFolder
    /// Bytes of the working folder's files that are copied.
    private static let most = 256 << 20

    init(_ console: Console) throws(WrongUse) {
        self.console = console
        folder = try LessonFolder()
    }

    /// In one or several lines.
    func report() throws(WrongUse) -> String {
        try copyInputs()
        var configuration = console.session.configuration
        configuration.workingDirectory = folder.path
        configuration.seed = console.session.seed
        configuration.isSandboxed = true
        let recording = RecordingOutput(passingTo: console.output)
        let session = Session(configuration: configuration, output: recording)
        session.keepValues()
        recording.look = Look(console.output)
        StartFile(environment: configuration.environment)?.run(in: session)
        let runner = StatementRunner(session: session, output: recording, recording: recording)
        for entry in console.transcript.entries {
            recording.look = entry.look
            _ = runner.run(entry.statement.untimed, number: entry.number)
            if recording.result.failure?.kind == "interrupted" { return "replay: stopped at In [\(entry.number)]" }
            if let difference = difference(entry.result, recording.result) {
                return "replay: In [\(entry.number)] comes out differently\n" + difference
            }
        }
        let count = console.transcript.entries.count
        return "replay: \(count == 1 ? "the statement comes" : "all \(count) statements come") out the same in a new session" + programsNote
    }

    private var programsNote: String {
        switch console.transcript.programs {
        case 0: ""
        case 1: "; one line with ! was left out"
        case let count: "; \(count) lines with ! were left out"
        }
    }

    /// The first line that is not the same; `nil` when all are.
    private func difference(_ here: CellResult, _ there: CellResult) -> String? {
        let (own, new) = (lines(here), lines(there))
        guard own != new else { return nil }
        let place = zip(own, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(own.count, new.count)
        func shown(_ lines: [String]) -> String { lines.indices.contains(place) ? lines[place] : "(nothing)" }
        return "  here:   \(shown(own))\n  replay: \(shown(new))"
    }

    private func lines(_ result: CellResult) -> [String] {
        let place = console.session.configuration.workingDirectory
        let failure = result.failure.map { ["error: \($0.message)"] } ?? []
        return (result.lines + failure).map { $0.replacing(folder.path, with: place) }
    }

    /// What was in the folder when the session began, without projects' own folders.
    private func copyInputs() throws(WrongUse) {
        let files = console.session.files
        do throws(CrateError) {
            var entries = try files.list(".").filter { entry in
                !entry.isSymbolicLink && entry.modified < Double(console.start) / 1e9 && !["./snapshots", "./.opencrate"].contains(entry.path)
            }
            var size = 0
            for entry in entries { size += entry.isDirectory ? try files.list(entry.path, recursive: true).reduce(0) { $0 + $1.size } : entry.size }
            if size > Replay.most {
                console.output.report("The folder's files are too large to be copied for a replay; it runs in an empty folder.\n")
                entries = []
            }
            for entry in entries { try files.copy(entry.path, to: folder.path + "/" + entry.path) }
        } catch { throw WrongUse("can't copy the folder's files for a replay: \(error)") }
    }
}

extension Statement {
    /// How long it takes is no output to compare.
    fileprivate var untimed: Statement {
        var statement = self
        statement.isTimed = false
        return statement
    }
}
