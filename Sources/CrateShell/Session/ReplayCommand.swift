import CrateCommands
import CrateLanguage

let replayCommand = SessionCommand(
    name: ":replay", operands: "", summary: "run all again from clean: does it come out the same?"
) { console, _ throws(WrongUse) in
    guard console.recording != nil else { throw WrongUse("a lesson is replayed by its own keys") }
    guard !console.transcript.entries.isEmpty else { throw WrongUse("there is nothing to replay yet") }
    console.output.show(try Replay(console).report() + "\n")
    return .done
}

/// The statements of a session, run anew: same seed, arguments and rc file, but no variables, no project and none of the files that the
/// session has made. What the folder held before is there as copies. Nothing outside of the new folder can be changed.
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
        configuration.move(into: folder.realPath)
        configuration.seed = console.session.seed
        let clock = console.clock.map { configuration.replay($0) }
        let recording = RecordingOutput(passingTo: console.output)
        let session = Session(configuration: configuration, output: recording)
        session.keepValues()
        recording.look = Look(console.output)
        StartFile(environment: configuration.environment)?.run(in: session)
        let runner = StatementRunner(session: session, output: recording, recording: recording)
        configuration.progress?.begin("replay", .statements, total: console.transcript.entries.count)
        defer { configuration.progress?.end() }
        for entry in console.transcript.entries {
            recording.look = entry.look
            clock?.move(to: entry.clockPosition)
            _ = runner.run(entry.statement.untimed, number: entry.number)
            configuration.progress?.advance(.statements, by: 1)
            if recording.result.failure?.kind == "interrupted" { return "replay: stopped at In [\(entry.number)]" }
            if let difference = difference(entry, recording.result, session.versionName) {
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
    ///
    /// - Parameter version: the one that is open in the new session. The folder counts its versions from the beginning, so numbers differ.
    private func difference(_ entry: Transcript.Entry, _ there: CellResult, _ version: String?) -> String? {
        let new = lines(there)
        var own = lines(entry.result)
        if let old = entry.version, let version, old != version { own = own.map { Replay.renamed($0, old, version) } }
        let place = zip(own, new).enumerated().first { !Replay.isAlike($0.element.0, $0.element.1) }?.offset ?? min(own.count, new.count)
        if place == own.count, place == new.count { return nil }
        func shown(_ lines: [String]) -> String { lines.indices.contains(place) ? lines[place] : "(nothing)" }
        return "  here:   \(shown(own))\n  replay: \(shown(new))"
    }

    /// The times of files are no difference: they are made anew.
    private static func isAlike(_ own: String, _ new: String) -> Bool {
        if own == new { return true }
        let time = #/\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?/#
        return own.replacing(time, with: "(time)") == new.replacing(time, with: "(time)")
    }

    /// `old` as a word of its own becomes `new`.
    private static func renamed(_ line: String, _ old: String, _ new: String) -> String {
        var renamed = ""
        var rest = line[...]
        while let place = rest.firstRange(of: old) {
            let isWord = !(rest[..<place.lowerBound].last?.isLetter ?? false) && !(rest[place.upperBound...].first.map { $0.isLetter || $0.isNumber } ?? false)
            renamed += rest[..<place.lowerBound] + (isWord ? new : old)
            rest = rest[place.upperBound...]
        }
        return renamed + rest
    }

    private func lines(_ result: CellResult) -> [String] {
        let place = console.session.configuration.workingDirectory
        let failure = result.failure.map { ["error: \($0.message)"] } ?? []
        return (result.lines + failure).map { $0.replacing(folder.realPath, with: place) }
    }

    /// What was in the folder when the session began.
    private func copyInputs() throws(WrongUse) {
        do throws(Failure) {
            if let state = console.folderAtStart, try console.session.copyFolder(to: folder.path, asOf: state, most: Replay.most) { return }
            console.output.report("The folder's files are too many or too large to be copied for a replay; it runs in an empty folder.\n")
        } catch { throw WrongUse("can't copy the folder's files for a replay: \(error.message)") }
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
