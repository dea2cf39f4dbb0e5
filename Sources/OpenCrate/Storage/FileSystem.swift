/// What stands behind a path.
public struct FileStatus: Sendable {
    public enum Kind: Sendable { case file, directory, symbolicLink, other }
    public var kind: Kind
    /// Bytes.
    public var size: Int
    /// Nanoseconds since 1970, UTC.
    public var modified: Int
    /// The permission bits, as `chmod` takes them.
    public var permissions: UInt32
    /// How many names the file has; 0 when it was removed while open.
    public var linkCount: Int
    /// Tells one file from another on its file system while both are there.
    public var identity: UInt64

    public init(kind: Kind, size: Int, modified: Int, permissions: UInt32, linkCount: Int, identity: UInt64 = 0) {
        self.kind = kind
        self.size = size
        self.modified = modified
        self.permissions = permissions
        self.linkCount = linkCount
        self.identity = identity
    }
}

/// How a file is opened. Files are never written through a symbolic link.
public enum OpenMode: Sendable {
    case read
    /// For locking and synchronising a folder.
    case directory
    /// Write; fails when the name is taken.
    case createNew
    /// Append, made when missing; `truncating` empties it first.
    case append(truncating: Bool)
    /// Write to a device or pipe that is there, also through a link.
    case stream
}

/// What `rename` does about a taken target.
public enum RenameMode: Sendable {
    /// Replaces a file.
    case replace
    /// Fails with EEXIST.
    case keep
    /// Swaps the two. Not every file system can.
    case exchange
}

/// Every system call that the engine makes on files, so that faults can be injected and runs repeated.
///
/// Paths are passed on as they are. All calls throw what the system refused.
public protocol FileSystem: Sendable {
    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32
    func close(_ file: Int32) throws(SystemError)
    /// Bytes read, waiting until there are some; 0 at the end.
    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    /// Bytes written, perhaps fewer than given.
    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int
    /// Told of bytes that were worked on without a call, as those of a mapping; throws ECANCELED when the program is to stop.
    func worked(_ count: Int, _ measure: WorkMeasure) throws(SystemError)
    /// Returns when content and size are on the disk.
    func synchronize(_ file: Int32) throws(SystemError)
    /// As `synchronize` for two at once, which a file system can often write together.
    func synchronize(_ first: Int32, and second: Int32) throws(SystemError)
    /// Returns when everything written to the file system that an open file or folder lies on is on the disk.
    func synchronizeAll(_ file: Int32) throws(SystemError)
    /// A private, read-only mapping of the first `count` bytes.
    func map(_ file: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer
    /// Shares the blocks of `source`; fails where the file system can't.
    func clone(_ source: Int32, to target: Int32) throws(SystemError)
    /// Copies up to `count` bytes inside the kernel, from and to the current positions; 0 at the end.
    func copyRange(_ source: Int32, to target: Int32, count: Int) throws(SystemError) -> Int
    /// An exclusive lock, freed when the file is closed. False when another holds it and `waiting` is false.
    func lock(_ file: Int32, waiting: Bool) throws(SystemError) -> Bool
    /// Gives a lock back before the file is closed.
    func unlock(_ file: Int32) throws(SystemError)
    /// Waits between two tries for something that another process has; throws ECANCELED when the program is to stop.
    func pause(nanoseconds: Int) throws(SystemError)
    /// Cuts an open file down to `size` bytes.
    func truncate(_ file: Int32, to size: Int) throws(SystemError)
    /// Bytes of an open file that other files hold too, as after `clone`; 0 where the file system can't tell.
    func sharedBytes(_ file: Int32) -> Int
    func status(ofOpen file: Int32) throws(SystemError) -> FileStatus
    func setPermissions(_ file: Int32, _ permissions: UInt32) throws(SystemError)

    /// `nil` when nothing is there. A link is described itself unless `followingLinks`.
    func status(_ path: String, followingLinks: Bool) throws(SystemError) -> FileStatus?
    /// The names in a folder, without "." and "..", in no order.
    func names(in directory: String) throws(SystemError) -> [String]
    /// - Parameter permissions: as `chmod` takes them; the user's umask is taken off.
    func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError)
    func rename(_ from: String, to: String, _ mode: RenameMode) throws(SystemError)
    func unlink(_ path: String) throws(SystemError)
    func removeDirectory(_ path: String) throws(SystemError)
    func readLink(_ path: String) throws(SystemError) -> String
    func makeLink(_ path: String, to target: String) throws(SystemError)
    /// A second name for the file `existing`; a link is named itself.
    func makeHardLink(_ path: String, to existing: String) throws(SystemError)
    /// Nanoseconds since 1970, UTC.
    func setModified(_ path: String, _ time: Int) throws(SystemError)
}

extension FileSystem {
    public func worked(_ count: Int, _ measure: WorkMeasure) throws(SystemError) {}

    /// One after the other.
    public func synchronize(_ first: Int32, and second: Int32) throws(SystemError) {
        try synchronize(first)
        try synchronize(second)
    }

    /// A folder that the user's umask decides about.
    func makeDirectory(_ path: String) throws(SystemError) { try makeDirectory(path, permissions: 0o777) }
}
