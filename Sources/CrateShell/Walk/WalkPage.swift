import CrateCommands
import CrateLanguage

/// The words of a walk on the terminal.
struct WalkPage {
    let lesson: Lesson
    let output: StandardOutput
    let code: CodeColours

    private var width: Int { min(output.width, 100) }
    private func dressed(_ text: String, _ codes: String) -> String { output.showsColour ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text }

    /// The number, name and place of a step, in one line across the window.
    func header(_ step: Int) {
        let title = lesson.steps[step].title.isEmpty ? lesson.title : lesson.steps[step].title
        let left = "── \(step + 1)/\(lesson.steps.count) \(title) "
        let right = title == lesson.title ? "" : " \(lesson.title) ──"
        let gap = max(width - displayWidth(left) - displayWidth(right), 2)
        output.show("\n" + dressed(left, "1;36") + dressed(String(repeating: "─", count: gap) + right, "90") + "\n\n")
    }

    func narration(_ text: String) {
        output.show(MarkdownText(width: width, showsColour: output.showsColour, code: code).text(text) + "\n")
    }

    /// A cell as text, each line with a bar so that code and output are told apart.
    func text(of cell: Lesson.Cell) -> String {
        let shown = cell.shown.map(String.init).joined(separator: "\n")
        let lines = (output.showsColour ? code.coloured(shown) : shown).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { dressed("▌ ", "34") + $0 + "\n" }.joined()
    }

    func note(_ text: String) { output.show(dressed(text, "90") + "\n") }
    func praise(_ text: String) { output.show(dressed("✓ " + text, "1;32") + "\n") }
    func complain(_ text: String) { output.show(dressed("✗ " + text, "31") + "\n") }
    func hint(_ text: String) { output.show(dressed("? ", "33") + text + "\n") }

    func failure(_ failure: Failure, isExpected: Bool) {
        output.show(failure.render(colour: output.showsColour) + "\n")
        if isExpected { note("(this error was meant to come)") }
    }

    /// All steps, those that are done, and where one is.
    func map(at step: Int, completed: Int) {
        for (index, item) in lesson.steps.enumerated() {
            let mark = index == step ? dressed("▸", "1;36") : index < completed ? dressed("✓", "32") : " "
            let title = item.title.isEmpty ? lesson.title : item.title
            let number = String(index + 1)
            let line = "\(mark) \(String(repeating: " ", count: 3 - min(number.count, 3)))\(number)  \(title)\(item.isExercise ? "  (exercise)" : "")"
            output.show((index == step ? dressed(line, "1") : line) + "\n")
        }
    }

    static let keys = "Enter run · b back · s skip · r again · j jump · m map · a autoplay · e explore · ? hint · q leave"
}
