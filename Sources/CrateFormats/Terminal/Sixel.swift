/// DEC's sixel graphics: bands of six rows, for each band the columns of one colour after the other. Facts: VT330/VT340 programmer
/// reference manual, chapter 14.
enum Sixel {
    static func text(_ pixels: TerminalPixels) -> String {
        let colours = GIFColors(packed(pixels))
        // 0;1: pixels that are not drawn keep the background.
        var text: [UInt8] = Array("\u{1B}P0;1q\"1;1;\(pixels.width);\(pixels.height)".utf8)
        for (number, colour) in colours.colors.enumerated() where colour != GIFColors.transparent {
            let parts = [colour & 255, colour >> 8 & 255, colour >> 16 & 255].map { "\(($0 * 100 + 127) / 255)" }
            text += "#\(number);2;\(parts.joined(separator: ";"))".utf8
        }
        for top in stride(from: 0, to: pixels.height, by: 6) {
            appendBand(top..<min(top + 6, pixels.height), pixels.width, colours, to: &text)
            text.append(UInt8(ascii: "-"))
        }
        return String(decoding: text, as: UTF8.self) + "\u{1B}\\"
    }

    private static func packed(_ pixels: TerminalPixels) -> [UInt32] {
        (0..<pixels.height).flatMap { y in
            (0..<pixels.width).map { x in
                pixels.colour(x, y).map { UInt32($0.x) | UInt32($0.y) << 8 | UInt32($0.z) << 16 | 0xFF00_0000 } ?? GIFColors.transparent
            }
        }
    }

    private static func appendBand(_ rows: Range<Int>, _ width: Int, _ colours: GIFColors, to text: inout [UInt8]) {
        let transparent = colours.transparentIndex
        let indexes = colours.indexes[(rows.lowerBound * width)..<(rows.upperBound * width)]
        var isFirst = true
        for number in Set(indexes).sorted() where Int(number) != transparent {
            if !isFirst { text.append(UInt8(ascii: "$")) }
            isFirst = false
            text += "#\(number)".utf8
            var run = Run()
            for column in 0..<width {
                var bits: UInt8 = 0
                for row in rows where colours.indexes[row * width + column] == number { bits |= 1 << UInt8(row - rows.lowerBound) }
                run.add(bits + 63, to: &text)
            }
            run.end(&text)
        }
    }

    /// Equal characters one after the other, as `!COUNT`.
    private struct Run {
        private var character: UInt8 = 0
        private var count = 0

        mutating func add(_ next: UInt8, to text: inout [UInt8]) {
            if next == character, count > 0 { count += 1; return }
            end(&text)
            (character, count) = (next, 1)
        }

        mutating func end(_ text: inout [UInt8]) {
            if count > 3 { text += "!\(count)".utf8; text.append(character) } else { text += [UInt8](repeating: character, count: count) }
            count = 0
        }
    }
}
