import Glibc

/// One process, so that a later one with its number is not taken for it.
public struct ProcessIdentity: Sendable, Equatable {
    public var number: Int
    public var host: String
    /// When it began, in the system's own units; 0 when that is not known.
    public var started: Int
    /// Its command line.
    public var command: String

    public init(number: Int, host: String, started: Int, command: String) {
        self.number = number
        self.host = host
        self.started = started
        self.command = command
    }

    var text: String { "process \(number) on \(host) (\(command))" }
}

/// The processes of this machine, for locks that name their holder.
public protocol Processes: Sendable {
    var current: ProcessIdentity { get }
    /// Whether a process of this machine still runs.
    func isAlive(_ process: ProcessIdentity) -> Bool
    /// The process of this machine that has an exclusive lock on the file with the number `identity`; `nil` when that can't be told.
    func holder(ofLockOn identity: UInt64) -> ProcessIdentity?
}

extension Processes {
    public func holder(ofLockOn identity: UInt64) -> ProcessIdentity? { nil }
}

/// The system's own, as `/proc` tells of them.
public struct PosixProcesses: Processes {
    public init() {}

    public var current: ProcessIdentity { PosixProcesses.own }

    private static let own = identity(Int(getpid()))

    private static func identity(_ number: Int) -> ProcessIdentity {
        ProcessIdentity(number: number, host: host, started: started(number) ?? 0, command: command(number))
    }

    public func isAlive(_ process: ProcessIdentity) -> Bool {
        guard let number = Int32(exactly: process.number), number > 0 else { return false }
        // Another user's process may not be signalled, but is there.
        if kill(number, 0) != 0 && errno == ESRCH { return false }
        guard process.started != 0, let started = PosixProcesses.started(process.number) else { return true }
        return started == process.started
    }

    /// `/proc/locks` has lines as `1: FLOCK ADVISORY WRITE <pid> <device>:<file's number> 0 EOF`; those who wait have an arrow before
    /// the kind. Its devices are not always those that `stat` tells, so two files with one number can't be told apart.
    public func holder(ofLockOn identity: UInt64) -> ProcessIdentity? {
        let lines = (PosixProcesses.read("/proc/locks", most: 1 << 20) ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        let holders = lines.filter { $0.count > 5 && $0[1] == "FLOCK" && $0[3] == "WRITE" && $0[5].hasSuffix(":\(identity)") }
        guard holders.count == 1, let number = Int(holders[0][4]), number > 0 else { return nil }
        return PosixProcesses.identity(number)
    }

    private static var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, gethostname(base, buffer.count - 1) == 0 else { return "localhost" }
            buffer[buffer.count - 1] = 0
            return String(cString: base)
        }
    }

    /// Clock ticks since the machine began: the 22nd field of `/proc/<pid>/stat`, counted behind the command in parentheses.
    private static func started(_ number: Int) -> Int? {
        guard let text = read("/proc/\(number)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? Int(fields[19]) : nil
    }

    private static func command(_ number: Int) -> String {
        let words = (read("/proc/\(number)/cmdline") ?? "").split(separator: "\0")
        return String(words.joined(separator: " ").prefix(200))
    }

    private static func read(_ path: String, most: Int = 4096) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            while bytes.count < most {
                let count = Glibc.read(file, buffer.baseAddress, buffer.count)
                if count < 0 { return nil }
                if count == 0 { break }
                bytes += buffer[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
