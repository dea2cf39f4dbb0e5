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
}

/// The processes of this machine, for locks that name their holder.
public protocol Processes: Sendable {
    var current: ProcessIdentity { get }
    /// Whether a process of this machine still runs.
    func isAlive(_ process: ProcessIdentity) -> Bool
}

/// The system's own, as `/proc` tells of them.
public struct PosixProcesses: Processes {
    public init() {}

    public var current: ProcessIdentity { PosixProcesses.own }

    private static let own: ProcessIdentity = {
        let number = Int(getpid())
        return ProcessIdentity(number: number, host: host, started: started(number) ?? 0, command: command(number))
    }()

    public func isAlive(_ process: ProcessIdentity) -> Bool {
        guard let number = Int32(exactly: process.number), number > 0 else { return false }
        // Another user's process may not be signalled, but is there.
        if kill(number, 0) != 0 && errno == ESRCH { return false }
        guard process.started != 0, let started = PosixProcesses.started(process.number) else { return true }
        return started == process.started
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

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(rebasing: buffer[..<count]), as: UTF8.self)
        }
    }
}
