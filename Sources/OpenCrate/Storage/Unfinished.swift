import Glibc

/// A file or folder under construction, hidden beside the place it will take. The lock says that its writer lives.
struct Unfinished {
    /// Resolved.
    let path: String
    /// Open: for writing when a file, for locking when a folder.
    let handle: Int32
    let kind: FileStatus.Kind
    /// SHA-256 of the content, when it is known.
    var digest: String?
    /// Of a folder, when that is known.
    var outline: FileState.Outline?
}

extension Files {
    /// Marks something unfinished as alive. Where locks can't be had, nobody can take it for a leftover either.
    func hold(_ handle: Int32) throws(SystemError) {
        do { _ = try calls.lock(handle, waiting: true) } catch { if !error.isUnsupported { throw error } }
    }
}

extension SystemError {
    /// Whether the file system does not know the call at all.
    var isUnsupported: Bool { [ENOSYS, EOPNOTSUPP, ENOTSUP, ENOLCK, EINVAL].contains(code) }
}
