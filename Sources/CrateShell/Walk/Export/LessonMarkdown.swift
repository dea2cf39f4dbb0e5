import CrateCommands
import CrateLanguage

/// A lesson as Markdown, its pictures inside the file.
struct LessonMarkdown {
    private let record: LessonRecord
    init(_ record: LessonRecord) { self.record = record }

    var text: String {
        var parts = ["# \(record.lesson.title)"]
        for step in record.lesson.steps {
            if !step.title.isEmpty { parts.append("## \(step.title)") }
            for part in step.parts { parts += blocks(of: part) }
            if step.isExercise, !step.hints.isEmpty { parts.append(step.hints.map { "> Hint: \($0)" }.joined(separator: "\n>\n")) }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func blocks(of part: Lesson.Part) -> [String] {
        switch part {
        case .narration(let text):
            let rest = record.lesson.body(of: text)
            return rest.trimmingNewlines.isEmpty ? [] : [rest.trimmingNewlines]
        case .code(let cell): return blocks(of: cell)
        case .exercise(let exercise): return ["**Exercise.** One solution:"] + exercise.solution.flatMap { blocks(of: $0) }
        }
    }

    private func blocks(of cell: Lesson.Cell) -> [String] {
        var blocks: [String] = []
        if !cell.shown.isEmpty { blocks.append(fenced(cell.shown.joined(separator: "\n").trimmingNewlines, "crate")) }
        let result = record.result(of: cell)
        if !result.reported.isEmpty { blocks.append(fenced(result.reported.trimmingNewlines, "text")) }
        for piece in result.pieces {
            switch piece {
            case .text(let text): blocks.append(fenced(text.trimmingNewlines, "text"))
            case .attachment(let attachment): blocks.append(block(of: attachment))
            }
        }
        if let failure = result.failure { blocks.append(fenced(failure.render(colour: false), "text")) }
        return blocks
    }

    /// Markdown has pictures, and no sound.
    private func block(of attachment: Attachment) -> String {
        guard attachment.mediaType.hasPrefix("image/") else { return "*\(attachment.description)*" }
        return "![\(attachment.description)](data:\(attachment.mediaType);base64,\(attachment.base64))"
    }

    /// With a fence longer than any in the text.
    private func fenced(_ text: String, _ language: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\(language)\n\(text)\n\(fence)"
    }
}

extension String {
    /// Without empty lines at either end.
    var trimmingNewlines: String {
        let start = drop { $0 == "\n" }
        return String(start.reversed().drop { $0 == "\n" }.reversed())
    }
}
