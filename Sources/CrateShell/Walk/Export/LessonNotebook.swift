import CrateCommands
import CrateLanguage

/// A lesson as a Jupyter notebook. Facts: the schema of nbformat 4.5.
struct LessonNotebook {
    private let record: LessonRecord
    init(_ record: LessonRecord) { self.record = record }

    var text: String {
        var cells: [String] = []
        var executions = 0
        for step in record.lesson.steps {
            if !step.title.isEmpty { cells.append(markdown("## \(step.title)", cells.count)) }
            for part in step.parts {
                switch part {
                case .narration(let text): cells.append(markdown(text.trimmingNewlines, cells.count))
                case .code(let cell): append(cell, &cells, &executions)
                case .exercise(let exercise): for cell in exercise.solution { append(cell, &cells, &executions) }
                }
            }
        }
        return """
            {
             "cells": [
            \(cells.joined(separator: ",\n"))
             ],
             "metadata": {
              "kernelspec": {"display_name": "crate", "language": "crate", "name": "crate"},
              "language_info": {"file_extension": ".crate", "mimetype": "text/x-crate", "name": "crate"},
              "title": \(JSONText.quoted(record.lesson.title))
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """
    }

    private func markdown(_ text: String, _ number: Int) -> String {
        "  {\"cell_type\": \"markdown\", \"id\": \"cell-\(number)\", \"metadata\": {}, \"source\": \(lines(text))}"
    }

    private func append(_ cell: Lesson.Cell, _ cells: inout [String], _ executions: inout Int) {
        guard !cell.isBlank else { return }
        executions += 1
        let source = lines(cell.lines.joined(separator: "\n").trimmingNewlines)
        let outputs = outputs(of: cell).joined(separator: ", ")
        cells.append(
            "  {\"cell_type\": \"code\", \"execution_count\": \(executions), \"id\": \"cell-\(cells.count)\", \"metadata\": {}, \"outputs\": [\(outputs)], \"source\": \(source)}")
    }

    private func outputs(of cell: Lesson.Cell) -> [String] {
        let result = record.result(of: cell)
        var outputs = result.reported.isEmpty ? [] : [stream("stderr", result.reported)]
        outputs += result.pieces.map { piece in
            switch piece {
            case .text(let text): stream("stdout", text)
            case .attachment(let attachment): display(attachment)
            }
        }
        if let failure = result.failure {
            let traceback = failure.render(colour: false).split(separator: "\n").map { JSONText.quoted(String($0)) }.joined(separator: ", ")
            outputs.append(
                "{\"ename\": \(JSONText.quoted(failure.kind)), \"evalue\": \(JSONText.quoted(failure.message)), \"output_type\": \"error\", \"traceback\": [\(traceback)]}")
        }
        return outputs
    }

    private func display(_ attachment: Attachment) -> String {
        var (form, content) = (attachment.mediaType, attachment.base64)
        // Notebooks know no sound but that of a page.
        if form.hasPrefix("audio/") { (form, content) = ("text/html", "<audio controls src=\"data:\(form);base64,\(content)\"></audio>") }
        let data = "\(JSONText.quoted(form)): \(JSONText.quoted(content)), \"text/plain\": \(lines(attachment.description))"
        return "{\"data\": {\(data)}, \"metadata\": {}, \"output_type\": \"display_data\"}"
    }

    private func stream(_ name: String, _ text: String) -> String {
        "{\"name\": \"\(name)\", \"output_type\": \"stream\", \"text\": \(lines(text))}"
    }

    /// Notebooks keep texts as lists of lines with their line feeds, which makes differences easy to read.
    private func lines(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) + "\n" }
        if let last = lines.popLast(), last != "\n" { lines.append(String(last.dropLast())) }
        return "[" + lines.map { JSONText.quoted($0) }.joined(separator: ", ") + "]"
    }
}
