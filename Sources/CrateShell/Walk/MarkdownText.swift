import CrateLanguage

/// Markdown in a terminal: wrapped to its width, with colour where there is one. Control characters in it are shown, not sent.
struct MarkdownText {
    let width: Int
    let showsColour: Bool
    let code: CodeColours

    func text(_ markdown: String) -> String {
        let blocks = Markdown(markdown.escapedForTerminal).blocks
        var lines: [String] = []
        for (index, block) in blocks.enumerated() {
            if index > 0, needsGap(blocks[index - 1], block) { lines.append("") }
            lines += self.lines(of: block)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Items of a list stand close together.
    private func needsGap(_ first: Markdown.Block, _ second: Markdown.Block) -> Bool {
        if case .item = first, case .item = second { false } else { true }
    }

    private func lines(of block: Markdown.Block) -> [String] {
        switch block {
        case .heading(let level, let text):
            return [dressed(text, level == 1 ? "1;4" : "1")]
        case .paragraph(let text): return wrapped(text)
        case .item(let mark, let depth, let text):
            let indent = String(repeating: "  ", count: depth + 1)
            return wrapped(text, first: indent + mark + " ", further: indent + String(repeating: " ", count: mark.count + 1))
        case .quote(let text): return wrapped(text, first: dressed("│ ", "90"), further: dressed("│ ", "90"))
        case .code(let lines, let isForeign):
            let text = lines.joined(separator: "\n")
            return CodeLines(margin: "    ", room: max(width - 4, 8)).lines(code.text(text, inColour: showsColour && !isForeign))
        case .rule: return [dressed(String(repeating: "─", count: min(width, 60)), "90")]
        }
    }

    private func dressed(_ text: String, _ codes: String) -> String { showsColour ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text }

    /// Words with their looks, in lines no longer than the width.
    private func wrapped(_ text: String, first: String = "", further: String = "") -> [String] {
        var lines = [first]
        var column = displayWidth(plain(first))
        var isAtStart = true
        for word in words(text) {
            let size = displayWidth(word.text)
            if !isAtStart, column + 1 + size > width {
                lines.append(further)
                column = displayWidth(plain(further))
                isAtStart = true
            }
            let gap = isAtStart || word.isGlued ? "" : " "
            lines[lines.count - 1] += gap + dressed(word)
            column += gap.count + size
            isAtStart = false
        }
        return lines
    }

    private struct Word { var text: String, style: Markdown.Span.Style, isGlued: Bool }

    private func words(_ text: String) -> [Word] {
        var words: [Word] = []
        var isGlued = true
        for span in Markdown.spans(text) {
            let shown = shown(span)
            if shown.first == " " { isGlued = false }
            // Code is kept in one piece, if it fits a line.
            for part in span.style == .code && displayWidth(shown) <= width ? [shown[...]] : shown.split(separator: " ") {
                words.append(Word(text: String(part), style: span.style, isGlued: isGlued))
                isGlued = false
            }
            isGlued = shown.last != " "
        }
        return words
    }

    /// A link with its target, code in backticks where it has no colour.
    private func shown(_ span: Markdown.Span) -> String {
        if let target = span.target, target != span.text { return "\(span.text) (\(target))" }
        return span.style == .code && !showsColour ? "`\(span.text)`" : span.text
    }

    private func dressed(_ word: Word) -> String {
        switch word.style {
        case .plain: word.text
        case .strong: showsColour ? dressed(word.text, "1") : word.text
        case .emphasis: showsColour ? dressed(word.text, "3") : word.text
        case .code: showsColour ? dressed(word.text, "36") : word.text
        }
    }

    /// Without escape sequences, which take no room.
    private func plain(_ text: String) -> String {
        var shown = ""
        var isEscape = false
        for character in text {
            if character == "\u{1B}" { isEscape = true } else if isEscape { isEscape = character != "m" } else { shown.append(character) }
        }
        return shown
    }
}
