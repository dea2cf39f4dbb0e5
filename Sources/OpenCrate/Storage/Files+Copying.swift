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
    /// - Parameter isShared: only one that shares its blocks; an error where the file system can't.
    func makeCopy(of from: String, besides to: String, isShared: Bool = false) throws(CrateError) -> Unfinished {
        try watched("copy \(Path.name(from))", .written, total: { (try? outline(from))?.size }) { () throws(CrateError) in
            try makeUnwatchedCopy(of: from, besides: to, isShared)
        }
    }

    private func makeUnwatchedCopy(of from: String, besides to: String, _ isShared: Bool) throws(CrateError) -> Unfinished {
        guard let source = try status(from, followingLinks: true) else { throw .notFound(what: "file", path: from, hint: nil) }
        let (full, target) = (try resolved(from), try resolved(to))
        if source.kind == .directory {
            try refuseInside(from, to)
            return try makeFolder(besides: to) { (new) throws(CrateError) in
                try named(below: [(full, from), (new, to)]) { () throws(SystemError) in
                    try copyEntries(of: full, into: new, isShared)
                    try synchronizeAll(below: new)
                }
            }
        }
        if try status(to)?.kind == .directory { throw .alreadyExists(what: "folder", path: to, hint: "name the file in it") }
        return try makeFile(besides: to) { (file) throws(CrateError) in
            try named(below: [(full, from), (target, to)]) { () throws(SystemError) in try copyContent(of: full, to: file, at: target, isShared) }
            return nil
        }
    }

    /// A folder copied into itself would never end.
    private func refuseInside(_ from: String, _ to: String) throws(CrateError) {
        let source = try resolved(from) + "/"
        if (try resolved(to) + "/").hasPrefix(source) { throw .invalid(what: "target", reason: "`\(to)` is inside `\(from)`", hint: nil) }
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

    /// Copies what a folder holds into the existing folder `target`; both resolved.
    private func copyEntries(of source: String, into target: String, _ isShared: Bool) throws(SystemError) {
        for name in try calls.names(in: source) where !name.hasPrefix(NameRules.temporaryPrefix) {
            let from = Path.join(source, name)
            let to = Path.join(target, name)
            let status = try calls.status(from, followingLinks: false)
            switch status?.kind {
            case .directory:
                try calls.makeDirectory(to)
                try copyEntries(of: from, into: to, isShared)
            case .symbolicLink: try calls.makeLink(to, to: try calls.readLink(from))
            case .file: try copyFile(from, to, isShared, isExecutable: (status?.permissions ?? 0) & 0o100 != 0)
            case .other: throw SystemError("copy", from, EINVAL)
            case nil: break
            }
        }
    }

    private func copyFile(_ from: String, _ to: String, _ isShared: Bool, isExecutable: Bool) throws(SystemError) {
        let file = try calls.open(to, .createNew)
        defer { try? calls.close(file) }
        try copyContent(of: from, to: file, at: to, isShared)
        if isExecutable { try about(to) { () throws(SystemError) in try makeExecutable(file) } }
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
    func copyContent(of source: String, to target: Int32, at place: String, _ isShared: Bool = false) throws(SystemError) {
        let file = try calls.open(source, .read)
        defer { try? calls.close(file) }
        do { return try calls.clone(file, to: target) } catch { if isShared { throw error } }
        do { return try copyInKernel(file, to: target, source, place) } catch {
            guard [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EBADF].contains(error.code) else { throw error }
        }
        try copyThroughBuffer(file, to: target, source, place)
    }

    private func copyInKernel(_ source: Int32, to target: Int32, _ sourcePath: String, _ targetPath: String) throws(SystemError) {
        var total = 0
        while true {
            let count: Int
            do { count = try calls.copyRange(source, to: target, count: 1 << 30) } catch {
                // One call for both sides: only the code tells which of them was refused.
                throw SystemError(error.operation, error.code == EIO ? sourcePath : targetPath, error.code)
            }
            total += count
            if count > 0 { continue }
            // Kernel files claim to be empty here although they can be read.
            if total == 0 { try copyThroughBuffer(source, to: target, sourcePath, targetPath) }
            return
        }
    }

    private func copyThroughBuffer(_ source: Int32, to target: Int32, _ sourcePath: String, _ targetPath: String) throws(SystemError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try about(sourcePath) { () throws(SystemError) in try calls.read(source, into: buffer) }
            if count == 0 { return }
            try about(targetPath) { () throws(SystemError) in try calls.writeAll(target, UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        }
    }

    /// Calls on open files do not know the path: it is put into what they throw.
    private func about<Result>(_ path: String, _ body: () throws(SystemError) -> Result) throws(SystemError) -> Result {
        do { return try body() } catch { throw SystemError(error.operation, path, error.code) }
    }
}
