import Glibc
import Synchronization

@testable import OpenCrate

/// One process's view of a `SimulatedDisk`. Calls can be made to fail, or to fail from one on, as if the process had been killed there.
final class SimulatedFileSystem: FileSystem {
    enum Fault: Equatable {
        case none
        case once(Int, code: Int32)
        /// As `once`; a write puts half of its bytes before.
        case shortWrite(Int)
        case killed(from: Int)
    }

    private struct OpenFile { var node: Int; var offset = 0; var isAppending = false }

    private struct State {
        var disk: SimulatedDisk
        var open: [Int32: OpenFile] = [:]
        var locks: [Int: Int32] = [:]
        var nextHandle: Int32 = 1000
        var fault = Fault.none
        var calls = 0
        var isTriggered = false
    }

    private let state: Mutex<State>

    init(_ disk: SimulatedDisk = SimulatedDisk()) { state = Mutex(State(disk: disk)) }

    var disk: SimulatedDisk { state.withLock { $0.disk } }
    var calls: Int { state.withLock { $0.calls } }
    var isTriggered: Bool { state.withLock { $0.isTriggered } }

    /// Counts from 0 again.
    func inject(_ fault: Fault) { state.withLock { ($0.fault, $0.calls, $0.isTriggered) = (fault, 0, false) } }

    private func step<Result>(_ name: String, _ path: String = "", _ body: (inout State) -> Swift.Result<Result, Refusal>) throws(SystemError) -> Result {
        let result: Swift.Result<Result, Refusal> = state.withLock { state -> Swift.Result<Result, Refusal> in
            defer { state.calls += 1 }
            switch state.fault {
            case .once(state.calls, let code): state.isTriggered = true; return .failure(Refusal(code))
            case .shortWrite(state.calls) where name != "write": state.isTriggered = true; return .failure(Refusal(ENOSPC))
            case .killed(let first) where state.calls >= first: state.isTriggered = true; return .failure(Refusal(EIO))
            default: return body(&state)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let refusal): throw SystemError(name, path, refusal.code)
        }
    }

    /// For calls that give nothing: `body` gives errno, or 0.
    private func perform(_ name: String, _ path: String = "", _ body: (inout State) -> Int32) throws(SystemError) {
        try step(name, path) { (state: inout State) -> Swift.Result<Void, Refusal> in
            let code = body(&state)
            return code == 0 ? .success(()) : .failure(Refusal(code))
        }
    }

    private func perform(_ name: String, _ file: Int32, _ body: (inout State, OpenFile) -> Void) throws(SystemError) {
        try perform(name) { state in
            guard let open = state.open[file] else { return EBADF }
            body(&state, open)
            return 0
        }
    }

    private struct Refusal: Error { let code: Int32; init(_ code: Int32) { self.code = code } }

    // MARK: names

    private static func find(_ path: String, in disk: SimulatedDisk) -> Int? {
        var node = SimulatedDisk.root
        for part in path.split(separator: "/") where part != "." {
            guard let next = disk[node].entries[String(part)] else { return nil }
            node = next
        }
        return node
    }

    private static func place(_ path: String, in disk: SimulatedDisk) -> (folder: Int, name: String)? {
        guard let folder = find(Path.parent(path), in: disk), disk[folder].kind == .directory else { return nil }
        return (folder, Path.name(path))
    }

    private static func status(_ node: Int, in disk: SimulatedDisk) -> FileStatus {
        let own = disk[node]
        return FileStatus(
            kind: own.kind, size: own.data.count, modified: own.modified, permissions: own.permissions, linkCount: disk.links(to: node), identity: UInt64(node))
    }

    func status(_ path: String, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        try step("stat", path) { (state: inout State) -> Swift.Result<FileStatus?, Refusal> in .success(Self.find(path, in: state.disk).map { Self.status($0, in: state.disk) }) }
    }

    func names(in directory: String) throws(SystemError) -> [String] {
        try step("opendir", directory) { (state: inout State) -> Swift.Result<[String], Refusal> in
            guard let node = Self.find(directory, in: state.disk) else { return .failure(Refusal(ENOENT)) }
            guard state.disk[node].kind == .directory else { return .failure(Refusal(ENOTDIR)) }
            return .success(state.disk[node].entries.keys.sorted())
        }
    }

