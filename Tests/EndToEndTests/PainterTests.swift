import Testing

@testable import LineEditor

@Suite("Painting of frames")
struct PainterTests {
    /// A screen that a painter writes to.
    private final class Canvas {
        var screen: Screen
        let reflows: Bool
        lazy var painter = Painter(reflows: reflows) { [unowned self] in screen.feed($0.utf8) }

        init(columns: Int = 20, rows: Int = 8, reflows: Bool = false) {
            screen = Screen(columns: columns, rows: rows)
            self.reflows = reflows
        }
    }

    private let prompt = Prompt("> ", continuation: ". ", colour: "32")

    private func frame(_ text: String, cursor: Int, columns: Int = 20) -> Frame {
        TextLayout.frame(text, cursor: cursor, prompt: prompt, columns: columns, height: 99, styles: [StyledRange(0..<text.utf8.count / 2, "35")])
    }

    private func lines(_ frame: Frame) -> [String] {
        var lines = frame.rows.map { row in
            // The screen is one that draws a colour of skin by itself, which is wiped out.
            var text = String(row.cells.map { $0.character == "👍🏽" ? "👍" : $0.character })
            while text.last == " " { text.removeLast() }
            return text
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func theScreenAlwaysShowsTheLastFrame(seed: UInt64) {
        var random = Numbers(state: seed)
        let canvas = Canvas()
        canvas.screen.feed("above\r\n".utf8)
        canvas.painter.begin(columns: 20)
        let pieces = ["a", "bc", "漢", "é", "e\u{301}", " ", "\n", "\t", "0123456789", "🙂", "👍🏽"]
        for _ in 0..<200 {
            let count = Int(random.next() % 12)
            let parts = (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
            let before = parts.prefix(Int(random.next() % UInt64(count + 1))).joined()
            var frame = frame(parts.joined(), cursor: before.utf8.count)
            frame.clip(to: 8)
            canvas.painter.paint(frame)
            let shown = canvas.screen.lines
            #expect(Array(shown.suffix(lines(frame).count)) == lines(frame))
            #expect(canvas.screen.column == frame.cursor.column)
            #expect(frame.rows.count == 8 || shown.count <= lines(frame).count + 1)
        }
    }

    @Test func outputWithoutANewlineStays() {
        let canvas = Canvas()
        canvas.screen.feed("half a line".utf8)
        canvas.painter.begin(columns: 20)
        canvas.painter.paint(frame("x", cursor: 1))
        #expect(canvas.screen.lines == ["half a line⏎", "> x"])
        canvas.painter.finish(frame("x", cursor: 0))
        canvas.painter.begin(columns: 20)
        canvas.painter.paint(frame("y", cursor: 1))
        #expect(canvas.screen.lines == ["half a line⏎", "> x", "> y"])
    }

    @Test func aFullRowOfOutputNeedsNoMark() {
        let canvas = Canvas()
        canvas.screen.feed((String(repeating: "x", count: 20) + "\r\n").utf8)
        canvas.painter.begin(columns: 20)
        canvas.painter.paint(frame("y", cursor: 1))
        #expect(canvas.screen.lines == [String(repeating: "x", count: 20), "> y"])
    }

    @Test func onlyWhatDiffersIsWritten() {
        let canvas = Canvas()
        canvas.painter.begin(columns: 20)
        canvas.painter.paint(frame("abcdef", cursor: 6))
        let before = canvas.screen.received.count
        canvas.painter.paint(frame("abcdef", cursor: 5))
        #expect(canvas.screen.received.count - before == "\u{1B}[1D".count)
    }

    /// Terminals that break rows anew do so where the editor did not: what stays on the screen is one line for them.
    @Test func aFinishedLineIsOneLineForTheTerminal() {
        let canvas = Canvas()
        canvas.painter.begin(columns: 20)
        let text = String(repeating: "abc", count: 12)
        canvas.painter.paint(frame(text, cursor: 36))
        let before = canvas.screen.received.count
        canvas.painter.finish(frame(text, cursor: 0))
        let written = String(canvas.screen.received.dropFirst(before))
        #expect(!written.dropLast(2).contains("\n"))
        #expect(canvas.screen.lines == ["> abcabcabcabcabcabc", "abcabcabcabcabcabc"])
    }

    @Test(arguments: [false, true])
    func aNarrowerWindowLosesNothingAbove(reflows: Bool) {
        let canvas = Canvas(columns: 20, rows: 8, reflows: reflows)
        canvas.screen.feed("above\r\n".utf8)
        canvas.painter.begin(columns: 20)
        let text = "0123456789012345\n01234567890123456789\n012"
        canvas.painter.paint(frame(text, cursor: 40))
        canvas.screen.resize(columns: 12, rows: 8, reflows: reflows)
        canvas.painter.resize(to: Window(columns: 12, rows: 8))
        canvas.painter.paint(frame(text, cursor: 40, columns: 12))
        #expect(canvas.screen.lines == ["above", "> 0123456789", "012345", ". 0123456789", "0123456789", ". 012"])
    }

    /// The same each time.
    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
