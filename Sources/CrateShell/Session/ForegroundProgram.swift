import Glibc

/// Runs other programs at the terminal, one at a time, and waits for them.
struct ForegroundProgram {
    private let environment: [String: String]
    /// How the terminal was before lines were edited on it; `nil` where there is none.
    private let original: termios?

    init(environment: [String: String]) {
        self.environment = environment
        var settings = termios()
        original = tcgetattr(STDIN_FILENO, &settings) == 0 ? settings : nil
    }

    /// Answers the exit status as a shell has it: 128 + the signal's number when one ended it, 127 when it can't be started.
    ///
    /// - Parameters:
    ///   - command: for `/bin/sh -c`, which finds `arguments` as `$1` and so on.
    ///   - input: what it reads; the terminal when `nil`.
    func run(_ command: String, _ arguments: [String] = [], input: String? = nil) -> Int32 {
        var edited = termios()
        let isTerminal = original != nil && tcgetattr(STDIN_FILENO, &edited) == 0
        if isTerminal, var original { tcsetattr(STDIN_FILENO, TCSADRAIN, &original) }
        defer { if isTerminal { tcsetattr(STDIN_FILENO, TCSADRAIN, &edited) } }
        guard let input else { return wait(for: start(command, arguments, input: nil)) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return 127 }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let id = start(command, arguments, input: ends[0])
        close(ends[0])
        // A pager that is left early reads no more.
        writeAll(input, to: ends[1])
        close(ends[1])
        return wait(for: id)
    }

    /// Ctrl-C reaches the program, which is in the same group; the prompt forgets it before the next line.
    private func wait(for id: pid_t?) -> Int32 {
        guard let id else { return 127 }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 { if errno != EINTR { return 127 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    private func start(_ command: String, _ arguments: [String], input: Int32?) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What the prompt ignores, other programs do not expect to be ignored.
        var standard = sigset_t()
        sigemptyset(&standard)
        for signal in [SIGINT, SIGQUIT, SIGPIPE, SIGTSTP] { sigaddset(&standard, signal) }
        posix_spawnattr_setsigdefault(&attributes, &standard)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let words = (["sh", "-c", command, "crate"] + arguments).map { strdup($0) }
        let variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { (words + variables).forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, "/bin/sh", &actions, &attributes, words + [nil], variables + [nil])
        return code == 0 ? id : nil
    }
}
