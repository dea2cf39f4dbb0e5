/// One character on the screen. A tab is blanks.
struct Cell: Equatable {
    let character: Character
    let width: Int
    let style: String
}

/// One row of the screen from its first column.
struct Row: Equatable {
    private(set) var cells: [Cell] = []
    private(set) var width = 0
    /// Whether it goes on from the row above without a newline.
    var isContinued = false

    init() {}

    init(_ text: String, style: String = "") { append(text, style: style) }

    mutating func append(_ text: some StringProtocol, style: String = "") {
        for character in text { append(Cell(character: character, width: CharacterWidth.of(character), style: style)) }
    }

    mutating func append(_ cell: Cell) {
        cells.append(cell)
        width += cell.width
    }
}

/// What is drawn below the place where the prompt began.
struct Frame: Equatable {
    struct Place: Equatable {
        var row = 0
        var column = 0
    }

    var rows: [Row] = [Row()]
    var cursor = Place()

    /// Only the rows around the cursor when there are more than `height`.
    mutating func clip(to height: Int) {
        guard rows.count > height, height > 0 else { return }
        let top = min(max(0, cursor.row - height / 2), rows.count - height)
        rows = Array(rows[top..<top + height])
        cursor.row -= top
    }
}
