/// What a person would see: a grid of characters that understands as much of a terminal as line editing uses.
struct Screen {
    private(set) var columns: Int
    private(set) var rows: Int
    /// One text a cell; the second cell of a wide character holds none.
    private var cells: [[String]]
    /// The colour sequence of each cell, without what frames it.
    private var styles: [[String]]
    private var style = ""
    private(set) var row = 0
    private(set) var column = 0
    /// A character in the last column leaves the cursor there until the next one.
    private var wrapsNext = false
    private var saved = (row: 0, column: 0)
    private var parser = Parser.text
    private var undecoded: [UInt8] = []
    /// Everything that arrived, for looking at colours and modes.
    private(set) var received = ""

    private enum Parser {
        case text, escape, charset
        case sequence(String)
    }

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
        styles = Array(repeating: Array(repeating: "", count: columns), count: rows)
    }

    /// How the beginning of the last place where `text` stands looks; `nil` when it stands nowhere.
    func style(of text: String) -> String? {
        for row in (0..<rows).reversed() {
            for column in (0..<columns).reversed() where cells[row][column...].joined().hasPrefix(text) { return styles[row][column] }
        }
        return nil
    }

    /// What a terminal does when its window changes: rows that are too long are cut off, or broken when it `reflows`; what does not fit goes
    /// out at the top.
    mutating func resize(columns: Int, rows: Int, reflows: Bool) {
        var new: [[String]] = []
        var place = (row: self.row, column: min(self.column, columns - 1))
        for (index, line) in cells.enumerated() {
            let used = line.reversed().drop { $0 == " " }.count
            let parts = reflows ? max(1, (used + columns - 1) / columns) : 1
            if index == self.row { place = (new.count + (reflows ? self.column / columns : 0), reflows ? self.column % columns : min(self.column, columns - 1)) }
            for part in 0..<parts {
                let piece = Array(line.dropFirst(part * columns).prefix(columns))
                new.append(piece + Array(repeating: " ", count: columns - piece.count))
            }
        }
        while new.count > max(rows, place.row + 1), new.last.map({ $0.allSatisfy { $0 == " " } }) == true { new.removeLast() }
        let gone = max(0, new.count - rows)
        cells = Array(new.dropFirst(gone)) + Array(repeating: Array(repeating: " ", count: columns), count: max(0, rows - new.count))
        styles = Array(repeating: Array(repeating: "", count: columns), count: rows)
        (row, column) = (max(0, place.row - gone), place.column)
        (self.columns, self.rows) = (columns, rows)
        wrapsNext = false
    }

    /// Lines without the blanks at their ends, and without blank ones at the end.
    var lines: [String] {
        var lines = cells.map { row in
            var text = row.joined()
            while text.last == " " { text.removeLast() }
            return text
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        undecoded += bytes
        // A character cut in two waits for its rest.
        var end = undecoded.count
        for back in 1...3 where back <= undecoded.count {
            let byte = undecoded[undecoded.count - back]
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            if byte & 0xC0 != 0x80 {
                if length > back { end = undecoded.count - back }
                break
            }
        }
        let text = String(decoding: undecoded[..<end], as: UTF8.self)
        undecoded.removeFirst(end)
        received += text
        for scalar in text.unicodeScalars { take(scalar) }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        switch parser {
        case .text: scalar.value < 0x20 || scalar.value == 0x7F ? control(scalar) : put(scalar)
        case .charset: parser = .text
        case .escape: escape(scalar)
        case .sequence(let parameters):
            if "\u{40}"..."\u{7E}" ~= scalar {
                parser = .text
                sequence(parameters, scalar)
            } else {
                parser = .sequence(parameters + String(scalar))
            }
        }
    }

    private mutating func control(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": move(toColumn: 0)
        case "\n":
            wrapsNext = false
            lineFeed()
        case "\u{08}": move(toColumn: column - 1)
        case "\t": move(toColumn: (column / 8 + 1) * 8)
        case "\u{1B}": parser = .escape
        default: break
        }
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        parser = .text
        switch scalar {
        case "[": parser = .sequence("")
        case "(", ")": parser = .charset
        case "7": saved = (row, column)
        case "8": (row, column) = saved
        case "M": row = max(0, row - 1)
        default: break
        }
    }

    private mutating func sequence(_ parameters: String, _ final: Unicode.Scalar) {
        guard !parameters.hasPrefix("?") else { return }
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let first = numbers.first ?? 0
        let count = max(1, first)
        switch final {
        case "A": move(toRow: row - count)
        case "B": move(toRow: row + count)
        case "C": move(toColumn: column + count)
        case "D": move(toColumn: column - count)
        case "G": move(toColumn: count - 1)
        case "d": move(toRow: count - 1)
        case "H":
            move(toRow: count - 1)
            move(toColumn: max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
        case "m": style = parameters == "0" ? "" : parameters
        case "J": eraseScreen(first)
        case "K": eraseLine(first)
        case "P":
            cells[row].removeSubrange(column..<min(columns, column + count))
            cells[row] += Array(repeating: " ", count: columns - cells[row].count)
        case "@":
            cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
            cells[row].removeLast(cells[row].count - columns)
        default: break
        }
    }

    private mutating func eraseScreen(_ mode: Int) {
        eraseLine(mode)
        let whole = mode == 0 ? (row + 1)..<rows : mode == 1 ? 0..<row : 0..<rows
        for row in whole { cells[row] = Array(repeating: " ", count: columns) }
    }

    private mutating func eraseLine(_ mode: Int) {
        let range = mode == 0 ? column..<columns : mode == 1 ? 0..<(column + 1) : 0..<columns
        for column in range { cells[row][column] = " " }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = Self.width(of: scalar)
        guard width > 0 else {
            cells[row][max(0, wrapsNext ? column : column - 1)].unicodeScalars.append(scalar)
            return
        }
        if wrapsNext || column + width > columns {
            column = 0
            wrapsNext = false
            lineFeed()
        }
        cells[row][column] = String(scalar)
        styles[row][column] = style
        if width == 2 { cells[row][column + 1] = "" }
        column += width
        if column >= columns {
            column = columns - 1
            wrapsNext = true
        }
    }

    private mutating func lineFeed() {
        row += 1
        if row == rows {
            cells.removeFirst()
            styles.append(styles.removeFirst().map { _ in "" })
            cells.append(Array(repeating: " ", count: columns))
            row = rows - 1
        }
    }

    private mutating func move(toColumn target: Int) {
        column = min(max(0, target), columns - 1)
        wrapsNext = false
    }

    private mutating func move(toRow target: Int) {
        row = min(max(0, target), rows - 1)
        wrapsNext = false
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x300...0x36F, 0x200D, 0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0x1F300...0x1FAFF: 2
        default: 1
        }
    }
}
