import CrateFormats
import Glibc
import OpenCrate

/// Starts nothing, so that no input reaches another program.
struct NoPrograms: Programs {
    func start(_ command: ProgramCommand) throws(FormatError) -> any RunningProgram {
        throw FormatError(.missingLibrary, command.name, "is not started here")
    }

    func scratchFile() throws(FormatError) -> OpenFile { throw FormatError(.system, "file", "no file is made here") }
}

/// A file system that has nothing and takes nothing, so that no program can reach the real one.
struct NoFiles: FileSystem {
    private func refused(_ operation: String, _ path: String = "", _ code: Int32 = EACCES) -> SystemError { SystemError(operation, path, code) }

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 { throw refused("open", path, ENOENT) }
    func close(_ file: Int32) throws(SystemError) { throw refused("close") }
    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int { throw refused("read") }
    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int { throw refused("write") }
    func synchronize(_ file: Int32) throws(SystemError) { throw refused("fsync") }
    func synchronizeAll(_ file: Int32) throws(SystemError) { throw refused("syncfs") }
    func map(_ file: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer { throw refused("mmap") }
    func clone(_ source: Int32, to target: Int32) throws(SystemError) { throw refused("ioctl") }
    func copyRange(_ source: Int32, to target: Int32, count: Int) throws(SystemError) -> Int { throw refused("copy_file_range") }
    func lock(_ file: Int32, waiting: Bool) throws(SystemError) -> Bool { throw refused("flock") }
    func status(ofOpen file: Int32) throws(SystemError) -> FileStatus { throw refused("fstat") }
    func setPermissions(_ file: Int32, _ permissions: UInt32) throws(SystemError) { throw refused("fchmod") }
    func status(_ path: String, followingLinks: Bool) throws(SystemError) -> FileStatus? { nil }
    func names(in directory: String) throws(SystemError) -> [String] { throw refused("opendir", directory, ENOENT) }
    func unlock(_ file: Int32) throws(SystemError) { throw refused("flock") }
    func pause(nanoseconds: Int) throws(SystemError) { throw refused("nanosleep") }
    func truncate(_ file: Int32, to size: Int) throws(SystemError) { throw refused("ftruncate") }
    func sharedBytes(_ file: Int32) -> Int { 0 }
    func makeHardLink(_ path: String, to existing: String) throws(SystemError) { throw refused("link", path) }
    func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError) { throw refused("mkdir", path) }
    func rename(_ from: String, to: String, _ mode: RenameMode) throws(SystemError) { throw refused("rename", from) }
    func unlink(_ path: String) throws(SystemError) { throw refused("unlink", path) }
    func removeDirectory(_ path: String) throws(SystemError) { throw refused("rmdir", path) }
    func readLink(_ path: String) throws(SystemError) -> String { throw refused("readlink", path, ENOENT) }
    func makeLink(_ path: String, to target: String) throws(SystemError) { throw refused("symlink", path) }
    func setModified(_ path: String, _ time: Int) throws(SystemError) { throw refused("utimensat", path) }
}
