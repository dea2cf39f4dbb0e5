import CrateValues
import Testing

@testable import CrateFormats

@Suite("Pictures, plots and sound in a terminal")
struct TerminalTests {
    private func image(_ shape: [Int], _ bytes: [UInt8]) throws -> Image {
        Image(pixels: try #require(Tensor(dtype: .uint8, shape: shape, bytes: Bytes(bytes))))
    }

    @Test func `two pixels share a character, and only changes of colour are written`() throws {
        let picture = try image([2, 3, 3], [255, 0, 0, 255, 0, 0, 0, 0, 255] + [0, 255, 0, 0, 255, 0, 0, 255, 0])
        let text = try TerminalPicture(picture, columns: 10, rows: 5).text(.blocks(isTrueColour: true))
        #expect(text == "\u{1B}[38;2;255;0;0;48;2;0;255;0m▀▀\u{1B}[38;2;0;0;255m▀\u{1B}[0m\n")
        let few = try TerminalPicture(picture, columns: 10, rows: 5).text(.blocks(isTrueColour: false))
        #expect(few == "\u{1B}[38;5;196;48;5;46m▀▀\u{1B}[38;5;21m▀\u{1B}[0m\n")
    }

    @Test func `transparent pixels and the row below the last show the background`() throws {
        let text = try TerminalPicture(try image([1, 2, 4], [9, 9, 9, 255, 1, 1, 1, 0]), columns: 4, rows: 4).text(.blocks(isTrueColour: true))
        #expect(text == "\u{1B}[38;2;9;9;9m▀ \u{1B}[0m\n")
        let lower = try TerminalPicture(try image([2, 1, 2], [1, 0, 7, 255]), columns: 4, rows: 4).text(.blocks(isTrueColour: true))
        #expect(lower == "\u{1B}[38;2;7;7;7m▄\u{1B}[0m\n")
    }

    @Test(arguments: [(1000, 10), (10, 1000), (3000, 2000), (1, 1)])
    func `pictures keep within their cells and their proportions`(width: Int, height: Int) throws {
        let picture = try image([height, width], [UInt8](repeating: 200, count: width * height))
        let lines = try TerminalPicture(picture, columns: 40, rows: 12).text(.blocks(isTrueColour: true)).split(separator: "\n")
        #expect(!lines.isEmpty && lines.count <= 12)
        #expect(lines.allSatisfy { line in line.count { "▀▄ ".contains($0) } <= 40 })
    }

    @Test func `kitty gets a PNG in pieces and is told not to answer`() throws {
        let noise = (0..<90 * 90 * 3).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 2_654_435_761) >> 13) }
        let text = try TerminalPicture(try image([90, 90, 3], noise), columns: 40, rows: 20).text(.kitty)
        let pieces = text.split(separator: "\u{1B}\\").filter { $0.hasPrefix("\u{1B}_G") }
        #expect(pieces.count > 1 && pieces[0].hasPrefix("\u{1B}_Ga=T,f=100,q=2,c=11,r=5,m=1;") && pieces.last?.hasPrefix("\u{1B}_Gm=0;") == true)
        let payloads = pieces.compactMap { $0.split(separator: ";", maxSplits: 1).last }
        #expect(payloads.dropLast().allSatisfy { $0.utf8.count == 4096 })
        let png = try #require(Base64.decode(payloads.joined()))
        #expect(try PNG.decode(Bytes(png)).pixels.bytes.array == noise)
    }

    @Test func `sixels name their colours and repeat runs`() throws {
        let text = try TerminalPicture(try image([7, 5, 3], [UInt8](repeating: 0, count: 105)), columns: 10, rows: 10).text(.sixel)
        #expect(text == "\u{1B}P0;1q\"1;1;5;7#0;2;0;0;0#0!5~-#0!5@-\u{1B}\\\n")
    }

    @Test func `a plot in characters can be read without colour`() throws {
        var plot = Plot(series: [Plot.Series(name: "up", x: [0, 1, 2], y: [0, 1, 2])])
        plot.title = "T\u{1B}[31m"
        let lines = PlotText(plot, columns: 40, rows: 10).text(showsColour: false).split(separator: "\n")
        #expect(lines.count == 10 - 1)
        #expect(lines[0].contains(#"T\x1b[31m"#) && lines[1].contains("━━ up"))
        #expect(lines.contains { $0.contains("2 ┤") } && lines.contains { $0.contains("└─") && $0.contains("┬") })
        // The line rises from the lower left to the upper right.
        let first = try #require(lines[2].firstIndex { $0 > "\u{2800}" && $0 < "\u{2900}" })
        #expect(lines[2].distance(from: lines[2].startIndex, to: first) > 30)
    }

    @Test(arguments: [Plot.Style.line, .points, .linePoints, .bars, .histogram])
    func `any values are drawn`(style: Plot.Style) {
        let values: [Double] = [.nan, 1e300, -1e300, 0, .infinity, 1e-300]
        let series = Plot.Series(x: [0, 1, 2, 3, 4, 5, 6], y: values, style: style)
        for given in [series, Plot.Series(x: [], y: [], style: style), Plot.Series(x: [1], y: [1], style: style)] {
            var plot = Plot(series: [given])
            #expect(!PlotText(plot, columns: 1, rows: 1).text(showsColour: true).isEmpty)
            (plot.xRange, plot.yRange) = (0...1e-300, 5...5)
            #expect(!PlotText(plot, columns: 200, rows: 60).text(showsColour: true).isEmpty)
        }
    }

    @Test func `sound is drawn between its least and greatest levels`() throws {
        let loud: [Int16] = [32767, -32768, 32767, -32768]
        let quiet: [Int16] = [0, 0, 0, 0]
        let bytes = Bytes((loud + quiet).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
        let clip = AudioClip(samples: try #require(Tensor(dtype: .int16, shape: [8], bytes: bytes)), sampleRate: 8000)
        let lines = Waveform.text(clip, columns: 2, rows: 2).split(separator: "\n")
        // Four samples fill the first character from top to bottom; silence is one row of dots in the middle.
        #expect(lines.map { $0.first } == ["⣿", "⣿"] && lines.map { $0.last }.sorted { ($0 ?? " ") < ($1 ?? " ") } == [" ", "⠉"])
        #expect(Waveform.text(AudioClip(samples: try #require(Tensor(dtype: .int16, shape: [0], bytes: Bytes([]))), sampleRate: 1), columns: 4, rows: 1) == "")
    }
}