    func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError) {
        try perform("mkdir", path) { state in
            guard let place = Self.place(path, in: state.disk) else { return ENOENT }
            if state.disk[place.folder].entries[place.name] != nil { return EEXIST }
            let node = state.disk.make(.directory, permissions)
            state.disk.change(.add(place.folder, place.name, node))
            return 0
        }
    }

    func rename(_ from: String, to: String, _ mode: RenameMode) throws(SystemError) {
        try perform("rename", to) { state in
            guard let old = Self.place(from, in: state.disk), let new = Self.place(to, in: state.disk), let node = state.disk[old.folder].entries[old.name]
            else { return ENOENT }
            let taken = state.disk[new.folder].entries[new.name]
            switch mode {
            case .keep where taken != nil: return EEXIST
            case .exchange:
                guard let taken else { return ENOENT }
                state.disk.change(.exchange(old.folder, old.name, node, new.folder, new.name, taken))
            default:
                if let taken, state.disk[taken].kind == .directory { return EISDIR }
                // Two names of one file: POSIX leaves both.
                if taken != node { state.disk.change(.move(old.folder, old.name, new.folder, new.name, node)) }
            }
            return 0
        }
    }

    func unlink(_ path: String) throws(SystemError) { try remove(path, "unlink", isFolder: false) }
    func removeDirectory(_ path: String) throws(SystemError) { try remove(path, "rmdir", isFolder: true) }

    private func remove(_ path: String, _ name: String, isFolder: Bool) throws(SystemError) {
        try perform(name, path) { state in
            guard let place = Self.place(path, in: state.disk), let node = state.disk[place.folder].entries[place.name] else { return ENOENT }
            guard (state.disk[node].kind == .directory) == isFolder else { return isFolder ? ENOTDIR : EISDIR }
            if !state.disk[node].entries.isEmpty { return ENOTEMPTY }
            state.disk.change(.remove(place.folder, place.name))
            return 0
        }
    }

    func readLink(_ path: String) throws(SystemError) -> String {
        try step("readlink", path) { (state: inout State) -> Swift.Result<String, Refusal> in Self.find(path, in: state.disk).map { .success(state.disk[$0].target) } ?? .failure(Refusal(ENOENT)) }
    }

    func makeLink(_ path: String, to target: String) throws(SystemError) {
        try perform("symlink", path) { state in
            guard let place = Self.place(path, in: state.disk) else { return ENOENT }
            let node = state.disk.make(.symbolicLink)
            state.disk[node].target = target
            state.disk.change(.add(place.folder, place.name, node))
            return 0
        }
    }

    func makeHardLink(_ path: String, to existing: String) throws(SystemError) {
        try perform("link", path) { state in
            guard let place = Self.place(path, in: state.disk), let node = Self.find(existing, in: state.disk) else { return ENOENT }
            if state.disk[place.folder].entries[place.name] != nil { return EEXIST }
            if state.disk[node].kind == .directory { return EPERM }
            state.disk.change(.add(place.folder, place.name, node))
            return 0
        }
    }

    func setModified(_ path: String, _ time: Int) throws(SystemError) {
        try perform("utimensat", path) { state in
            guard let node = Self.find(path, in: state.disk) else { return ENOENT }
            state.disk[node].modified = time
            return 0
        }
    }

    // MARK: open files

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
        try step("open", path) { (state: inout State) -> Swift.Result<Int32, Refusal> in
            var node = Self.find(path, in: state.disk)
            var file = OpenFile(node: 0)
            switch mode {
            case .createNew where node != nil: return .failure(Refusal(EEXIST))
            case .directory where node.map { state.disk[$0].kind != .directory } ?? false: return .failure(Refusal(ENOTDIR))
            case .createNew, .append:
                if node == nil {
                    guard let place = Self.place(path, in: state.disk) else { return .failure(Refusal(ENOENT)) }
                    let new = state.disk.make(.file)
                    state.disk.change(.add(place.folder, place.name, new))
                    node = new
                }
                if case .append(let truncating) = mode {
                    file.isAppending = true
                    if truncating, let node { state.disk[node].data = [] }
                }
            default: break
            }
            guard let node else { return .failure(Refusal(ENOENT)) }
            file.node = node
            state.nextHandle += 1
            state.open[state.nextHandle] = file
            return .success(state.nextHandle)
        }
    }

    func close(_ file: Int32) throws(SystemError) {
        // The kernel frees the descriptor whatever it answers.
        state.withLock { state in
            if let node = state.open[file]?.node, state.locks[node] == file { state.locks[node] = nil }
            state.open[file] = nil
        }
        try perform("close") { _ in 0 }
    }

    private func using<Result>(_ name: String, _ file: Int32, _ body: (inout State, OpenFile) -> Swift.Result<Result, Refusal>) throws(SystemError) -> Result {
        try step(name) { (state: inout State) -> Swift.Result<Result, Refusal> in
            guard let open = state.open[file] else { return .failure(Refusal(EBADF)) }
            return body(&state, open)
        }
    }

    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try using("read", file) { (state: inout State, open: OpenFile) -> Swift.Result<Int, Refusal> in
            let rest = state.disk[open.node].data.dropFirst(open.offset).prefix(buffer.count)
            buffer.copyBytes(from: rest)
            state.open[file]?.offset += rest.count
            return .success(rest.count)
        }
    }

    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        let isShort = state.withLock { state in
            guard case .shortWrite(state.calls) = state.fault else { return false }
            // The rest of it fails in the next call.
            (state.fault, state.isTriggered) = (.once(state.calls + 1, code: ENOSPC), true)
            return true
        }
        return try using("write", file) { (state: inout State, open: OpenFile) -> Swift.Result<Int, Refusal> in
            let part = Array(bytes.prefix(isShort ? bytes.count / 2 : bytes.count))
            var node = state.disk[open.node]
            if open.isAppending { node.data += part } else { node.data.replaceSubrange(min(open.offset, node.data.count)..., with: part) }
            node.modified = state.disk.tick()
            state.disk[open.node] = node
            state.open[file]?.offset += part.count
            return .success(part.count)
        }
    }

    func synchronize(_ file: Int32) throws(SystemError) {
        try perform("fsync", file) { state, open in
            state.disk.synchronize(open.node)
        }
    }

    func synchronizeAll(_ file: Int32) throws(SystemError) {
        try perform("syncfs", file) { state, _ in state.disk = state.disk.afterLossOfPower(.everything) }
    }

    func truncate(_ file: Int32, to size: Int) throws(SystemError) {
        try perform("ftruncate", file) { state, open in
            state.disk[open.node].data = Array(state.disk[open.node].data.prefix(size))
        }
    }

    func map(_ file: Int32, count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
        let data = try using("mmap", file) { (state: inout State, open: OpenFile) -> Swift.Result<[UInt8], Refusal> in .success(state.disk[open.node].data) }
        guard let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else { throw SystemError("mmap", "", ENOMEM) }
        base.copyMemory(from: data, byteCount: min(count, data.count))
        return base
    }

    func clone(_ source: Int32, to target: Int32) throws(SystemError) { try perform("ioctl") { _ in EOPNOTSUPP } }

    func copyRange(_ source: Int32, to target: Int32, count: Int) throws(SystemError) -> Int {
        try step("copy_file_range") { (_: inout State) -> Swift.Result<Int, Refusal> in .failure(Refusal(ENOSYS)) }
    }

    func lock(_ file: Int32, waiting: Bool) throws(SystemError) -> Bool {
        try using("flock", file) { (state: inout State, open: OpenFile) -> Swift.Result<Bool, Refusal> in
            if let holder = state.locks[open.node], holder != file { return waiting ? .failure(Refusal(EDEADLK)) : .success(false) }
            state.locks[open.node] = file
            return .success(true)
        }
    }

    func unlock(_ file: Int32) throws(SystemError) {
        try perform("flock", file) { state, open in
            if state.locks[open.node] == file { state.locks[open.node] = nil }
        }
    }

    func pause(nanoseconds: Int) throws(SystemError) { try perform("nanosleep") { _ in 0 } }
    func sharedBytes(_ file: Int32) -> Int { 0 }

    func status(ofOpen file: Int32) throws(SystemError) -> FileStatus {
        try using("fstat", file) { (state: inout State, open: OpenFile) -> Swift.Result<FileStatus, Refusal> in .success(Self.status(open.node, in: state.disk)) }
    }

    func setPermissions(_ file: Int32, _ permissions: UInt32) throws(SystemError) {
        try perform("fchmod", file) { state, open in
            state.disk[open.node].permissions = permissions
        }
    }
}
