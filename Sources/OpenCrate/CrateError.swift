import CrateFormats
import Glibc

/// What the engine can't do, with the path or name concerned and what to do next. Nothing was changed unless the case
/// says so.
public enum CrateError: Error, Sendable {
    /// Bytes that a kind's reader refused; `path` is where they stand.
    case format(FormatError, path: String)
    /// The operating system refused; `code` is errno.
    case system(operation: String, path: String, code: Int32)
    case notFound(what: String, path: String, hint: String?)
    case alreadyExists(what: String, path: String, hint: String?)
    /// An argument that can't be used: a bad name, tag, version number, option, kind …
    case invalid(what: String, reason: String, hint: String?)
    /// Needs `confirm: true`; `consequence` says what would be lost.
    case unconfirmed(operation: String, consequence: String)
    /// Another process has been writing it for longer than one waits.
    case busy(what: String, holder: String)
    /// A file is not what it was when it was written here; `reason` says what differs.
    case changed(path: String, reason: String)
    /// Logging or saving before `setup`.
    case notSetUp(operation: String)
}

extension CrateError {
    /// Whether the user may not do that with the file.
    var isRefusal: Bool { if case .system(_, _, let code) = self { code == EACCES || code == EPERM } else { false } }
    /// Whether there is no such file or folder.
    var isOfNothingThere: Bool {
        switch self {
        case .notFound, .system(_, _, ENOENT): true
        default: false
        }
    }
    /// Whether the disk is full.
    var isForWantOfRoom: Bool { if case .system(_, _, let code) = self { code == ENOSPC || code == EDQUOT } else { false } }
}
