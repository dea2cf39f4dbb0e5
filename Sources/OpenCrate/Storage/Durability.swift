import Glibc

/// What is done so that acknowledged writes outlast a loss of power.
public enum Durability: String, Sendable, CaseIterable {
    /// Files and folders are on the disk before a call returns.
    case full
    /// The system writes when it likes. A crash of the program loses nothing; a loss of power may.
    case fast
}

extension Files {
    /// Returns when the open file or folder is on the disk; at once with `.fast`.
    func synchronize(_ handle: Int32) throws(SystemError) {
        if durability == .full { try calls.synchronize(handle) }
    }

    func synchronize(_ first: Int32, and second: Int32) throws(SystemError) {
        if durability == .full { try calls.synchronize(first, and: second) }
    }

    /// Two folders, resolved.
    func synchronizeFolders(_ first: String, _ second: String) throws(SystemError) {
        if durability == .fast { return }
        let other = try calls.open(second, .directory)
        defer { try? calls.close(other) }
        let handle = try calls.open(first, .directory)
        defer { try? calls.close(handle) }
        do { try calls.synchronize(handle, and: other) } catch {
            // Some network file systems can't; the rename itself has been done.
            if error.code != EINVAL && error.code != ENOTSUP { throw error }
        }
    }

    /// Makes a rename last through a loss of power.
    ///
    /// - Parameter target: resolved.
    func synchronizeFolder(of target: String) throws(SystemError) { try synchronizeFolder(Path.parent(target)) }

    /// - Parameter folder: resolved.
    func synchronizeFolder(_ folder: String) throws(SystemError) {
        if durability == .fast { return }
        let handle = try calls.open(folder, .directory)
        do { try calls.synchronize(handle) } catch {
            try? calls.close(handle)
            // Some network file systems can't; the rename itself has been done.
            if error.code == EINVAL || error.code == ENOTSUP { return }
            throw error
        }
        try calls.close(handle)
    }
}
