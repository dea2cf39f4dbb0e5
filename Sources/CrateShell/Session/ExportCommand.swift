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
    if let folder = path.missingFolder { throw WrongUse("there is no folder \(folder); make it first, or name another file") }
    let seed = console.session.hasDrawn ? console.session.seed : nil
    let entries = console.transcript.entries
    let form = path.pathParts().last?.split(separator: ".").dropFirst().last.map(String.init) ?? ""
    let script = form == "crate" ? ExportedScript(entries, title: SessionPage.title, seed: seed, session: console.session) : nil
    guard let content = script?.text ?? SessionPage(entries, isVerb: { console.session.verb(named: $0) != nil }).text(form: form) else {
        throw WrongUse("\(path) ends in none of .crate, .md, .html and .ipynb")
    }
    do throws(Failure) { try console.session.replaceFile(path, with: content) } catch { throw WrongUse("can't write \(path): \(error.message)") }
    console.exported.insert(path)
    console.output.report("\(path): \(entries.count) statement\(entries.count == 1 ? "" : "s")\n")
    for (number, reason) in script?.leftOut ?? [] { console.output.report("  In [\(number)] is a comment: \(reason)\n") }
    return .done
}

/// A session as a file to read.
struct SessionPage {
    private let entries: [Transcript.Entry]
    private let isVerb: (String) -> Bool
    static let title = "A session with crate"

    init(_ entries: [Transcript.Entry], isVerb: @escaping (String) -> Bool) { (self.entries, self.isVerb) = (entries, isVerb) }

    /// `nil` for a form that there is not.
    func text(form: String) -> String? {
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
}

extension String {
    /// The folder of a path that is not there; `nil` when it is.
    fileprivate var missingFolder: String? {
        guard let slash = lastIndex(of: "/"), slash > startIndex else { return nil }
        let folder = String(self[..<slash])
        var status = stat()
        return stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? nil : folder
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
