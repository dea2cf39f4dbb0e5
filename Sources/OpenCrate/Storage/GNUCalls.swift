import Glibc

/// Calls that glibc declares under `_GNU_SOURCE` only, so Swift does not import them; they are looked up by name.
enum GNUCalls {
    private typealias RenameAt = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    private typealias CopyRange = @convention(c) (Int32, UnsafeMutablePointer<off_t>?, Int32, UnsafeMutablePointer<off_t>?, Int, UInt32) -> Int

    private typealias SyncFileSystem = @convention(c) (Int32) -> Int32
    private typealias MemoryFile = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
    private typealias Limit = @convention(c) (pid_t, UInt32, UnsafePointer<rlimit>?, UnsafeMutablePointer<rlimit>?) -> Int32

    private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    private typealias ChangeFolder = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32

    /// `flags` of `memfd_create`, from linux/memfd.h.
    private static let closedInChildren: UInt32 = 1
    private typealias Find = @convention(c) (UnsafeRawPointer, Int, UnsafeRawPointer, Int) -> UnsafeMutableRawPointer?

    /// `flags` of `renameat2`, from linux/fs.h.
    static let keepTarget: UInt32 = 1
    static let exchange: UInt32 = 2

    /// -1 with ENOSYS where it is missing.
    static func rename(_ from: String, _ to: String, _ flags: UInt32) -> Int32 {
        guard let symbol = dlsym(nil, "renameat2") else { return missing() }
        return unsafeBitCast(symbol, to: RenameAt.self)(AT_FDCWD, from, AT_FDCWD, to, flags)
    }

    /// Bytes copied from and to the current positions; -1 with ENOSYS where it is missing.
    static func copyRange(_ source: Int32, _ target: Int32, _ count: Int) -> Int {
        guard let symbol = dlsym(nil, "copy_file_range") else { return Int(missing()) }
        return unsafeBitCast(symbol, to: CopyRange.self)(source, nil, target, nil, count, 0)
    }

    /// -1 with ENOSYS where it is missing.
    static func synchronizeFileSystem(_ file: Int32) -> Int32 {
        guard let symbol = dlsym(nil, "syncfs") else { return missing() }
        return unsafeBitCast(symbol, to: SyncFileSystem.self)(file)
    }

    /// A file in memory, closed in child processes; -1 where there are none.
    static func memoryFile() -> Int32 {
        guard let symbol = dlsym(nil, "memfd_create") else { return missing() }
        return unsafeBitCast(symbol, to: MemoryFile.self)("crate", closedInChildren)
    }

    /// Has a child close all descriptors from `first` on.
    static func closeFrom(_ first: Int32, _ actions: inout posix_spawn_file_actions_t) {
        guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
        _ = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, first)
    }

    /// Has a child start in `folder`; false where that is missing.
    static func changeFolder(_ folder: String, _ actions: inout posix_spawn_file_actions_t) -> Bool {
        guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { return false }
        return unsafeBitCast(symbol, to: ChangeFolder.self)(&actions, folder) == 0
    }

    /// Keeps a process from taking more memory, and from leaving an image of it when it crashes. What was taken before stays.
    static func limit(_ process: pid_t, memory: Int) {
        guard let symbol = dlsym(nil, "prlimit") else { return }
        let call = unsafeBitCast(symbol, to: Limit.self)
        for (resource, most) in [(RLIMIT_AS, memory), (RLIMIT_CORE, 0)] {
            var limit = rlimit(rlim_cur: UInt(max(most, 0)), rlim_max: UInt(max(most, 0)))
            _ = call(process, resource.rawValue, &limit, nil)
        }
    }

    /// Where `text` first stands in `range` of `bytes`.
    static func find(_ text: [UInt8], in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard let base = bytes.baseAddress, let symbol = dlsym(nil, "memmem") else { return nil }
        let hit = unsafeBitCast(symbol, to: Find.self)(base + range.lowerBound, range.count, text, text.count)
        return hit.map { UnsafeRawPointer($0) - base }
    }

    private static func missing() -> Int32 {
        errno = ENOSYS
        return -1
    }
}
