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
}

/// Files by path, for the engine and for scripts. Relative paths start at `workingDirectory`. All writes are atomic: the
/// old file or the whole new one.
public final class Files {
    public let workingDirectory: String

    public init(workingDirectory: String) { self.workingDirectory = workingDirectory }

    /// The whole content; large files are memory-mapped.
    public func read(_ path: String) throws(CrateError) -> Bytes { throw .notFound(what: "file", path: path, hint: nil) }
    /// Writes what `body` sends to the sink and puts it in place when `body` returns.
    public func write(_ path: String, _ body: (any ByteSink) throws(FormatError) -> Void) throws(CrateError) {}
    /// `nil` when nothing is there.
    public func info(_ path: String) throws(CrateError) -> FileInfo? { nil }
    /// Sorted by path; links are listed, not followed.
    public func list(_ directory: String, recursive: Bool = false) throws(CrateError) -> [FileInfo] { [] }
    /// With its parents; fine when it is there already.
    public func makeDirectory(_ path: String) throws(CrateError) {}
    /// A file, or a folder with all it holds.
    public func remove(_ path: String) throws(CrateError) {}
    public func copy(_ from: String, to: String) throws(CrateError) {}
    public func move(_ from: String, to: String) throws(CrateError) {}
}
