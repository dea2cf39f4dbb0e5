import CrateCommands
import CrateLanguage
import Glibc

let exportCommand = SessionCommand(
    name: ":export", operands: "FILE", summary: "the session as .crate, .md, .html or .ipynb"
) { console, text throws(WrongUse) in
    guard !text.isEmpty else { throw WrongUse(":export needs a file's name, which ends in .crate, .md, .html or .ipynb") }
    guard console.recording != nil else { throw WrongUse("a lesson is exported by crate walk --export") }
    guard !console.transcript.entries.isEmpty else { throw WrongUse("there is nothing to export yet") }
    let path = console.expanded(text)
    if access(path, F_OK) == 0, !console.exported.contains(path) { throw WrongUse("\(path) is there already; name another file, or remove it first") }
    let seed = console.session.hasDrawn ? console.session.seed : nil
    let page = SessionPage(console.transcript.entries, seed: seed) { console.session.verb(named: $0) != nil }
    guard let content = page.text(form: path.pathParts().last?.split(separator: ".").dropFirst().last.map(String.init) ?? "") else {
        throw WrongUse("\(path) ends in none of .crate, .md, .html and .ipynb")
    }
    do throws(Failure) { try console.session.replaceFile(path, with: content) } catch { throw WrongUse("can't write \(path): \(error.message)") }
    console.exported.insert(path)
    console.output.report("\(path): \(console.transcript.entries.count) statement\(console.transcript.entries.count == 1 ? "" : "s")\n")
    return .done
}

/// A session as a file to read, or to run again.
struct SessionPage {
    private let entries: [Transcript.Entry]
    private let seed: UInt64?
    private let isVerb: (String) -> Bool
    private static let title = "A session with crate"

    /// - Parameter seed: what the session's random draws began from; `nil` when there were none.
    init(_ entries: [Transcript.Entry], seed: UInt64?, isVerb: @escaping (String) -> Bool) {
        (self.entries, self.seed, self.isVerb) = (entries, seed, isVerb)
    }

    /// `nil` for a form that there is not.
    func text(form: String) -> String? {
        if form == "crate" { return script }
        guard form != LessonForm.cast.rawValue, let form = LessonForm(rawValue: form) else { return nil }
        return form.text(of: record)
    }

    /// Each statement is a cell of a lesson with one step.
    private var record: LessonRecord {
        var step = Lesson.Step(title: "", firstLine: 0)
        var lines: [String] = []
        var results: [Int: CellResult] = [:]
        for entry in entries {
            let own = entry.statement.text.split(separator: "\n", omittingEmptySubsequences: false)
            results[lines.count] = entry.result.withoutColours
            let range = lines.count..<lines.count + own.count
            step.parts.append(.code(.init(range: range, lines: own, expectedRange: range.upperBound..<range.upperBound)))
            lines += own.map(String.init)
        }
        let lesson = Lesson(name: SessionPage.title, title: SessionPage.title, lines: lines, steps: [step])
        return LessonRecord(lesson, results: results, isVerb: isVerb)
    }

    /// A script that is also a lesson: `crate walk --check` tells whether it still shows the same. What failed is left out as a comment,
    /// so that the script runs to its end.
    private var script: String {
        var parts = ["# %% \(SessionPage.title)" + (seed.map { "\n#!seed \($0)" } ?? "")]
        for entry in entries {
            let lines = entry.statement.text.split(separator: "\n", omittingEmptySubsequences: false)
            if let failure = entry.result.failure {
                parts.append((lines.map { "# \($0)" } + ["#   failed: \(failure.message.replacing("\n", with: " "))"]).joined(separator: "\n"))
                continue
            }
            let result = entry.result.withoutColours
            let expected = entry.isWhole && result.attachments.isEmpty ? result.lines.map { $0.isEmpty ? "#=" : "#= \($0)" } : []
            parts.append((lines.map(String.init) + expected).joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }
}

extension CellResult {
    /// Without what only a terminal understands; drawn pictures are there as attachments.
    var withoutColours: CellResult { mapTexts(CellResult.plain) }

    private static func plain(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return text }
        var plain = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1B}" else {
                plain.unicodeScalars.append(scalar)
                continue
            }
            // A sequence ends with a letter; kitty's and sixel's pictures end with ESC \.
            if rest.popFirst() == "[" { rest = rest.drop { !("\u{40}"..."\u{7E}" ~= $0) }.dropFirst() } else {
                rest = rest.drop { $0 != "\u{1B}" }.dropFirst(2)
            }
        }
        return plain
    }
}
