/// Brings the screen from the frame that it shows to another one, by what differs between them. Moves are relative to where the prompt
/// began, since nobody knows in which row of the screen that is.
struct Painter {
    private var shown = Frame()
    /// Where the terminal's cursor is; a column past the last one when a full row was just written.
    private var place = Frame.Place()
    private var columns = 80
    private var output = ""
    private var style = ""
    /// Whether the terminal breaks rows anew when it gets narrower.
    let reflows: Bool

    private let write: (String) -> Void

    init(reflows: Bool, write: @escaping (String) -> Void) {
        self.reflows = reflows
        self.write = write
    }

    /// Begins in a row of its own: what stands in the row without a newline is marked and left alone.
    mutating func begin(columns: Int) {
        shown = Frame()
        place = Frame.Place()
        self.columns = columns
        // The mark and the blanks fill a row exactly. From the first column on they end in that row, and are wiped out; from any
        // other one they end in the next.
        send("⏎" + String(repeating: " ", count: columns - 1) + "\r\u{1B}[J")
    }

    /// The program was away, and the cursor is anywhere: draws anew from here.
    mutating func beginAgain() {
        shown = Frame()
        place = Frame.Place()
        send("\r\u{1B}[J")
    }

    mutating func paint(_ frame: Frame) { paint(frame, isFinal: false) }

    private mutating func paint(_ frame: Frame, isFinal: Bool) {
        for row in frame.rows.indices { paint(frame.rows[row], at: row, isFinal: isFinal) }
        if frame.rows.count < shown.rows.count {
            move(to: Frame.Place(row: frame.rows.count, column: 0))
            output += "\u{1B}[J"
        }
        move(to: frame.cursor)
        shown = frame
        send(output)
        output = ""
    }

    /// Draws all of `frame` anew, each row that goes on written on past the end of the one above, so that the terminal takes them for one
    /// line when text is copied; and leaves the cursor below.
    mutating func finish(_ frame: Frame) {
        if frame.rows.contains(where: \.isContinued) || shown.rows.count != frame.rows.count {
            move(to: Frame.Place())
            output += "\u{1B}[J"
            shown = Frame()
        }
        var frame = frame
        frame.cursor = Frame.Place(row: frame.rows.count - 1, column: 0)
        paint(frame, isFinal: true)
        send("\r\n")
    }

    /// The window has another size: wipes out what is shown, wherever the terminal put it.
    mutating func resize(to window: Window) {
        var rowsAbove = place.row
        if reflows, window.columns < columns {
            rowsAbove = shown.rows.prefix(place.row).reduce(0) { $0 + max(1, ($1.width + window.columns - 1) / window.columns) }
            rowsAbove += min(place.column, columns - 1) / window.columns
        }
        send("\r" + (rowsAbove > 0 ? "\u{1B}[\(rowsAbove)A" : "") + "\u{1B}[J")
        shown = Frame()
        place = Frame.Place()
        columns = window.columns
    }

    mutating func clearScreen() {
        send("\u{1B}[H\u{1B}[2J")
        shown = Frame()
        place = Frame.Place()
    }

    private mutating func paint(_ row: Row, at index: Int, isFinal: Bool) {
        let old = index < shown.rows.count ? shown.rows[index] : nil
        guard row.cells != old?.cells || old == nil else { return }
        let same = zip(row.cells, old?.cells ?? []).prefix { $0 == $1 }.count
        let column = row.cells[..<same].reduce(0) { $0 + $1.width }
        if isFinal, row.isContinued, !row.cells.isEmpty, place == Frame.Place(row: index - 1, column: columns) {
            place = Frame.Place(row: index, column: 0)
        } else {
            move(to: Frame.Place(row: index, column: column))
        }
        for cell in row.cells[same...] { add(cell) }
        setStyle("")
        // In a full row there is nothing behind, and the terminal would wipe out the last character.
        if let old, old.width > row.width, row.width < columns { output += "\u{1B}[K" }
    }

    private mutating func add(_ cell: Cell) {
        setStyle(cell.style)
        let isUncertain = CharacterWidth.isUncertain(cell.character)
        if isUncertain { output += String(repeating: " ", count: cell.width) + "\u{1B}[\(place.column + 1)G" }
        output.append(cell.character)
        place.column += cell.width
        // All that follows in the row is drawn again, over what a terminal may have put there.
        if isUncertain, place.column < columns { output += "\u{1B}[\(place.column + 1)G\u{1B}[K" }
    }

    private mutating func setStyle(_ new: String) {
        guard new != style else { return }
        if !style.isEmpty { output += "\u{1B}[0m" }
        if !new.isEmpty { output += "\u{1B}[\(new)m" }
        style = new
    }

    private mutating func move(to target: Frame.Place) {
        // A row that was never shown has to be made, which may scroll the screen.
        let last = max(shown.rows.count - 1, place.row)
        if place.column >= columns, place.row != target.row || target.column < columns { toFirstColumn() }
        if target.row < place.row { output += "\u{1B}[\(place.row - target.row)A" }
        let down = min(target.row, last) - place.row
        if down > 0 { output += "\u{1B}[\(down)B" }
        if target.row > last {
            output += String(repeating: "\r\n", count: target.row - last)
            place.column = 0
        }
        place.row = target.row
        guard target.column != place.column else { return }
        if target.column == 0 { return toFirstColumn() }
        if target.column > place.column { output += "\u{1B}[\(target.column - place.column)C" } else { output += "\u{1B}[\(place.column - target.column)D" }
        place.column = target.column
    }

    private mutating func toFirstColumn() {
        output += "\r"
        place.column = 0
    }

    private func send(_ text: String) { if !text.isEmpty { write(text) } }
}

extension Painter {
    /// Whether a terminal with this environment is one of those that break rows anew. One that is not known is taken not to: rows that are left
    /// over above do less harm than wiping out what came before.
    static func reflows(_ variable: (String) -> String?) -> Bool {
        let marks = ["TMUX", "VTE_VERSION", "KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID", "KONSOLE_VERSION", "WT_SESSION", "WEZTERM_PANE"]
        if marks.contains(where: { variable($0) != nil }) { return true }
        let program = variable("TERM_PROGRAM") ?? ""
        return ["iTerm.app", "vscode", "WezTerm", "ghostty", "Apple_Terminal", "tmux"].contains(program) || variable("TERM")?.hasPrefix("foot") == true
    }
}
