import Glibc

/// An exclusive lock between processes: on an open file where the file system has such locks, else by a file that only one
/// can make.
struct FileLock {
    /// Nanoseconds between two tries, at first and at most: turns are short, as a rule.
    private static let (shortestTurn, longestTurn) = (100_000, 5_000_000)

    private let files: Files
    private let handle: Int32
    /// The lock file, resolved, where locks on open files can't be had.
    private let substitute: String?

    /// Waits until nobody else has it; then throws `busy` with the process that has it. It may be stopped, so nobody waits for ever.
    ///
    /// - Parameters:
    ///   - path: of the open file.
    ///   - what: what is locked, for the message of `busy`.
    ///   - patience: nanoseconds.
    init(_ handle: Int32, _ path: String, what: String, _ files: Files, patience: Int) throws(CrateError) {
        self.files = files
        self.handle = handle
        if try FileLock.take(handle, path, what, files, patience) {
            substitute = nil
        } else {
            substitute = try ArtifactLock.makeSubstitute(path + ".lock", what: what, files, patience: patience)
        }
    }

    /// False where open files can't be locked.
    private static func take(_ handle: Int32, _ path: String, _ what: String, _ files: Files, _ patience: Int) throws(CrateError) -> Bool {
        var (waited, turn) = (0, shortestTurn)
        while true {
            do throws(SystemError) {
                if try files.calls.lock(handle, waiting: false) { return true }
            } catch {
                if error.isUnsupported { return false }
                throw CrateError(error, path: path)
            }
            if waited >= patience { throw .busy(what: what, holder: holder(handle, files)) }
            try files.named(path) { () throws(SystemError) in try files.calls.pause(nanoseconds: turn) }
            waited += turn
            turn = min(turn * 2, longestTurn)
        }
    }

    private static func holder(_ handle: Int32, _ files: Files) -> String {
        let identity = (try? files.calls.status(ofOpen: handle))?.identity
        return identity.flatMap { files.system.processes.holder(ofLockOn: $0) }?.text ?? "another process"
    }

    /// False when the lock stays until the file is closed.
    func release() -> Bool {
        guard let substitute else { return (try? files.calls.unlock(handle)) != nil }
        try? files.calls.unlink(substitute)
        return true
    }
}
