import Glibc
import Synchronization

/// The real file system.
public struct PosixFileSystem: FileSystem {
    private let stopRequested: @Sendable () -> Bool
    private let progress: Progress?
    /// Bytes between two questions whether to stop.
    private static let chunk = 8 << 20

    /// - Parameters:
    ///   - stopRequested: asked before each chunk that is read, written or copied, and while a pipe has nothing to
    ///     read; true ends it with ECANCELED.
    ///   - progress: counts the bytes.
    public init(progress: Progress? = nil, stopRequested: @escaping @Sendable () -> Bool = { false }) {
        (self.progress, self.stopRequested) = (progress, stopRequested)
    }

    public func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
        let file = repeated { Glibc.open(path, mode.flags, 0o666) }
        if file < 0 { throw SystemError("open", path, errno) }
        return file
    }

    public func close(_ file: Int32) throws(SystemError) {
        // Linux frees the descriptor even when it reports EINTR, so it must not be closed again.
        if Glibc.close(file) < 0, errno != EINTR { throw SystemError("close", "", errno) }
    }

    public func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        while true {
            try waitUntilReadable(file)
            let count = repeated { Glibc.read(file, buffer.baseAddress, buffer.count) }
            if count >= 0 {
                progress?.advance(.read, by: count)
                return count
            }
            if errno != EAGAIN { throw SystemError("read", "", errno) }
        }
    }

    /// Waits in short turns, since a signal that comes just before a blocking call does not wake it. A pipe that nobody
    /// has written to yet is not at its end.
    private func waitUntilReadable(_ file: Int32) throws(SystemError) {
        var request = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while true {
            if stopRequested() { throw SystemError("read", "", ECANCELED) }
            let count = poll(&request, 1, 100)
            if count > 0 { return }
            if count < 0, errno != EINTR { throw SystemError("poll", "", errno) }
        }
    }

    public func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        if stopRequested() { throw SystemError("write", "", ECANCELED) }
        let count = try counted("write") { Glibc.write(file, bytes.baseAddress, min(bytes.count, PosixFileSystem.chunk)) }
        progress?.advance(.written, by: count)
        return count
    }

    public func worked(_ count: Int, _ measure: WorkMeasure) throws(SystemError) {
        progress?.advance(measure, by: count)
        if stopRequested() { throw SystemError("read", "", ECANCELED) }
    }

    public func synchronize(_ file: Int32) throws(SystemError) { try checked("fsync") { fsync(file) } }

    public func synchronize(_ first: Int32, and second: Int32) throws(SystemError) {
        let results = Mutex<[Int: SystemError]>([:])
        // Journaling file systems write what waits together in one go.
        Parallel.together(2) { number in
            do throws(SystemError) { try synchronize(number == 0 ? first : second) } catch { results.withLock { [error] in $0[number] = error } }
        }
        if let error = results.withLock({ $0[0] ?? $0[1] }) { throw error }
    }

    public func synchronizeAll(_ file: Int32) throws(SystemError) { try checked("syncfs") { GNUCalls.synchronizeFileSystem(file) } }

    public func map(_ file: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), base != MAP_FAILED else { throw SystemError("mmap", "", errno) }
        return base
    }

    public func clone(_ source: Int32, to target: Int32) throws(SystemError) {
        // FICLONE is a C macro that Swift does not import: _IOW(0x94, 9, int).
        let shareBlocks: UInt = 0x4004_9409
        try checked("ioctl") { ioctl(target, shareBlocks, source) }
    }

    public func copyRange(_ source: Int32, to target: Int32, count: Int) throws(SystemError) -> Int {
        if stopRequested() { throw SystemError("copy", "", ECANCELED) }
        let copied = try counted("copy_file_range") { GNUCalls.copyRange(source, target, min(count, PosixFileSystem.chunk)) }
        progress?.advance(.written, by: copied)
        return copied
    }

    public func lock(_ file: Int32, waiting: Bool) throws(SystemError) -> Bool {
        if repeated({ flock(file, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) }) == 0 { return true }
        if errno == EWOULDBLOCK { return false }
        throw SystemError("flock", "", errno)
    }

    public func unlock(_ file: Int32) throws(SystemError) { try checked("flock") { flock(file, LOCK_UN) } }

    public func pause(nanoseconds: Int) throws(SystemError) {
        var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
        nanosleep(&time, nil)
        if stopRequested() { throw SystemError("lock", "", ECANCELED) }
    }

    public func truncate(_ file: Int32, to size: Int) throws(SystemError) { try checked("ftruncate") { ftruncate(file, size) } }

    public func sharedBytes(_ file: Int32) -> Int { FileExtents.sharedBytes(of: file) }

    public func status(ofOpen file: Int32) throws(SystemError) -> FileStatus {
        var raw = stat()
        try checked("fstat") { fstat(file, &raw) }
        return FileStatus(raw)
    }

    public func setPermissions(_ file: Int32, _ permissions: UInt32) throws(SystemError) {
        try checked("fchmod") { fchmod(file, permissions) }
    }

    public func status(_ path: String, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        var raw = stat()
        if (followingLinks ? stat(path, &raw) : lstat(path, &raw)) == 0 { return FileStatus(raw) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemError("stat", path, errno)
    }

    public func names(in directory: String) throws(SystemError) -> [String] {
        guard let stream = opendir(directory) else { throw SystemError("opendir", directory, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = entry.pointer(to: \.d_name).map { String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) } ?? ""
            if name != "." && name != ".." && !name.isEmpty { names.append(name) }
        }
        if errno != 0 { throw SystemError("readdir", directory, errno) }
        return names
    }

    public func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError) { try checked("mkdir", path) { mkdir(path, permissions) } }

    public func rename(_ from: String, to: String, _ mode: RenameMode) throws(SystemError) {
        try checked("rename", to) {
            switch mode {
            case .replace: Glibc.rename(from, to)
            case .keep: renameKeeping(from, to)
            case .exchange: GNUCalls.rename(from, to, GNUCalls.exchange)
            }
        }
    }

    public func unlink(_ path: String) throws(SystemError) { try checked("unlink", path) { Glibc.unlink(path) } }
    public func removeDirectory(_ path: String) throws(SystemError) { try checked("rmdir", path) { rmdir(path) } }

    public func readLink(_ path: String) throws(SystemError) -> String {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { (buffer) throws(SystemError) in
            guard let base = buffer.baseAddress else { throw SystemError("readlink", path, ENOMEM) }
            let count = readlink(path, base, buffer.count)
            if count < 0 { throw SystemError("readlink", path, errno) }
            return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
        }
    }

    public func makeLink(_ path: String, to target: String) throws(SystemError) { try checked("symlink", path) { symlink(target, path) } }

    public func makeHardLink(_ path: String, to existing: String) throws(SystemError) { try checked("link", path) { link(existing, path) } }

    public func setModified(_ path: String, _ time: Int) throws(SystemError) {
        let (seconds, rest) = time.floorDivided(by: 1_000_000_000)
        let stamp = timespec(tv_sec: seconds, tv_nsec: rest)
        try checked("utimensat", path) { utimensat(AT_FDCWD, path, [stamp, stamp], AT_SYMLINK_NOFOLLOW) }
    }
}

