import Glibc

/// Calls that glibc declares under `_GNU_SOURCE` only, so Swift does not import them; they are looked up by name.
enum GNUCalls {
    private typealias RenameAt = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    private typealias CopyRange = @convention(c) (Int32, UnsafeMutablePointer<off_t>?, Int32, UnsafeMutablePointer<off_t>?, Int, UInt32) -> Int

    private typealias SyncFileSystem = @convention(c) (Int32) -> Int32

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

    private static func missing() -> Int32 {
        errno = ENOSYS
        return -1
    }
}
