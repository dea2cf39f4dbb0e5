import CrateFormats
import Glibc

extension Files {
    /// A file, replacing a file, or a folder with all it holds to a free place. Sharing blocks where the file system can.
    ///
    /// Links inside a folder are copied as links.
    public func copy(_ from: String, to: String) throws(CrateError) { try copy(from, to: to, .replace) }

    /// As `copy`; with `.keep` a file that is already there is an error; `replacingFolder` lets a folder replace one.
    func copy(_ from: String, to: String, _ mode: RenameMode, replacingFolder: Bool = false) throws(CrateError) {
        guard let source = try status(from, followingLinks: true) else { throw .notFound(what: "file", path: from, hint: nil) }
        if source.kind != .directory, try isStream(to) {
            let (full, target) = (try resolved(from), try resolved(to))
            return try streaming(to) { (file) throws(CrateError) in
                try named(below: [(full, from), (target, to)]) { () throws(SystemError) in try copyContent(of: full, to: file, at: target) }
            }
        }
        if source.kind == .directory, !replacingFolder || mode == .keep, try status(to) != nil {
            throw .alreadyExists(what: "file or folder", path: to, hint: nil)
        }
        try place(try makeCopy(of: from, besides: to), at: to, mode)
    }

    /// A copy of a file or folder, hidden beside `to`, whose place it can take.
    ///
    /// - Parameters:
    ///   - isShared: only one that shares its blocks; an error where the file system can't.
    ///   - isHashed: take the digest on the way, which is quicker than reading the copy again.
    func makeCopy(of from: String, besides to: String, isShared: Bool = false, isHashed: Bool = false) throws(CrateError) -> Unfinished {
        try watched("copy \(Path.name(from))", .written, total: { (try? outline(from))?.size }) { () throws(CrateError) in
            try makeCopy(of: from, besides: to, Copying(files: self, isShared: isShared, isHashed: isHashed))
        }
    }

    private func makeCopy(of from: String, besides to: String, _ copying: Copying) throws(CrateError) -> Unfinished {
        var copying = copying
        guard let source = try status(from, followingLinks: true) else { throw .notFound(what: "file", path: from, hint: nil) }
        let (full, target) = (try resolved(from), try resolved(to))
        if source.kind == .directory {
            try refuseInside(from, to)
            var copy = try makeFolder(besides: to) { (new) throws(CrateError) in
                try named(below: [(full, from), (new, to)]) { () throws(SystemError) in
                    try copying.copyEntries(of: full, into: new)
                    try synchronizeAll(below: new)
                }
            }
            if copying.isHashed { (copy.digest, copy.outline) = (copying.tree.digest, copying.tree.outline) }
            return copy
        }
        if try status(to)?.kind == .directory { throw .alreadyExists(what: "folder", path: to, hint: "name the file in it") }
        return try makeFile(besides: to) { (file) throws(CrateError) in
            try named(below: [(full, from), (target, to)]) { () throws(SystemError) in try copying.copyContent(of: full, to: file, at: target) }
        }
    }

    /// A folder copied into itself would never end.
    private func refuseInside(_ from: String, _ to: String) throws(CrateError) {
        let source = try resolved(from) + "/"
        if (try resolved(to) + "/").utf8.starts(with: source.utf8) { throw .invalid(what: "target", reason: "`\(to)` is inside `\(from)`", hint: nil) }
    }

    /// Renames; across file systems copies and then removes. A file replaces a file; a folder needs a free place.
    public func move(_ from: String, to: String) throws(CrateError) {
        guard let source = try status(from) else { throw .notFound(what: "file", path: from, hint: nil) }
        if let target = try status(to), source.kind == .directory || target.kind == .directory || target.kind == .other {
            throw .alreadyExists(what: target.kind == .directory ? "folder" : "file", path: to, hint: nil)
        }
        let (full, place) = (try resolved(from), try resolved(to))
        do { try calls.rename(full, to: place, source.kind == .directory ? .keep : .replace) } catch {
            guard error.code == EXDEV else { throw CrateError(error, path: to) }
            try copy(from, to: to)
            try remove(from)
        }
    }

    /// For all who may read it.
    func makeExecutable(_ file: Int32) throws(SystemError) {
        let permissions = try calls.status(ofOpen: file).permissions
        try calls.setPermissions(file, permissions | (permissions & 0o444) >> 2)
    }

    /// Once for a whole folder: a call for each file would take far longer than the copying.
    func synchronizeAll(below folder: String) throws(SystemError) {
        if durability == .fast { return }
        let handle = try calls.open(folder, .directory)
        defer { try? calls.close(handle) }
        try about(folder) { () throws(SystemError) in try calls.synchronizeAll(handle) }
    }

    /// - Parameter place: the path of `target`, for errors: those of reading name `source`, those of writing name this.
    func copyContent(of source: String, to target: Int32, at place: String) throws(SystemError) {
        var copying = Copying(files: self, isShared: false, isHashed: false)
        _ = try copying.copyContent(of: source, to: target, at: place)
    }

    /// Calls on open files do not know the path: it is put into what they throw.
    func about<Result>(_ path: String, _ body: () throws(SystemError) -> Result) throws(SystemError) -> Result {
        do { return try body() } catch { throw SystemError(error.operation, path, error.code) }
    }
}
