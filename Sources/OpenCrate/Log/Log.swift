/// The log files of one version: of this run, and of all runs once there has been another.
final class Log {
    let level: LogLevel
    private let clock: any WallClock
    private let run: AppendingFile?
    private let history: HistoryLog?

    /// Begins a run: its log is emptied; an earlier run's log goes to the history first.
    ///
    /// - Parameters:
    ///   - name: the snapshot's name, of which the files have theirs.
    ///   - isContinued: the run goes on: its log is kept, as after `undo` has brought back another folder.
    init(in folder: String, name: String, level: LogLevel, files: Files, isContinued: Bool = false) throws(CrateError) {
        self.level = level
        clock = files.system.clock
        let runPath = Path.join(folder, "\(name).log")
        let historyPath = Path.join(folder, "\(name).history.log")
        if try files.status(runPath)?.kind == .file {
            if try files.status(historyPath) == nil { try files.copy(runPath, to: historyPath) }
            history = try HistoryLog(historyPath, files: files)
        } else {
            history = nil
        }
        run = try AppendingFile(runPath, files: files, truncating: !isContinued)
    }

    /// Without files.
    init(echoing level: LogLevel, clock: any WallClock) {
        self.level = level
        self.clock = clock
        (run, history) = (nil, nil)
    }

    /// Writes the line unless its level is below the log's; gives what was logged.
    func append(_ level: LogLevel, _ message: String) throws(CrateError) -> LogRecord? {
        guard level >= self.level else { return nil }
        let record = LogRecord(level: level, message: message, time: clock.local(clock.now()))
        let line = Array((record.fileLine + "\n").utf8)
        try history?.append(line)
        try run?.append(line)
        return record
    }
}
