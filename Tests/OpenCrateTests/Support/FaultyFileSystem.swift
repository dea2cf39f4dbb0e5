import Glibc
import Synchronization

@testable import OpenCrate

/// The real file system, of which some calls fail.
final class FaultyFileSystem: FileSystem {
    enum Fault {
        /// Counts calls only.
        case none
        /// The call with this number fails, once.
        case once(Int, code: Int32)
        /// All calls from this number on fail, as if the process had died there.
        case dead(from: Int)
        /// Calls of these names fail.
        case named([String], code: Int32)
        /// The call of this name with this number, from 0, and all such after it fail.
        case namedFrom(String, Int, code: Int32)
        /// The first call of this name fails.
        case firstNamed(String, code: Int32)
        /// Another process does this just before the first call of this name.
        case meanwhile(String, @Sendable () -> Void)
        /// Writes and reads take one byte, as signals and full pipes may make them.
        case oneByteAtATime
    }

    private struct State { var fault = Fault.none; var count = 0; var isTriggered = false; var calls: [String: Int] = [:] }
    private let state = Mutex(State())
    private let real = PosixFileSystem()

    /// Starts counting at 0.
    func inject(_ fault: Fault) { state.withLock { $0 = State(fault: fault) } }
    /// Whether a call has failed.
    var isTriggered: Bool { state.withLock { $0.isTriggered } }

    /// How often a call was made since the last `inject`.
    func calls(_ name: String) -> Int { state.withLock { $0.calls[name] ?? 0 } }

    private func step(_ name: String) throws(SystemError) {
        state.withLock { (state) -> (@Sendable () -> Void)? in
            guard case .meanwhile(name, let act) = state.fault, !state.isTriggered else { return nil }
            state.isTriggered = true
            return act
        }?()
        let code: Int32? = state.withLock { state in
            defer { state.count += 1 }
            state.calls[name, default: 0] += 1
            let code: Int32? =
                switch state.fault {
                case .once(state.count, let code): code
                case .dead(let first) where state.count >= first: EIO
                case .named(let names, let code) where names.contains(name): code
                case .namedFrom(name, let first, let code) where (state.calls[name] ?? 0) > first: code
                case .firstNamed(name, let code) where !state.isTriggered: code
                default: nil
                }
            if code != nil { state.isTriggered = true }
            return code
        }
        if let code { throw SystemError(name, "", code) }
    }

    private var isSlow: Bool { state.withLock { if case .oneByteAtATime = $0.fault { true } else { false } } }

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 { try step("open"); return try real.open(path, mode) }
    func close(_ file: Int32) throws(SystemError) {
        // The kernel frees the descriptor whatever it answers.
        try real.close(file)
        try step("close")
    }
    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try step("read")
        return try real.read(file, into: isSlow ? UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(1)) : buffer)
    }
    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try step("write")
        return try real.write(file, isSlow ? UnsafeRawBufferPointer(rebasing: bytes.prefix(1)) : bytes)
    }
    func synchronize(_ file: Int32) throws(SystemError) { try step("fsync"); try real.synchronize(file) }
    func synchronizeAll(_ file: Int32) throws(SystemError) { try step("syncfs"); try real.synchronizeAll(file) }
    func map(_ file: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer { try step("mmap"); return try real.map(file, count: count) }
    func clone(_ source: Int32, to target: Int32) throws(SystemError) { try step("ioctl"); try real.clone(source, to: target) }
    func copyRange(_ source: Int32, to target: Int32, count: Int) throws(SystemError) -> Int {
        try step("copy_file_range")
        return try real.copyRange(source, to: target, count: count)
    }
    func lock(_ file: Int32, waiting: Bool) throws(SystemError) -> Bool { try step("flock"); return try real.lock(file, waiting: waiting) }
    func status(ofOpen file: Int32) throws(SystemError) -> FileStatus { try step("fstat"); return try real.status(ofOpen: file) }
    func setPermissions(_ file: Int32, _ permissions: UInt32) throws(SystemError) { try step("fchmod"); try real.setPermissions(file, permissions) }
    func status(_ path: String, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        try step("stat")
        return try real.status(path, followingLinks: followingLinks)
    }
    func names(in directory: String) throws(SystemError) -> [String] { try step("readdir"); return try real.names(in: directory) }
    func unlock(_ file: Int32) throws(SystemError) { try step("unlock"); try real.unlock(file) }
    func pause(nanoseconds: Int) throws(SystemError) { try step("nanosleep"); try real.pause(nanoseconds: nanoseconds) }
    func truncate(_ file: Int32, to size: Int) throws(SystemError) { try step("ftruncate"); try real.truncate(file, to: size) }
    func sharedBytes(_ file: Int32) -> Int { real.sharedBytes(file) }
    func makeHardLink(_ path: String, to existing: String) throws(SystemError) { try step("link"); try real.makeHardLink(path, to: existing) }
    func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError) {
        try step("mkdir")
        try real.makeDirectory(path, permissions: permissions)
    }
    func rename(_ from: String, to: String, _ mode: RenameMode) throws(SystemError) {
        try step(mode == .exchange ? "exchange" : "rename")
        try real.rename(from, to: to, mode)
    }
    func unlink(_ path: String) throws(SystemError) { try step("unlink"); try real.unlink(path) }
    func removeDirectory(_ path: String) throws(SystemError) { try step("rmdir"); try real.removeDirectory(path) }
    func readLink(_ path: String) throws(SystemError) -> String { try step("readlink"); return try real.readLink(path) }
    func makeLink(_ path: String, to target: String) throws(SystemError) { try step("symlink"); try real.makeLink(path, to: target) }
    func setModified(_ path: String, _ time: Int) throws(SystemError) { try step("utimensat"); try real.setModified(path, time) }
}
