import CrateFormats
import Glibc

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
        if try isStream(path) {
            return try streaming(path) { (file) throws(CrateError) in _ = try fill(file, path, isHashed: false, body) }
        }
        try place(try makeFile(for: path, isHashed: false, body), at: path, mode)
    }

    /// Devices and pipes, such as /dev/null, can't be replaced: they get the bytes as they come.
    func isStream(_ path: String) throws(CrateError) -> Bool { try status(path, followingLinks: true)?.kind == .other }

    func streaming(_ path: String, _ fill: (Int32) throws(CrateError) -> Void) throws(CrateError) {
        let full = try resolved(path)
        let file = try named(path) { () throws(SystemError) in try calls.open(full, .stream) }
        defer { try? calls.close(file) }
        try fill(file)
    }

    /// A new file with what `body` sends, hidden beside `path`, with the permissions of the file there.
    ///
    /// - Parameter isHashed: take the digest while writing.
    func makeFile(for path: String, isHashed: Bool, _ body: (any ByteSink) throws(FormatError) -> Void) throws(CrateError) -> Unfinished {
        let old = try status(path)
        if old?.kind == .directory { throw .alreadyExists(what: "folder", path: path, hint: "a file can't replace a folder") }
        return try makeFile(besides: path) { (file) throws(CrateError) in
            if let old, old.kind == .file { try named(path) { () throws(SystemError) in try calls.setPermissions(file, old.permissions) } }
            return try fill(file, path, isHashed: isHashed, body)
        }
    }

    /// A new file that `fill` writes to, hidden beside `path`. `fill` gives the content's digest when it knows it.
    func makeFile(besides path: String, _ fill: (Int32) throws(CrateError) -> String?) throws(CrateError) -> Unfinished {
        let target = try resolved(path)
        var new = try named(path) { () throws(SystemError) in try beginFile(besides: target) }
        do throws(CrateError) { new.digest = try fill(new.handle) } catch {
            abandon(new)
            throw error
        }
        return new
    }

    /// Moves what was made into its place.
    func place(_ new: Unfinished, at path: String, _ mode: RenameMode) throws(CrateError) {
        defer { try? calls.close(new.handle) }
        do throws(CrateError) {
            let target = try resolved(path)
            try named(path) { () throws(SystemError) in
                try synchronize(new.handle)
                switch new.kind {
                case .directory: try putFolder(new.path, at: target, mode)
                default: try calls.rename(new.path, to: target, mode)
                }
            }
        } catch {
            removeAside(new.path)
            throw error
        }
        let target = try resolved(path)
        try named(path) { () throws(SystemError) in try synchronizeFolder(of: target) }
    }

    /// Removes what was made and will not be used.
    func abandon(_ new: Unfinished) {
        removeAside(new.path)
        try? calls.close(new.handle)
    }

    private func fill(
        _ file: Int32, _ path: String, isHashed: Bool, _ body: (any ByteSink) throws(FormatError) -> Void
    ) throws(CrateError) -> String? {
        let sink = FileSink(file, calls, isHashed: isHashed)
        do { try body(sink) } catch {
            if let failure = sink.failure { throw CrateError(failure, path: path) }
            throw .format(error, path: path)
        }
        try named(path) { () throws(SystemError) in try sink.flush() }
        return sink.digest
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
                try hold(file)
                // Another process may have taken the file for a leftover before it was locked.
                if try calls.status(ofOpen: file).linkCount > 0 { return Unfinished(path: path, handle: file, kind: .file) }
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
}
