import CrateCommands
import Glibc
import LineEditor
import Synchronization

/// The process's signals: Ctrl-C goes to the session while a program runs, and to the line editor while a line is edited.
///
/// A signal handler can't capture anything, so this is one per process; it holds nothing but descriptors and an atomic.
final class Interrupts: Sendable {
    static let shared = Interrupts()

    /// The reading end of the pipe that wakes the editor.
    let events: Int32
    private let writer: Int32
    /// The address of the session whose program is running; 0 for none.
    private let running = Atomic<UInt>(0)
    /// The address of how the terminal was before lines were edited on it; 0 for none. Kept for good, since a signal may come at any time.
    private let terminal = Atomic<UInt>(0)

    private init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            }
        }
        events = ends[0]
        writer = ends[1]
    }

    /// The first Ctrl-C asks the program to stop; a second one ends the process on the spot.
    func watchProgram() {
        ignoreFailedWrites()
        watch(SIGINT, flags: Int32(bitPattern: UInt32(SA_RESETHAND)))
    }

    /// Ctrl-C, a new window size and coming back from a stop reach the editor. Without SA_RESTART, so that reads wake up.
    /// Ctrl-\ does nothing, as in other shells: it would leave the terminal without echo.
    func watchTerminal() {
        ignoreFailedWrites()
        signal(SIGQUIT, SIG_IGN)
        for number in [SIGINT, SIGWINCH, SIGCONT] { watch(number, flags: 0) }
    }

    /// A program that is ended from outside leaves the terminal as it was found, with pastes not marked any more. To be called before the
    /// editor changes anything.
    func restoreTerminalAtEnd() {
        var found = termios()
        guard terminal.load(ordering: .acquiring) == 0, tcgetattr(STDIN_FILENO, &found) == 0 else { return }
        let kept = UnsafeMutablePointer<termios>.allocate(capacity: 1)
        kept.initialize(to: found)
        terminal.store(UInt(bitPattern: kept), ordering: .releasing)
        for number in [SIGTERM, SIGHUP] { watch(number, flags: Int32(bitPattern: UInt32(SA_RESETHAND))) }
    }

    /// A reader that is gone and a file beyond `ulimit -f` are errors of the write.
    private func ignoreFailedWrites() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Sends interrupts to `session` while `body` runs.
    func forwarding<Result>(to session: Session, _ body: () -> Result) -> Result {
        running.store(UInt(bitPattern: Unmanaged.passUnretained(session).toOpaque()), ordering: .releasing)
        defer { running.store(0, ordering: .releasing) }
        return body()
    }

    /// A signal that was ignored from the start (a background job, `nohup`) stays ignored.
    private func watch(_ number: Int32, flags: Int32) {
        var action = sigaction()
        sigaction(number, nil, &action)
        let mayStay = [SIGINT, SIGTERM, SIGHUP].contains(number)
        if mayStay, unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 { return }
        action = sigaction()
        action.sa_flags = flags
        action.__sigaction_handler.sa_handler = { Interrupts.shared.receive($0) }
        sigaction(number, &action, nil)
    }

    /// Runs inside the signal handler: only atomics and `write`.
    private func receive(_ number: Int32) {
        let code = errno
        defer { errno = code }
        if number == SIGTERM || number == SIGHUP { return end(number) }
        if number == SIGINT, let address = UnsafeRawPointer(bitPattern: running.load(ordering: .acquiring)) {
            Unmanaged<Session>.fromOpaque(address).takeUnretainedValue().interrupt()
        }
        var event = (number == SIGINT ? TerminalEvent.interrupted : number == SIGWINCH ? .resized : .continued).rawValue
        _ = write(writer, &event, 1)
    }

    /// Inside the signal handler, too. The signal has its usual effect as soon as the handler is left.
    private func end(_ number: Int32) {
        // A program in the background would be stopped for it.
        if tcgetpgrp(STDIN_FILENO) == getpgrp(), let found = UnsafePointer<termios>(bitPattern: terminal.load(ordering: .acquiring)) {
            let pasteOff: StaticString = "\u{1B}[?2004l"
            _ = write(STDOUT_FILENO, pasteOff.utf8Start, pasteOff.utf8CodeUnitCount)
            tcsetattr(STDIN_FILENO, TCSANOW, found)
        }
        raise(number)
    }
}
