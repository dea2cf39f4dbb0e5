import CEdit
import Glibc

/// Asks for lines on a terminal with editing, recall and completion, through libedit.
///
/// Never asks the terminal anything (its answer could end up in the line), and is woken from signal handlers by a pipe.
public final class LineEditor: LineReader {
    /// Names that may stand in place of the one begun at the end of the text before the cursor. Set by the shell.
    public var completions: (_ line: String) -> [String] = { _ in [] }

    let input: TerminalInput
    var recall: Recall
    /// What ended the last read early.
    var stop: Stop?
    private var editor: OpaquePointer?
    private var history: OpaquePointer?
    /// The prompt as libedit reads it, at a place that stays while a line is edited.
    private var promptBytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 1)
    private(set) var promptWidth = 0

    enum Stop: Equatable {
        case interrupted
        /// Text that doesn't fit the window, which libedit can't scroll: it is shown, can't be edited any more, and
        /// stands before what is typed next.
        case tooTall(String)
    }

    /// Whether lines can be edited here at all: both ends are terminals, of a known kind. Costs little.
    public static var isUsable: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && crate_edit_terminal_is_usable()
    }

    /// `nil` when standard input and output can't be edited on; use a `PlainLineReader` then.
    ///
    /// `events` is the reading end, non-blocking, of the pipe that signal handlers write `TerminalEvent`s to.
    public init?(events: Int32, statements: [String]) {
        guard Self.isUsable else { return nil }
        input = TerminalInput(descriptor: STDIN_FILENO, events: events)
        recall = Recall(statements)
        let owner = Unmanaged.passUnretained(self).toOpaque()
        promptBytes.initialize(repeating: 0)
        editor = crate_edit_open(
            owner, { LineEditor.owner(of: $0)?.promptBytes.baseAddress }, { LineEditor.owner(of: $0)?.readCharacter($0, $1) ?? 0 })
        guard let editor else { return nil }
        history = crate_edit_history(editor, Int32(clamping: statements.count + 1000))
        for statement in statements { addToSearch(statement) }
        Self.bindKeys(of: editor)
    }

    deinit {
        close()
        promptBytes.deallocate()
    }

    public func close() {
        guard let open = editor else { return }
        editor = nil
        crate_edit_close(open, history)
    }

    public func readLine(_ prompt: Prompt) -> LineInput {
        guard let editor else { return .end }
        input.dropPendingEvents()
        el_resize(editor)
        writeAll("\u{1B}[?2004h", to: STDOUT_FILENO)
        defer { writeAll("\u{1B}[?2004l", to: STDOUT_FILENO) }
        setPrompt(prompt)
        return edit(editor, above: "")
    }

    public func remember(_ statement: String) {
        recall.add(statement)
        addToSearch(statement)
    }

    private func edit(_ editor: OpaquePointer, above: String) -> LineInput {
        recall.rewind()
        stop = nil
        var count: Int32 = 0
        if let line = el_wgets(editor, &count), count > 0 {
            let text = EditBuffer.text(from: line, to: line + Int(count))
            return .line(above + (text.hasSuffix("\n") ? String(text.dropLast()) : text))
        }
        el_reset(editor)
        writeAll("\n", to: STDOUT_FILENO)
        switch stop {
        case nil: return .end
        case .interrupted: return .interrupted
        case .tooTall(let text):
            writeAll(text + "\n", to: STDOUT_FILENO)
            return edit(editor, above: above + text + "\n")
        }
    }

    private func setPrompt(_ prompt: Prompt) {
        promptWidth = prompt.text.count
        var text = prompt.text
        if let colour = prompt.colour, text.hasSuffix(" ") {
            // The colour ends before the last space: libedit loses a sequence that closes the prompt.
            text = "\u{1}\u{1B}[\(colour)m\u{1}\(text.dropLast())\u{1}\u{1B}[0m\u{1} "
        }
        let bytes = text.utf8CString
        promptBytes.deallocate()
        promptBytes = .allocate(capacity: bytes.count)
        _ = promptBytes.initialize(from: bytes)
    }

    private func addToSearch(_ statement: String) {
        guard let history else { return }
        withWideCharacters(statement) { crate_edit_history_add(history, $0) }
    }
}

// MARK: What libedit asks for while it edits

extension LineEditor {
    /// Whether libedit can draw `text`; it can't scroll what is taller than the window.
    func fitsWindow(_ text: String) -> Bool {
        let window = Window()
        return window.height(of: text, indent: promptWidth) < window.rows
    }

    static func owner(of editor: OpaquePointer) -> LineEditor? {
        crate_edit_owner(editor).map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
    }

    private func readCharacter(_ editor: OpaquePointer, _ character: UnsafeMutablePointer<wchar_t>) -> Int32 {
        while true {
            switch input.next() {
            case .scalar(let scalar):
                character.pointee = wchar_t(scalar.value)
                return 1
            case .event(.resized): el_resize(editor)
            case .event(.continued): crate_edit_redraw(editor)
            case .event(.interrupted):
                stop = .interrupted
                return -1
            case .end: return 0
            }
        }
    }
}
