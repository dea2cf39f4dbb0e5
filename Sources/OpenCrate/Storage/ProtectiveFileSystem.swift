import CrateValues
import Glibc

/// A file system in which nothing outside of one folder can be changed; all of it can be read.
public struct ProtectiveFileSystem: FileSystem {
    private let real: any FileSystem
    private let folder: [Substring]

    /// - Parameter folder: an absolute path without links in it.
    public init(_ real: any FileSystem, folder: String) {
        self.real = real
        self.folder = ProtectiveFileSystem.parts(folder)
    }

    /// The names on the way, with `..` carried out.
    private static func parts(_ path: String) -> [Substring] {
        path.pathParts().reduce(into: []) { parts, part in
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
    }

    private func protect(_ operation: String, _ path: String) throws(SystemError) {
        if !path.hasPrefix("/") || !ProtectiveFileSystem.parts(path).starts(with: folder) { throw SystemError(operation, path, EROFS) }
    }

    // MARK: what changes something

    public func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
        switch mode {
        case .read, .directory: break
        case .createNew, .append, .stream: try protect("open", path)
        }
        return try real.open(path, mode)
    }

    public func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError) {
        try protect("mkdir", path)
        try real.makeDirectory(path, permissions: permissions)
    }

    public func rename(_ from: String, to: String, _ mode: RenameMode) throws(SystemError) {
        try protect("rename", from)
        try protect("rename", to)
        try real.rename(from, to: to, mode)
    }

    public func unlink(_ path: String) throws(SystemError) {
        try protect("unlink", path)
        try real.unlink(path)
    }

    public func removeDirectory(_ path: String) throws(SystemError) {
        try protect("rmdir", path)
        try real.removeDirectory(path)
    }

    public func makeLink(_ path: String, to target: String) throws(SystemError) {
        try protect("symlink", path)
        try real.makeLink(path, to: target)
    }

    /// Not to what is outside either: through the new name it could be changed.
    public func makeHardLink(_ path: String, to existing: String) throws(SystemError) {
        try protect("link", path)
        try protect("link", existing)
        try real.makeHardLink(path, to: existing)
    }

    public func setModified(_ path: String, _ time: Int) throws(SystemError) {
        try protect("utimensat", path)
        try real.setModified(path, time)
    }

    // MARK: what does not, and what is open already

    public func close(_ file: Int32) throws(SystemError) { try real.close(file) }
    public func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int { try real.read(file, into: buffer) }
    public func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int { try real.write(file, bytes) }
    public func worked(_ count: Int, _ measure: WorkMeasure) throws(SystemError) { try real.worked(count, measure) }
    public func synchronize(_ file: Int32) throws(SystemError) { try real.synchronize(file) }
    public func synchronize(_ first: Int32, and second: Int32) throws(SystemError) { try real.synchronize(first, and: second) }
    public func synchronizeAll(_ file: Int32) throws(SystemError) { try real.synchronizeAll(file) }
    public func map(_ file: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer { try real.map(file, count: count) }
    public func clone(_ source: Int32, to target: Int32) throws(SystemError) { try real.clone(source, to: target) }
    public func copyRange(_ source: Int32, to target: Int32, count: Int) throws(SystemError) -> Int { try real.copyRange(source, to: target, count: count) }
    public func lock(_ file: Int32, waiting: Bool) throws(SystemError) -> Bool { try real.lock(file, waiting: waiting) }
    public func unlock(_ file: Int32) throws(SystemError) { try real.unlock(file) }
    public func pause(nanoseconds: Int) throws(SystemError) { try real.pause(nanoseconds: nanoseconds) }
    public func truncate(_ file: Int32, to size: Int) throws(SystemError) { try real.truncate(file, to: size) }
    public func sharedBytes(_ file: Int32) -> Int { real.sharedBytes(file) }
    public func status(ofOpen file: Int32) throws(SystemError) -> FileStatus { try real.status(ofOpen: file) }
    public func setPermissions(_ file: Int32, _ permissions: UInt32) throws(SystemError) { try real.setPermissions(file, permissions) }
    public func status(_ path: String, followingLinks: Bool) throws(SystemError) -> FileStatus? { try real.status(path, followingLinks: followingLinks) }
    public func names(in directory: String) throws(SystemError) -> [String] { try real.names(in: directory) }
    public func readLink(_ path: String) throws(SystemError) -> String { try real.readLink(path) }
}
