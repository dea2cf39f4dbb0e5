import CrateFormats
import Glibc

/// A file or folder under construction, hidden beside the place it will take. The lock says that its writer lives.
struct Unfinished {
    /// Resolved.
    let path: String
    /// Open: for writing when a file, for locking when a folder.
    let handle: Int32
}

extension Files {
    /// Writes what `body` sends to the sink and puts it in place when `body` returns: temporary file, fsync, rename,
    /// fsync of the folder. On any error the old file stands and the temporary one is gone.
    ///
    /// The folder must exist. A link at `path` is replaced, not followed; a replaced file's permissions are kept.
    public func write(_ path: String, _ body: (any ByteSink) throws(FormatError) -> Void) throws(CrateError) {
        try write(path, .replace, body)
    }

    /// As `write`; with `.keep` a file that is already there is an error.
    func write(_ path: String, _ mode: RenameMode, _ body: (any ByteSink) throws(FormatError) -> Void) throws(CrateError) {
        let old = try status(path)
        if old?.kind == .directory { throw .alreadyExists(what: "folder", path: path, hint: "a file can't replace a folder") }
        try placingFile(path, mode) { (file) throws(CrateError) in
            if let old, old.kind == .file { try named(path) { () throws(SystemError) in try calls.setPermissions(file, old.permissions) } }
            try fill(file, path, body)
        }
    }

    /// Devices and pipes, such as /dev/null, can't be replaced: they get the bytes as they come.
    private func isStream(_ path: String) throws(CrateError) -> Bool { try status(path, followingLinks: true)?.kind == .other }

    private func streaming(_ path: String, _ fill: (Int32) throws(CrateError) -> Void) throws(CrateError) {
        let full = try resolved(path)
        let file = try named(path) { () throws(SystemError) in try calls.open(full, .stream) }
        defer { try? calls.close(file) }
        try fill(file)
    }

    /// Makes a temporary file beside `path`, has it filled, and moves it into place.
    func placingFile(_ path: String, _ mode: RenameMode, _ fill: (Int32) throws(CrateError) -> Void) throws(CrateError) {
        if try isStream(path) { return try streaming(path, fill) }
        let target = try resolved(path)
        let unfinished = try named(path) { () throws(SystemError) in try beginFile(besides: target) }
        var isOpen = true
        do throws(CrateError) {
            try fill(unfinished.handle)
            try named(path) { () throws(SystemError) in
                try calls.synchronize(unfinished.handle)
                try calls.rename(unfinished.path, to: target, mode)
            }
            isOpen = false
            try named(path) { () throws(SystemError) in
                try calls.close(unfinished.handle)
                try synchronizeFolder(of: target)
            }
        } catch {
            if isOpen {
                try? calls.unlink(unfinished.path)
                try? calls.close(unfinished.handle)
            }
            throw error
        }
    }

    private func fill(_ file: Int32, _ path: String, _ body: (any ByteSink) throws(FormatError) -> Void) throws(CrateError) {
        let sink = FileSink(file, calls)
        do { try body(sink) } catch {
            if let failure = sink.failure { throw CrateError(failure, path: path) }
            throw .format(error, path: path)
        }
        try named(path) { () throws(SystemError) in try sink.flush() }
    }

    private func beginFile(besides target: String) throws(SystemError) -> Unfinished {
        while true {
            let path = temporaryPath(besides: target)
            let file: Int32
            do { file = try calls.open(path, .createNew) } catch {
                if error.code == EEXIST { continue }
                throw error
            }
            do {
                _ = try calls.lock(file, waiting: true)
                // Another process may have taken the file for a leftover before it was locked.
                if try calls.status(ofOpen: file).linkCount > 0 { return Unfinished(path: path, handle: file) }
            } catch {
                try? calls.unlink(path)
                try? calls.close(file)
                throw error
            }
            try? calls.close(file)
        }
    }

    func temporaryPath(besides target: String) -> String {
        Path.join(Path.parent(target), NameRules.temporaryPrefix + String(system.entropy.next(), radix: 36))
    }

    /// Makes a rename last through a loss of power.
    func synchronizeFolder(of target: String) throws(SystemError) {
        let folder = try calls.open(Path.parent(target), .directory)
        do { try calls.synchronize(folder) } catch {
            try? calls.close(folder)
            // Some network file systems can't; the rename itself has been done.
            if error.code == EINVAL || error.code == ENOTSUP { return }
            throw error
        }
        try calls.close(folder)
    }
}
