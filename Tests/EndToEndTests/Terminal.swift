import Foundation
import Testing

/// The program at a terminal of its own: types keys, and waits for what is to be seen.
final class Terminal {
    private(set) var screen: Screen
    private let child: ChildProcess
    private let master: Int32
    private let home: Folder
    private var hasEnded = false

    /// The most that anything here takes; reached only when a test fails.
    private static let patience = 120.0

    init(_ arguments: [String] = [], environment: [String: String] = [:], home: Folder? = nil, columns: Int = 80, rows: Int = 24) throws {
        self.home = try home ?? Folder()
        screen = Screen(columns: columns, rows: rows)
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(master >= 0)
        let side = try Self.unlockedSide(of: master)
        Self.resize(master, columns: columns, rows: rows)
        var variables = ["TERM": "xterm-256color", "HOME": self.home.path]
        variables.merge(environment) { $1 }
        self.master = master
        child = try ChildProcess(try Program.path(), arguments, environment: variables, folder: self.home.path, terminal: side)
    }

    /// What `unlockpt` and `ptsname` do, which Swift doesn't see.
    private static func unlockedSide(of master: Int32) throws -> String {
        let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
        var lock: Int32 = 0
        var number: UInt32 = 0
        try #require(ioctl(master, setLock, &lock) == 0 && ioctl(master, getNumber, &number) == 0)
        return "/dev/pts/\(number)"
    }

    deinit {
        if !hasEnded {
            kill(child.id, SIGKILL)
            _ = child.wait()
        }
        close(master)
    }

    func type(_ keys: String) {
        type(bytes: Array(keys.utf8))
    }

    func type(bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func resize(columns: Int, rows: Int, reflows: Bool = false) {
        screen.resize(columns: columns, rows: rows, reflows: reflows)
        Self.resize(master, columns: columns, rows: rows)
    }

    private static func resize(_ master: Int32, columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Waits until the screen's last lines are `lines`, the last one as far as it goes (a prompt's last blank is not seen).
    func expect(_ lines: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait("the last lines \(lines)", sourceLocation) { $0.lines.suffix(lines.count) == lines[...] }
    }

    /// Waits until `condition` holds for the screen.
    func wait(_ what: String, _ sourceLocation: SourceLocation = #_sourceLocation, until condition: (Screen) -> Bool) throws {
        let deadline = Date().addingTimeInterval(Self.patience)
        while !condition(screen) {
            guard readSome(until: deadline) else {
                let seen = screen.lines.joined(separator: "\n")
                Issue.record("waited in vain for \(what); the screen is\n\(seen)", sourceLocation: sourceLocation)
                throw CancellationError()
            }
        }
    }

    /// Waits for the end and gives the exit status.
    func end() -> Int32 {
        let deadline = Date().addingTimeInterval(Self.patience)
        while readSome(until: deadline) {}
        hasEnded = true
        if Date() >= deadline { kill(child.id, SIGKILL) }
        return child.wait()
    }

    /// Stops the program as Ctrl-Z does, and comes back when it has stopped.
    func stop() throws {
        kill(child.id, SIGSTOP)
        var status: Int32 = 0
        try #require(waitpid(child.id, &status, WUNTRACED) == child.id && status & 0xFF == 0x7F)
    }

    func send(_ signal: Int32) { kill(child.id, signal) }

    func `continue`() { kill(child.id, SIGCONT) }

    private static let cooked = tcflag_t(ECHO | ICANON)

    /// How the terminal stands now: whether it echoes and gathers lines.
    var isCooked: Bool {
        var settings = termios()
        tcgetattr(master, &settings)
        return settings.c_lflag & Self.cooked == Self.cooked
    }

    /// What a shell does while a program is stopped.
    func makeCooked() {
        var settings = termios()
        tcgetattr(master, &settings)
        settings.c_lflag |= Self.cooked
        tcsetattr(master, TCSANOW, &settings)
    }

    /// False at the end of the program or of patience.
    private func readSome(until deadline: Date) -> Bool {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        let left = deadline.timeIntervalSinceNow
        guard left > 0, poll(&waiting, 1, Int32(left * 1000) + 1) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else { return false }
        screen.feed(buffer[..<count])
        return true
    }
}
