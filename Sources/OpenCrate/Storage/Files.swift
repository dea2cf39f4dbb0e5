import CrateFormats
import CrateValues

/// What is known of one file or folder.
public struct FileInfo: Sendable {
    public let path: String
    public let isDirectory: Bool
    public let isSymbolicLink: Bool
    /// Bytes.
    public let size: Int
    /// Seconds since 1970, UTC.
    public let modified: Double

    init(path: String, _ status: FileStatus) {
        self.path = path
        isDirectory = status.kind == .directory
        isSymbolicLink = status.kind == .symbolicLink
        size = status.size
        modified = Double(status.modified) / 1e9
    }
}

/// Files by path, for the engine and for scripts. Relative paths start at `workingDirectory`. All writes are atomic: the
/// old file or the whole new one.
///
/// Paths in answers and errors are the ones that were asked for, not the resolved ones.
public final class Files {
    public let workingDirectory: String
    public let isConfined: Bool
    let system: OperatingSystem
    /// Bytes taken from what does not say its size, as devices and pipes, which may never end.
    var streamLimit = 1 << 30
    /// Whether writes wait for the disk.
    public var durability = Durability.full

    /// - Parameters:
    ///   - workingDirectory: where relative paths start; empty or "." for the process's own.
    ///   - isConfined: nothing outside of the working directory, which is then an absolute path, is read or written.
    public init(workingDirectory: String, system: OperatingSystem = OperatingSystem(), isConfined: Bool = false) {
        self.isConfined = isConfined
        self.workingDirectory = workingDirectory
        self.system = system
    }

    /// The system calls.
    var calls: any FileSystem { system.files }

    /// The path that the system is asked for. Every path comes through here before any call is made of it.
    ///
    /// Throws `invalid` for a NUL: the system would take it for the path's end and so mean another file.
    func resolved(_ path: String) throws(CrateError) -> String {
        let full = workingDirectory.isEmpty || workingDirectory == "." ? path : Path.join(workingDirectory, path)
        if full.utf8.contains(0) { throw .invalid(what: "path", reason: "`\(path)` holds a NUL character", hint: "no file has one in its name") }
        if isConfined { try confine(full, named: path) }
        return full
    }

    /// `nil` when nothing is there. A link that leads nowhere counts as nothing; other links are followed.
    public func info(_ path: String) throws(CrateError) -> FileInfo? {
        guard let status = try status(path, followingLinks: true) else { return nil }
        return FileInfo(path: path, status)
    }

    func status(_ path: String, followingLinks: Bool = false) throws(CrateError) -> FileStatus? {
        let full = try resolved(path)
        return try named(path) { () throws(SystemError) in try calls.status(full, followingLinks: followingLinks) }
    }

    /// Runs system calls and puts the user's own path into what they throw.
    func named<Result>(_ path: String, _ body: () throws(SystemError) -> Result) throws(CrateError) -> Result {
        do { return try body() } catch { throw CrateError(error, path: path) }
    }

    /// As `named`, for calls on what is below folders: `roots` pairs their full paths with the user's own.
    func named<Result>(below roots: [(full: String, path: String)], _ body: () throws(SystemError) -> Result) throws(CrateError) -> Result {
        do { return try body() } catch {
            for root in roots {
                if error.path == root.full { throw CrateError(error, path: root.path) }
                if error.path.utf8.starts(with: (root.full + "/").utf8) {
                    throw CrateError(error, path: Path.join(root.path, String(Substring(error.path.utf8.dropFirst(root.full.utf8.count + 1)))))
                }
            }
            throw CrateError(error, path: roots.first?.path)
        }
    }
}