/// Calls again after an interruption by a signal.
private func repeated<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

private func checked(_ operation: String, _ path: String = "", _ call: () -> Int32) throws(SystemError) {
    if repeated(call) < 0 { throw SystemError(operation, path, errno) }
}

private func counted(_ operation: String, _ call: () -> Int) throws(SystemError) -> Int {
    let count = repeated(call)
    if count < 0 { throw SystemError(operation, "", errno) }
    return count
}

/// Network file systems know no rename that keeps the target: a second name does the same for files. For folders the
/// look and the rename are two steps there.
private func renameKeeping(_ from: String, _ to: String) -> Int32 {
    if GNUCalls.rename(from, to, GNUCalls.keepTarget) == 0 { return 0 }
    guard errno == EINVAL || errno == ENOSYS else { return -1 }
    if link(from, to) == 0 { return unlink(from) }
    if errno == EEXIST { return -1 }
    var status = stat()
    if lstat(to, &status) != 0 { return rename(from, to) }
    errno = EEXIST
    return -1
}

extension OpenMode {
    fileprivate var flags: Int32 {
        switch self {
        // Opening a pipe must not wait for its writer: `read` waits, and can be stopped.
        case .read: O_RDONLY | O_NONBLOCK | O_CLOEXEC
        case .directory: O_RDONLY | O_DIRECTORY | O_CLOEXEC
        case .createNew: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        case .stream: O_WRONLY | O_CLOEXEC
        case .append(let truncating): O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | (truncating ? O_TRUNC : 0)
        }
    }
}

extension FileStatus {
    fileprivate init(_ raw: stat) {
        let kind: Kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        self.init(
            kind: kind, size: Int(raw.st_size), modified: raw.st_mtim.tv_sec * 1_000_000_000 + raw.st_mtim.tv_nsec,
            permissions: raw.st_mode & 0o7777, linkCount: Int(raw.st_nlink), identity: UInt64(raw.st_ino))
    }
}
