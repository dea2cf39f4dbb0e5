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

    /// - Parameter events: see `LineEditor`.
    public init(events: Int32) {
        input = TerminalInput(descriptor: STDIN_FILENO, events: events)
    }

    /// Waits for a key.
    public func next() -> KeyPress {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return press() }
        var raw = before
        // Keys come at once and unseen; Ctrl-C stays a signal.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
        return press()
    }

    /// Whether a key comes within so many milliseconds; it stays to be read.
    public func isPressed(within milliseconds: Int) -> Bool {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return false }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, Int32(clamping: milliseconds)) > 0
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
        guard case .scalar(let second) = input.next(), second == "[" || second == "O" else { return .other }
        switch input.key() {
        case .left: return .left
        case .right: return .right
        case .up: return .up
        case .down: return .down
        default: return .other
        }
    }
}
