/// Dots in braille characters, two across and four down in each, with a colour per character.
struct BrailleCanvas {
    /// In dots.
    let width: Int
    let height: Int
    private var dots: [UInt8]
    /// SGR codes of the last series that drew in a cell; empty for the terminal's own colour.
    private var colours: [String]
    private let columns: Int

    init(columns: Int, rows: Int) {
        self.columns = columns
        (width, height) = (columns * 2, rows * 4)
        dots = [UInt8](repeating: 0, count: columns * rows)
        colours = [String](repeating: "", count: columns * rows)
    }

    mutating func dot(_ x: Int, _ y: Int, colour: String = "") {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let cell = y / 4 * columns + x / 2
        // Braille dots are numbered down the left column, then down the right; the last row came later.
        dots[cell] |= y % 4 == 3 ? (x % 2 == 0 ? 0x40 : 0x80) : 1 << UInt8(y % 4 + 3 * (x % 2))
        colours[cell] = colour
    }

    /// A straight line of dots. Its ends are near enough to the canvas to be walked.
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), colour: String = "") {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
            let part = Double(step) / Double(steps)
            dot(
                start.x + Int((Double(end.x - start.x) * part).rounded()), start.y + Int((Double(end.y - start.y) * part).rounded()),
                colour: colour)
        }
    }

    /// One text per row of characters.
    func lines(showsColour: Bool) -> [String] {
        stride(from: 0, to: dots.count, by: max(columns, 1)).map { start in
            var text = ""
            var last = ""
            for cell in start..<start + columns {
                if showsColour, dots[cell] != 0, colours[cell] != last {
                    text += "\u{1B}[\(colours[cell].isEmpty ? "0" : colours[cell])m"
                    last = colours[cell]
                }
                text.unicodeScalars.append(dots[cell] == 0 ? " " : Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
            }
            return last.isEmpty ? text : text + "\u{1B}[0m"
        }
    }
}
