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
    let system: OperatingSystem

    /// - Parameter workingDirectory: where relative paths start; empty or "." for the process's own.
    public init(workingDirectory: String, system: OperatingSystem = OperatingSystem()) {
        self.workingDirectory = workingDirectory
        self.system = system
    }

    /// The system calls.
    var calls: any FileSystem { system.files }

    /// The path that the system is asked for.
    func resolved(_ path: String) -> String {
        workingDirectory.isEmpty || workingDirectory == "." ? path : Path.join(workingDirectory, path)
    }

    /// `nil` when nothing is there. A link that leads nowhere counts as nothing; other links are followed.
    public func info(_ path: String) throws(CrateError) -> FileInfo? {
        guard let status = try status(path, followingLinks: true) else { return nil }
        return FileInfo(path: path, status)
    }

    func status(_ path: String, followingLinks: Bool = false) throws(CrateError) -> FileStatus? {
        let full = resolved(path)
        return try named(path) { () throws(SystemError) in try calls.status(full, followingLinks: followingLinks) }
    }

    /// Runs system calls and puts the user's own path into what they throw.
    func named<Result>(_ path: String, _ body: () throws(SystemError) -> Result) throws(CrateError) -> Result {
        do { return try body() } catch { throw CrateError(error, path: path) }
    }
}
