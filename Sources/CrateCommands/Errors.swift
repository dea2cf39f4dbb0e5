import CrateFormats
import CrateLanguage
import CrateValues
import Glibc
import OpenCrate

extension Failure {
    /// The engine's error in the language's words. The kinds are stable: `not_found`, `exists`, `invalid`, `confirm`,
    /// `busy`, `changed`,
    /// `not_set_up`, `permission`, `no_space`, `system`, and those of `Failure(_: FormatError)`.
    init(_ error: CrateError) {
        switch error {
        case .format(let error, let path): self.init(error, path: path)
        case .system(let operation, let path, let code): self = .system(operation, path, code)
        case .notFound(let what, let path, let hint): self.init("not_found", "there is no \(what) `\(path)`", hint: hint)
        case .alreadyExists(let what, let path, let hint): self.init("exists", "the \(what) `\(path)` exists already", hint: hint)
        case .invalid(let what, let reason, let hint): self.init("invalid", "\(what): \(reason)", hint: hint)
        case .unconfirmed(let operation, let consequence):
            self.init("confirm", "\(operation) needs confirm: true: \(consequence)", hint: "add `confirm: true` if that is meant")
        case .busy(let what, let holder):
            self.init("busy", "\(what) is being written by \(holder)", hint: "try again when it is done; nothing was changed")
        case .changed(let path, let reason):
            self.init("changed", "`\(path)` was changed outside of crate: \(reason)", hint: "restore a backup, or take it as it is with `verify adopt: true`")
        case .notSetUp(let operation):
            self.init("not_set_up", "\(operation) comes before `setup`", hint: "begin with `setup \"name\", start: \"new\"`")
        }
    }

    /// A format's error. Its kind is the one that the format gave: `malformed`, `truncated`, `unsupported`, `limit`,
    /// `unsafe`, `unrepresentable`, `missing`, `missing_library`, `system`.
    init(_ error: FormatError, path: String? = nil) {
        if error.kind == .interrupted {
            self = .wasInterrupted
            return
        }
        let kind = error.kind == .missingLibrary ? "missing_library" : error.kind.rawValue
        let subject = path.map { "`\($0)`: " } ?? ""
        let hint = error.hint ?? (error.kind == .limit ? "a file that is to be trusted may have more, as in limits: {nodes: 100000000}" : nil)
        // Names in a file may hold anything, and errors are shown on terminals.
        let message = "\(subject)\(error.format): \(error.reason)\(Failure.text(error.place))".escapedForLine
        self.init(kind, message, hint: hint.map(\.escapedForLine))
    }

    private static var wasInterrupted: Failure { Failure("interrupted", "interrupted") }

    private static func text(_ place: FormatError.Place) -> String {
        switch place {
        case .whole: ""
        case .byte(let offset): ", at byte \(offset)"
        case .line(let line, let column): ", at line \(line), column \(column)"
        case .member(let name): ", at `\(name)`"
        }
    }

    private static func system(_ operation: String, _ path: String, _ code: Int32) -> Failure {
        if code == ECANCELED { return wasInterrupted }
        let kind = switch code {
        case ENOENT, ENOTDIR: "not_found"
        case EEXIST, ENOTEMPTY: "exists"
        case EACCES, EPERM, EROFS: "permission"
        case ENOSPC, EDQUOT: "no_space"
        default: "system"
        }
        let hint: String? = switch (kind, operation) {
        case ("permission", _) where path.contains(".opencrate/store"):
            "the store is private to the user who made it: work as that user, or in a copy of the files; a version that is there can be set up and loaded from"
        case ("no_space", _): "`gc plan: true` shows what is kept for `undo`, `gc confirm: true` frees it"
        case ("not_found", "open"): "`make_dir` makes its folder when that is missing"
        default: nil
        }
        return Failure(kind, "can't \(operation) `\(path)`: \(reason(code))", hint: hint)
    }

    /// The system's words for an error number.
    private static func reason(_ code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else { return "error \(code)" }
            return String(cString: start)
        }
    }
}
