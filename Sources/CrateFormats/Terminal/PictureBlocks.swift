/// A picture in half blocks: each character cell shows two pixels, its upper half in the text's colour and its lower half in the
/// background's.
struct PictureBlocks {
    private let pixels: TerminalPixels
    private let isTrueColour: Bool

    init(_ pixels: TerminalPixels, isTrueColour: Bool) {
        self.pixels = pixels
        self.isTrueColour = isTrueColour
    }

    var text: String {
        var text = ""
        for row in stride(from: 0, to: pixels.height, by: 2) {
            var last = Cell(upper: nil, lower: nil)
            for column in 0..<pixels.width {
                let cell = Cell(upper: pixels.colour(column, row), lower: pixels.colour(column, row + 1))
                text += codes(from: last, to: cell) + cell.character
                last = cell
            }
            text += "\u{1B}[0m\n"
        }
        return text
    }

    private struct Cell {
        let upper: SIMD3<UInt8>?
        let lower: SIMD3<UInt8>?
        var character: String { upper != nil ? "▀" : lower != nil ? "▄" : " " }
        /// The text's colour; where only the lower half is shown, that one's.
        var front: SIMD3<UInt8>? { upper ?? lower }
        var back: SIMD3<UInt8>? { upper == nil ? nil : lower }
    }

    /// Only what changes, which keeps pictures small.
    private func codes(from last: Cell, to cell: Cell) -> String {
        var codes: [String] = []
        if let front = cell.front, front != last.front { codes.append("38;" + code(front)) }
        if cell.back != last.back { codes.append(cell.back.map { "48;" + code($0) } ?? "49") }
        return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
    }

    private func code(_ colour: SIMD3<UInt8>) -> String {
        isTrueColour ? "2;\(colour.x);\(colour.y);\(colour.z)" : "5;\(PictureBlocks.index(of: colour))"
    }

    /// The nearest of xterm's 6 × 6 × 6 colours and 24 greys.
    private static func index(of colour: SIMD3<UInt8>) -> Int {
        let (red, green, blue) = (Int(colour.x), Int(colour.y), Int(colour.z))
        if max(red, green, blue) - min(red, green, blue) < 8 {
            let level = (red + green + blue) / 3
            return level < 4 ? 16 : level > 246 ? 231 : 232 + min(23, max(0, (level - 3) / 10))
        }
        return 16 + 36 * step(red) + 6 * step(green) + step(blue)
    }

    /// The levels of the cube are 0, 95, 135, 175, 215 and 255.
    private static func step(_ level: Int) -> Int { level < 48 ? 0 : level < 115 ? 1 : min(5, (level - 35) / 40) }
}
