import Glibc

/// An exclusive lock between processes: on an open file where the file system has such locks, else by a file that only one
/// can make.
struct FileLock {
    private let files: Files
    private let handle: Int32
    /// The lock file, resolved, where locks on open files can't be had.
    private let substitute: String?

    /// Waits until nobody else has it. Meant for short turns.
    init(_ handle: Int32, _ path: String, _ files: Files) throws(CrateError) {
        self.files = files
        self.handle = handle
        let isLocked = try files.named(path) { () throws(SystemError) in
            do throws(SystemError) { return try files.calls.lock(handle, waiting: true) } catch {
                if error.isUnsupported { return false }
                throw error
            }
        }
        substitute = isLocked ? nil : try ArtifactLock.makeSubstitute(path + ".lock", what: "journal", files, patience: ArtifactLock.standardPatience)
    }

    func release() {
        if let substitute { try? files.calls.unlink(substitute) } else { try? files.calls.unlock(handle) }
    }
}
