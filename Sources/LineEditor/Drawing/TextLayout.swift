/// Breaks a text into the rows of a window, with a prompt before each of its lines.
struct TextLayout {
    let prompt: Prompt
    let columns: Int
    /// Rows that can be seen: lines further away from the cursor are not laid out.
    let height: Int
    let styles: [StyledRange]
    private let styleAt: [Int]

    private var frame = Frame()
    private var offset = 0
    private var isCursorMarked = false

    private init(prompt: Prompt, columns: Int, height: Int, styles: [StyledRange], count: Int) {
        self.prompt = prompt
        self.columns = columns
        self.height = height
        self.styles = styles
        styleAt = Self.paint(styles, count: count)
    }

    /// Columns for the text without which the prompt gets shorter.
    private static let leastRoom = 8

    /// - Parameter cursor: a place in `text`, in bytes of UTF-8.
    static func frame(_ text: String, cursor: Int, prompt: Prompt, columns: Int, height: Int, styles: [StyledRange]) -> Frame {
        var layout = TextLayout(prompt: prompt, columns: columns, height: height, styles: styles, count: text.utf8.count)
        layout.lay(text, cursor: cursor)
        return layout.frame
    }

    private mutating func lay(_ text: String, cursor: Int) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let starts = lines.map { text.utf8.distance(from: text.startIndex, to: $0.startIndex) }
        let line = (starts.firstIndex { $0 > cursor } ?? starts.count) - 1
        frame.rows = []
        for index in max(0, line - height)..<min(lines.count, line + height + 1) {
            offset = starts[index]
            begin(isFirst: index == 0)
            for character in lines[index] {
                if index == line, offset >= cursor { markCursor() }
                add(character)
            }
            if index == line { markCursor() }
        }
    }

    private mutating func begin(isFirst: Bool) {
        let isRoomy = columns >= CharacterWidth.of(prompt.text) + Self.leastRoom
        let text = isRoomy ? (isFirst ? prompt.text : prompt.continuation ?? "") : isFirst ? "> " : "  "
        var row = Row()
        // The last blank stays plain.
        row.append(text.dropLast(), style: prompt.colour ?? "")
        row.append(text.suffix(1))
        frame.rows.append(row)
    }

    private mutating func markCursor() {
        guard !isCursorMarked else { return }
        isCursorMarked = true
        let last = frame.rows.count - 1
        frame.cursor = Frame.Place(row: last, column: frame.rows[last].width)
        // Behind a full row stands the next one.
        if frame.cursor.column >= columns { frame.cursor = Frame.Place(row: wrap(), column: 0) }
    }

    @discardableResult
    private mutating func wrap() -> Int {
        var row = Row()
        row.isContinued = true
        frame.rows.append(row)
        return frame.rows.count - 1
    }

    private mutating func add(_ character: Character) {
        let style = style(at: offset)
        offset += character.utf8.count
        if character == "\t" {
            let blanks = 8 - frame.rows[frame.rows.count - 1].width % 8
            for _ in 0..<blanks { put(Cell(character: " ", width: 1, style: style)) }
        } else if let scalar = character.unicodeScalars.first, scalar.value < 0x20 || scalar.value == 0x7F {
            put(Cell(character: "^", width: 1, style: "7"))
            put(Cell(character: Character(Unicode.Scalar(UInt8(scalar.value ^ 0x40))), width: 1, style: "7"))
        } else {
            put(Cell(character: character, width: CharacterWidth.of(character), style: style))
        }
    }

    private mutating func put(_ cell: Cell) {
        // Parts that are drawn one by one must not run over the end of the row either.
        if frame.rows[frame.rows.count - 1].width + max(cell.width, CharacterWidth.ofParts(cell.character)) > columns { wrap() }
        frame.rows[frame.rows.count - 1].append(cell)
    }

    private func style(at offset: Int) -> String { styleAt.isEmpty || styleAt[offset] < 0 ? "" : styles[styleAt[offset]].style }

    /// The style of each byte, as its place in `styles`; -1 for none.
    private static func paint(_ styles: [StyledRange], count: Int) -> [Int] {
        guard !styles.isEmpty else { return [] }
        var painted = [Int](repeating: -1, count: count)
        for (index, style) in styles.enumerated() {
            for offset in style.range.clamped(to: 0..<count) { painted[offset] = index }
        }
        return painted
    }
}
