import CEdit
import Glibc

/// What is on the screen while a line is edited: the prompt, the text, a note beside it and what stands below.
extension LineEditor {
    /// Rows that a list below the line may take.
    var panelHeight: Int { max(1, min(12, window.rows - 3)) }

    func paint(_ buffer: EditBuffer, panel: [Row] = []) {
        let state = buffer.state
        let hint = panel.isEmpty && prompt.colour != nil ? aids.hint(state.before) : nil
        var frame = frame(state, height: window.rows)
        let isAtLineEnd = state.after.isEmpty || state.after.first == "\n"
        var below = panel
        if let hint, !(isAtLineEnd && frame.add(hint, columns: window.columns)) {
            below = [Row.hint(hint, columns: window.columns)]
        }
        frame.clip(to: max(1, window.rows - below.count))
        frame.rows += below.prefix(max(0, window.rows - frame.rows.count))
        painter.paint(frame)
    }

    private func frame(_ state: EditState, height: Int, isFinal: Bool = false) -> Frame {
        let text = state.text
        // A line that is done has no row of its own for the cursor behind a full one.
        let cursor = isFinal ? 0 : state.before.utf8.count
        let hasColours = prompt.colour != nil && text.utf8.count <= Self.longestColoured
        let styles = hasColours ? aids.styles(text, isFinal ? -1 : cursor) : []
        return TextLayout.frame(text, cursor: cursor, prompt: prompt, columns: window.columns, height: height, styles: styles)
    }

    /// Bytes of a text beyond which colours would make typing slow.
    private static let longestColoured = 32_768

    /// Shows the whole line as it stays on the screen, and goes below it.
    func finishLine(_ buffer: EditBuffer) {
        painter.finish(frame(buffer.state, height: Int.max / 4, isFinal: true))
    }

    func clearScreen() { painter.clearScreen() }

    /// What a signal handler told.
    func note(_ event: TerminalEvent) {
        guard let editor else { return }
        switch event {
        case .interrupted: break
        case .resized:
            window = Window()
            painter.resize(to: window)
        case .continued:
            crate_edit_prepare(editor)
            writeAll(Self.pasteOn, to: STDOUT_FILENO)
            painter.beginAgain()
        }
    }
}

extension Row {
    static func hint(_ hint: Hint, columns: Int) -> Row {
        var row = Row()
        row.append(hint, columns: columns)
        return row
    }

    mutating func append(_ hint: Hint, columns: Int) {
        let text = CharacterWidth.clipped(hint.text, to: columns)
        for (index, character) in zip(text.indices, text) {
            let isNext = hint.emphasis?.contains(index) ?? false
            append(String(character), style: isNext ? "4;90" : "90")
        }
    }
}

extension Frame {
    /// Writes the hint behind the cursor's row where there is room for it.
    mutating func add(_ hint: Hint, columns: Int) -> Bool {
        let gap = 2
        guard rows[cursor.row].width + gap + CharacterWidth.of(hint.text) < columns else { return false }
        rows[cursor.row].append(String(repeating: " ", count: gap))
        rows[cursor.row].append(hint, columns: columns)
        return true
    }
}
