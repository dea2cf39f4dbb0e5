import Glibc

/// One key pressed by a person.
public enum KeyPress: Equatable, Sendable {
    case character(Character)
    case enter, left, right, up, down
    /// Any other.
    case other
    /// Ctrl-C.
    case interrupted
    /// The window has another size.
    case resized
    /// Ctrl-D, or the terminal went away.
    case end
}

/// Reads single keys from a terminal, which is as it was whenever nobody reads.
public final class KeyReader {
    private let input: TerminalInput
    /// The terminal's state outside of `unseen`.
    private var usual: termios?

    /// - Parameter events: see `LineEditor`.
    public init(events: Int32) {
        input = TerminalInput(descriptor: STDIN_FILENO, events: events)
    }

    /// Waits for a key.
    public func next() -> KeyPress { unseen { press() } }

    /// Whether a key or an event comes within so many milliseconds; it stays to be read.
    public func isPressed(within milliseconds: Int) -> Bool { unseen { input.isPending(within: Int32(clamping: milliseconds)) } }

    /// Forgets a Ctrl-C that something else has answered.
    public func dropPendingEvents() { input.dropPendingEvents() }

    /// Does something while keys come at once and unseen; Ctrl-C stays a signal.
    public func unseen<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return try body() }
        let outer = usual
        usual = outer ?? before
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        defer {
            tcsetattr(STDIN_FILENO, TCSANOW, &before)
            usual = outer
        }
        return try body()
    }

    /// Within `unseen`, does something for which the terminal is to be as it was before.
    public func seen<Result>(_ body: () -> Result) -> Result {
        guard var usual else { return body() }
        var raw = termios()
        tcgetattr(STDIN_FILENO, &raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &usual)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &raw) }
        return body()
    }

    private func press() -> KeyPress {
        switch input.next() {
        case .end, .scalar("\u{4}"): return .end
        case .event(.interrupted): return .interrupted
        case .event(.resized): return .resized
        case .event(.continued): return .other
        case .scalar("\n"), .scalar("\r"): return .enter
        case .scalar("\u{1B}"): return sequence()
        case .scalar(let scalar): return .character(Character(scalar))
        }
    }

    private func sequence() -> KeyPress {
        // Terminals send no lone escape in the middle of a sequence, and a person who presses Escape presses another key next.
        guard let second = input.nextInSequence(), second == "[" || second == "O" else { return .other }
        switch input.key() {
        case .left: return .left
        case .right: return .right
        case .up: return .up
        case .down: return .down
        default: return .other
        }
    }
}
