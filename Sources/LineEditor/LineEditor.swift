import CEdit
import Glibc

/// Asks for statements on a terminal with editing, recall, completion and colours. libedit keeps the line, the keys and the terminal's modes;
/// the screen is drawn here.
///
/// Never asks the terminal anything (its answer could end up in the line), and is woken from signal handlers by a pipe.
public final class LineEditor: LineReader {
    /// What the editor knows of the language. Set by the shell.
    public var aids = EditingAids()

    let input: TerminalInput
    var kills = KillBuffer()
    var undoLog = UndoLog()
    /// What the read under way came to.
    var ending: LineInput?
    private(set) var prompt = Prompt("")
    var window = Window()
    /// Whether the next character belongs to a key that has begun.
    private var isInSequence = false
    private var recalled: Recall?
    var painter = Painter(reflows: Painter.reflows { getenv($0).map { String(cString: $0) } }) { writeAll($0, to: STDOUT_FILENO) }
    private(set) var editor: OpaquePointer?
    /// How the terminal was found.
    private var original = termios()

    /// Milliseconds after which an Escape is known to be the key of that name, and not the beginning of another one's sequence.
    static let escapeTime: Int32 = 50

    /// Whether lines can be edited here at all: both ends are terminals, of a known kind. Costs little.
    public static var isUsable: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && crate_edit_terminal_is_usable()
    }

    /// `nil` when standard input and output can't be edited on; use a `PlainLineReader` then.
    ///
    /// `events` is the reading end, non-blocking, of the pipe that signal handlers write `TerminalEvent`s to.
    public init?(events: Int32) {
        guard Self.isUsable else { return nil }
        input = TerminalInput(descriptor: STDIN_FILENO, events: events, hasInterruptKey: true)
        tcgetattr(STDIN_FILENO, &original)
        let owner = Unmanaged.passUnretained(self).toOpaque()
        editor = crate_edit_open(owner) { LineEditor.owner(of: $0)?.readCharacter($0, $1) ?? 0 }
        guard let editor else { return nil }
        Self.bindKeys(of: editor)
    }

    deinit { close() }

    public func close() {
        guard let open = editor else { return }
        editor = nil
        crate_edit_close(open)
        // The keys that wait are for whoever reads next.
        tcsetattr(STDIN_FILENO, TCSADRAIN, &original)
    }

    public func readLine(_ prompt: Prompt) -> LineInput {
        guard let editor else { return .end }
        self.prompt = prompt
        input.dropPendingEvents()
        window = Window()
        recalled?.rewind()
        undoLog = UndoLog()
        ending = nil
        isInSequence = false
        painter.begin(columns: window.columns)
        writeAll(Self.pasteOn, to: STDOUT_FILENO)
        var count: Int32 = 0
        _ = el_wgets(editor, &count)
        el_reset(editor)
        writeAll(Self.pasteOff, to: STDOUT_FILENO)
        return ending ?? .end
    }

    public func readAhead() -> Bool { input.readAhead() }

    /// What tells a terminal to mark what is pasted, and to do so no more.
    static let pasteOn = "\u{1B}[?2004h"
    static let pasteOff = "\u{1B}[?2004l"

    /// Stops the program as Ctrl-Z does elsewhere, with the terminal as it was found meanwhile.
    func suspend() -> UInt8 {
        writeAll(Self.pasteOff, to: STDOUT_FILENO)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &original)
        // All that was started together, as the terminal would do it.
        Glibc.kill(0, SIGTSTP)
        note(.continued)
        return UInt8(CC_NORM)
    }

    public func remember(_ statement: String) { recall.add(statement) }

    /// The statements of earlier sessions are read when they are first asked for: the prompt is there sooner.
    var recall: Recall {
        get {
            if let recalled { return recalled }
            let read = Recall(aids.statements())
            recalled = read
            return read
        }
        set { recalled = newValue }
    }
}

// MARK: What libedit asks for while it edits

extension LineEditor {
    static func owner(of editor: OpaquePointer) -> LineEditor? {
        crate_edit_owner(editor).map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
    }

    private func readCharacter(_ editor: OpaquePointer, _ character: UnsafeMutablePointer<wchar_t>) -> Int32 {
        let buffer = EditBuffer(editor)
        undoLog.note(buffer.state)
        while true {
            // Nobody could see what is drawn between two keys that came together.
            if !input.isPending() { paint(buffer) }
            switch input.next() {
            case .scalar(let scalar):
                // libedit's own command draws, out of the bounds of its screen where others have changed the line.
                if !isInSequence, scalar.isPrinted {
                    type(input.text(startingWith: scalar), buffer)
                    continue
                }
                isInSequence = !isInSequence && (scalar == "\u{1B}" || scalar == "\u{18}")
                character.pointee = wchar_t(scalar.value)
                return 1
            case .event(.interrupted):
                finishLine(buffer)
                ending = .interrupted
                return -1
            case .event(let event): note(event)
            case .end:
                finishLine(buffer)
                return 0
            }
        }
    }
}
