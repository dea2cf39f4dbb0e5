import CrateFormats
import Glibc

extension Files {
    /// With its parents; fine when it is there already.
    public func makeDirectory(_ path: String) throws(CrateError) {
        let full = try resolved(path)
        do { try calls.makeDirectory(full) } catch {
            switch error.code {
            case EEXIST:
                if try status(path, followingLinks: true)?.kind == .directory { return }
                throw .alreadyExists(what: "file", path: path, hint: "a folder can't take its place")
            case ENOENT where Path.parent(path) != path:
                try makeDirectory(Path.parent(path))
                try makeDirectory(path)
            default: throw CrateError(error, path: path)
            }
        }
    }

    /// A folder in an existing one, made to last; fine when it is there already.
    func makeLastingDirectory(_ path: String, permissions: UInt32 = 0o777) throws(CrateError) {
        let full = try resolved(path)
        try named(path) { () throws(SystemError) in
            do throws(SystemError) { try calls.makeDirectory(full, permissions: permissions) } catch {
                if error.code == EEXIST, try calls.status(full, followingLinks: false)?.kind == .directory { return }
                throw error
            }
            try synchronizeFolder(of: full)
        }
    }

    /// A file, or a folder with all it holds. Links are removed, not followed.
    public func remove(_ path: String) throws(CrateError) {
        guard let status = try status(path) else { throw .notFound(what: "file or folder", path: path, hint: nil) }
        let full = try resolved(path)
        try named(below: [(full, path)]) { () throws(SystemError) in try removeTree(full, status.kind) }
    }

    /// Removes in one step: a folder first goes aside under a hidden name, so that it is there whole or not at all.
    ///
    /// When something in it can't be removed, the hidden rest stays until `removeLeftovers` has more luck.
    func discard(_ path: String) throws(CrateError) { removeAside(try putAside(path)) }

    /// Hides a file or folder beside its place; gives the new path, resolved.
    func putAside(_ path: String) throws(CrateError) -> String {
        let aside = try moveAside(path)
        do throws(CrateError) { try synchronizeNames(in: Path.parent(path)) } catch {
            try? putBack(aside, to: path)
            throw error
        }
        return aside
    }

    /// As `putAside`, for who synchronises the folder afterwards.
    func moveAside(_ path: String) throws(CrateError) -> String {
        let full = try resolved(path)
        let aside = temporaryPath(besides: full)
        try named(path) { () throws(SystemError) in try calls.rename(full, to: aside, .keep) }
        return aside
    }

    /// Makes what was renamed in `folder` last.
    func synchronizeNames(in folder: String) throws(CrateError) {
        let full = try resolved(folder)
        try named(folder) { () throws(SystemError) in try synchronizeFolder(full) }
    }

    /// Takes back `putAside`.
    func putBack(_ aside: String, to path: String) throws(CrateError) {
        let full = try resolved(path)
        try named(path) { () throws(SystemError) in try calls.rename(aside, to: full, .keep) }
    }

    /// What is left over is only untidy: nobody sees it.
    func removeAside(_ aside: String) {
        guard let status = try? calls.status(aside, followingLinks: false) else { return }
        try? removeTree(aside, status.kind)
    }

    /// As `removeAside` for many, some at once: the removal of a folder may wait for the disk.
    func removeAsides(_ paths: [String]) {
        let (directory, system, isConfined) = (workingDirectory, system, isConfined)
        Parallel.waiting(paths.count) { Files(workingDirectory: directory, system: system, isConfined: isConfined).removeAside(paths[$0]) }
    }

    func removeTree(_ full: String, _ kind: FileStatus.Kind) throws(SystemError) {
        guard kind == .directory else { return try calls.unlink(full) }
        for name in try calls.names(in: full) {
            let path = Path.join(full, name)
            guard let status = try calls.status(path, followingLinks: false) else { continue }
            try removeTree(path, status.kind)
        }
        try calls.removeDirectory(full)
    }

    /// A new folder that `body` fills and synchronises, hidden beside `path`, whose place it can take. `body` gets its path, resolved.
    func makeFolder(besides path: String, _ body: (String) throws(CrateError) -> Void) throws(CrateError) -> Unfinished {
        let target = try resolved(path)
        let new = try named(path) { () throws(SystemError) in try beginFolder(besides: target) }
        do throws(CrateError) { try body(new.path) } catch {
            abandon(new)
            throw error
        }
        return new
    }

    /// Swaps a new folder into place, so that readers see the old one or the whole new one. Both paths are resolved.
    func putFolder(_ new: String, at target: String, _ mode: RenameMode) throws(SystemError) {
        guard mode != .keep, let old = try calls.status(target, followingLinks: false) else {
            return try calls.rename(new, to: target, .keep)
        }
        do { try calls.rename(new, to: target, .exchange) } catch {
            guard error.code == EINVAL || error.code == ENOSYS else { throw error }
            return try replaceInTwoSteps(new, target, old.kind)
        }
        // From here on the new folder is in place; what is left over of the old one is only untidy.
        try? removeTree(new, old.kind)
    }

    /// For file systems that can't swap: for a moment nothing is at `target`. A failure puts the old folder back, and so
    /// does clearing up after a crash.
    private func replaceInTwoSteps(_ new: String, _ target: String, _ oldKind: FileStatus.Kind) throws(SystemError) {
        let aside = Path.join(Path.parent(target), NameRules.asidePrefix + Path.name(target))
        try calls.rename(target, to: aside, .keep)
        do { try calls.rename(new, to: target, .keep) } catch {
            try? calls.rename(aside, to: target, .keep)
            throw error
        }
        try? removeTree(aside, oldKind)
    }

    private func beginFolder(besides target: String) throws(SystemError) -> Unfinished {
        while true {
            let path = temporaryPath(besides: target)
            do { try calls.makeDirectory(path) } catch {
                if error.code == EEXIST { continue }
                throw error
            }
            do { if let handle = try holdFolder(path) { return Unfinished(path: path, handle: handle, kind: .directory) } } catch {
                try? calls.removeDirectory(path)
                throw error
            }
        }
    }

    /// Opens and locks a new folder; `nil` when another process has taken it for a leftover meanwhile.
    private func holdFolder(_ path: String) throws(SystemError) -> Int32? {
        let handle: Int32
        do { handle = try calls.open(path, .directory) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        do {
            try hold(handle)
            if try calls.status(path, followingLinks: false) != nil { return handle }
        } catch {
            try? calls.close(handle)
            throw error
        }
        try? calls.close(handle)
        return nil
    }

    /// Removes what writers that died have left in `directory`: unfinished files that nobody holds a lock on.
    func removeLeftovers(in directory: String) {
        guard let folder = try? resolved(directory), let names = try? calls.names(in: folder) else { return }
        for name in names where name.hasPrefix(NameRules.temporaryPrefix) {
            let path = Path.join(folder, name)
            let wasPutBack = name.hasPrefix(NameRules.asidePrefix) && putBack(path, Path.join(folder, String(name.dropFirst(NameRules.asidePrefix.count))))
            if !wasPutBack { removeIfAbandoned(path) }
        }
    }

    /// False when another folder has taken the place.
    private func putBack(_ aside: String, _ place: String) -> Bool { (try? calls.rename(aside, to: place, .keep)) != nil }

    private func removeIfAbandoned(_ path: String) {
        guard let status = try? calls.status(path, followingLinks: false), status.kind != .symbolicLink,
            let file = try? calls.open(path, status.kind == .directory ? .directory : .read)
        else { return }
        if (try? calls.lock(file, waiting: false)) == true { try? removeTree(path, status.kind) }
        try? calls.close(file)
    }
}
