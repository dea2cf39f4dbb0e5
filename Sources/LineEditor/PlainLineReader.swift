import Glibc

/// Lines without editing, for a dumb or unknown terminal, or when output goes elsewhere. The terminal itself echoes and
/// takes back.
public final class PlainLineReader: LineReader {
    private let input: TerminalInput
    private let promptDescriptor: Int32

    /// `events` is the reading end, non-blocking, of the pipe that signal handlers write `TerminalEvent`s to.
    public init(input: Int32 = STDIN_FILENO, prompts: Int32, events: Int32) {
        self.input = TerminalInput(descriptor: input, events: events)
        promptDescriptor = prompts
    }

    public func readLine(_ prompt: Prompt) -> LineInput {
        input.dropPendingEvents()
        writeAll(prompt.text, to: promptDescriptor)
        var line = String.UnicodeScalarView()
        while true {
            switch input.next() {
            case .scalar("\n"): return .line(String(line))
            case .scalar(let scalar): line.append(scalar)
            case .event(.interrupted):
                writeAll("\n", to: promptDescriptor)
                return .interrupted
            case .event: continue
            case .end: return line.isEmpty ? .end : .line(String(line))
            }
        }
    }

    /// Here the terminal itself makes a signal of each Ctrl-C.
    public func readAhead() -> Bool { false }

    public func remember(_ statement: String) {}
    public func close() {}
}

/// Writes the whole of `text`, giving up when nobody can see it any more.
func writeAll(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
    }
}
