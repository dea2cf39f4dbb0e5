import CrateCommands
import CrateLanguage

/// A lesson as a recording of a terminal, for asciinema's player. Facts: the asciicast format, version 2.
struct LessonCast {
    private let record: LessonRecord
    fileprivate static let width = 100
    fileprivate static let height = 30
    /// Seconds: for a character that is typed, before something is run, and for a word that is read.
    private static let typing = 0.035
    private static let pause = 0.6
    private static let reading = 0.18

    init(_ record: LessonRecord) { self.record = record }

    var text: String {
        var events = Events()
        let code = CodeColours(isVerb: record.isVerb)
        let markdown = MarkdownText(width: LessonCast.width, showsColour: true, code: code)
        for (index, step) in record.lesson.steps.enumerated() {
            events.show("\u{1B}[1;36m── \(index + 1)/\(record.lesson.steps.count) \(record.lesson.title(of: index).escapedForLine)\u{1B}[0m\n\n", after: LessonCast.pause)
            for part in step.parts {
                switch part {
                case .narration(let text):
                    events.show(markdown.text(record.lesson.body(of: text)) + "\n", after: LessonCast.pause)
                    events.wait(Double(text.split(separator: " ").count) * LessonCast.reading)
                case .code(let cell): add(cell, code, to: &events)
                case .exercise(let exercise): for cell in exercise.solution { add(cell, code, to: &events) }
                }
            }
        }
        let header =
            "{\"version\": 2, \"width\": \(LessonCast.width), \"height\": \(LessonCast.height), \"title\": \(JSONText.quoted(record.lesson.title)), \"env\": {\"TERM\": \"xterm-256color\"}}"
        return ([header] + events.lines).joined(separator: "\n") + "\n"
    }

    private func add(_ cell: Lesson.Cell, _ code: CodeColours, to events: inout Events) {
        for line in code.coloured(cell.shown.joined(separator: "\n").trimmingNewlines).split(separator: "\n", omittingEmptySubsequences: false) {
            events.show("\u{1B}[34m▌\u{1B}[0m ", after: 0)
            for key in line.typed { events.show(key.text, after: LessonCast.typing) }
            events.show("\n", after: 0)
        }
        events.wait(LessonCast.pause)
        let result = record.result(of: cell)
        let failure = result.failure.map { $0.render(colour: true) + "\n" } ?? ""
        let words = (result.reported + result.shown + failure).split { $0.isWhitespace }
        events.show(result.reported + result.shown + failure + "\n", after: 0.1)
        events.wait(Double(min(words.count, 60)) * LessonCast.reading / 2)
    }

    private struct Events {
        private(set) var lines: [String] = []
        private var time = 0.0

        mutating func wait(_ seconds: Double) { time += seconds }

        mutating func show(_ text: String, after seconds: Double) {
            time += seconds
            let thousandths = String(Int((time * 1000).rounded()))
            let padded = String(repeating: "0", count: max(4 - thousandths.count, 0)) + thousandths
            lines.append("[\(padded.dropLast(3)).\(padded.suffix(3)), \"o\", \(JSONText.quoted(text.replacing("\n", with: "\r\n")))]")
        }
    }
}

/// The terminal that a recording shows: nobody sits at it.
final class RecordedTerminal: Output {
    let width = LessonCast.width
    let height = LessonCast.height
    let showsColour = true
    let reportsColour = true
    let graphics = Graphics.blocks(isTrueColour: true)
    func show(_ text: String) {}
    func report(_ text: String) {}
}
