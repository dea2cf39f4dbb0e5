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
        let title = lesson.title(of: step)
        let left = cut("── \(step + 1)/\(lesson.steps.count) \(title.escapedForLine) ")
        var right = title == lesson.title ? "" : " \(lesson.title.escapedForLine) ──"
        if displayWidth(left) + displayWidth(right) + 2 > width { right = "" }
        let gap = max(width - displayWidth(left) - displayWidth(right), 0)
        output.show(dressed(left, "1;36") + dressed(String(repeating: "─", count: gap) + right, "90") + "\n\n")
    }

    /// As much of a line as the window has room for.
    private func cut(_ line: String) -> String {
        guard displayWidth(line) > width else { return line }
        var kept = line
        while !kept.isEmpty, displayWidth(kept) > width - 2 { kept.removeLast() }
        return kept + "… "
    }

    func narration(_ text: String) {
        let body = lesson.body(of: text)
        output.show(MarkdownText(width: width, showsColour: output.showsColour, code: code).text(body) + "\n")
    }

    /// A cell as text, each line with a bar so that code and output are told apart, and long ones wrapped behind it.
    func text(of cell: Lesson.Cell) -> String { text(ofCode: cell.shown.map(String.init).joined(separator: "\n")) }

    func text(ofCode shown: String) -> String {
        let lines = CodeLines(margin: dressed("▌ ", "34"), room: max(output.width, 10) - 2)
        return lines.lines(code.text(shown, inColour: output.showsColour)).map { $0 + "\n" }.joined()
    }

    func note(_ text: String) {
        for line in folded(text.escapedForTerminal) { output.show(dressed(line, "90") + "\n") }
    }

    private func folded(_ text: String) -> [String] {
        text.split(separator: " ").reduce(into: [""]) { lines, word in
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if displayWidth(last) + 1 + displayWidth(word) <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
    }

    func praise(_ text: String) { output.show(dressed("✓ " + text.escapedForTerminal, "1;32") + "\n") }
    func complain(_ text: String) { output.show(dressed("✗ " + text.escapedForTerminal, "31") + "\n") }
    func hint(_ text: String) {
        let lines = MarkdownText(width: width - 2, showsColour: output.showsColour, code: code).text(text).split(separator: "\n")
        for (index, line) in lines.enumerated() { output.show((index == 0 ? dressed("? ", "33") : "  ") + line + "\n") }
    }

    func failure(_ failure: Failure, isExpected: Bool) {
        output.show(failure.render(colour: output.showsColour, width: output.width) + "\n")
        note(isExpected ? "This error was meant to come." : "This error was not meant to come.")
    }

    /// All steps, those that are done, and where one is.
    func map(at step: Int, completed: Int) {
        output.show("\n")
        for (index, item) in lesson.steps.enumerated() {
            let mark = index == step ? "▸" : index < completed ? "✓" : " "
            let number = String(index + 1)
            let line = cut("\(mark) \(String(repeating: " ", count: 3 - min(number.count, 3)))\(number)  \(lesson.title(of: index).escapedForLine)\(item.isExercise ? "  (exercise)" : "")")
            output.show((index == step ? dressed(line, "1;36") : index < completed ? dressed(line, "32") : line) + "\n")
        }
        output.show("\n")
    }

    // MARK: the line of keys

    private static let keys = [
        ("Enter", "run"), ("b", "back"), ("s", "skip"), ("q", "leave"), ("r", "again"), ("j", "jump"), ("m", "map"), ("e", "try out"), ("a", "play"),
    ]

    /// What can be pressed, as much of it as one line holds.
    func keys(hasHints: Bool, enter: String) -> String {
        var keys = Self.keys
        keys[0].1 = enter
        if hasHints { keys.insert(("?", "hint"), at: 1) }
        var length = 0
        return keys.prefix { key, word in
            length += key.count + word.count + 3
            return length <= output.width + 1
        }.map { dressed($0, "1") + " " + dressed($1, "90") }.joined(separator: "  ")
    }

    /// Where there is no way to take a line back, it stays.
    func clearKeys() { output.show(output.showsColour ? "\r\u{1B}[J" : "\n") }
}
