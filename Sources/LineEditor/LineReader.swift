/// What came of asking for a line.
public enum LineInput: Equatable, Sendable {
    /// Without its last newline; holds newlines between the lines of one statement.
    case line(String)
    /// Ctrl-C: the line was given up.
    case interrupted
    /// Ctrl-D on an empty line, or the terminal went away.
    case end
}

/// A prompt and how it is dressed.
public struct Prompt: Sendable {
    /// Ends with a space. One line.
    public let text: String
    /// What stands before the further lines of a statement, as wide as `text`. `nil` when a line is all that is wanted.
    public let continuation: String?
    /// Parameters of the colour sequence, such as "32"; `nil` where nothing may have colour.
    public let colour: String?

    public init(_ text: String, continuation: String? = nil, colour: String? = nil) {
        self.text = text
        self.continuation = continuation
        self.colour = colour
    }
}

/// Asks a person for lines.
public protocol LineReader: AnyObject {
    func readLine(_ prompt: Prompt) -> LineInput
    /// Looks at what was typed behind the line that was read, as far as the end of another one, and keeps it for that. Answers whether a Ctrl-C
    /// is among it, which came while no line was read and is meant for what runs now; what stands before it is dropped, as terminals do.
    func readAhead() -> Bool
    /// Adds a whole statement to what Up recalls.
    func remember(_ statement: String)
    /// Gives the terminal back as it was found.
    func close()
}

/// What a signal handler writes, one byte each, to the pipe that wakes a `LineReader`.
public enum TerminalEvent: UInt8, Sendable {
    case interrupted = 1
    case resized
    /// Back in the foreground after a stop.
    case continued
}
