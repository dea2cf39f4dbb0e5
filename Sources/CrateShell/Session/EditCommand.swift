import CrateCommands
import CrateLanguage
import Glibc

let editCommand = SessionCommand(
    name: ":edit", operands: "[n | STATEMENT]", summary: "write a statement in $VISUAL or $EDITOR, and run it",
    takesStatement: true
) { console, text throws(WrongUse) in
    let draft = try console.draft(text)
    guard let edited = try console.edited(draft), !edited.allSatisfy(\.isWhitespace) else {
        console.output.report("Nothing to run.\n")
        return .done
    }
    // As if it had been typed.
    console.output.show(edited.split(separator: "\n", omittingEmptySubsequences: false).map { console.dim("  \($0)") + "\n" }.joined())
    return .run(Statement(text: edited))
}

extension Console {
    fileprivate func draft(_ text: String) throws(WrongUse) -> String {
        let typed = transcript.entries.filter { $0.statement.file == nil }
        if text.isEmpty { return typed.last?.statement.text ?? "" }
        guard let number = Int(text) else { return text }
        if let entry = typed.last(where: { $0.number == number }) { return entry.statement.text }
        throw WrongUse("there is no statement \(number) in this session; :history lists them")
    }

    /// What the editor has made of `text`; `nil` when it ended with an error.
    fileprivate func edited(_ text: String) throws(WrongUse) -> String? {
        let environment = session.configuration.environment
        let editor = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "vi"
        try refuseInSandbox("an editor")
        let folder = try LessonFolder()
        let path = folder.path + "/statement.crate"
        do throws(Failure) { try Session(configuration: .init(workingDirectory: folder.path, environment: [:]), output: output).replaceFile(path, with: text + "\n") } catch { throw WrongUse(error.message) }
        output.flush()
        let status = programs.run("\(editor) \"$1\"", [path])
        if status == 127 { throw WrongUse("can't start the editor `\(editor)`; set VISUAL or EDITOR") }
        guard status == 0 else { throw WrongUse("the editor ended with status \(status); nothing was run") }
        let source = try readSource(.file(path))
        return source.part(0..<source.bytes.count).trimmingNewlines
    }
}
