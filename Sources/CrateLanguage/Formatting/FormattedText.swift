/// Lines as text.
struct FormattedText {
    let source: Source
    let atoms: [Atom]
    let lines: [Line]

    var text: String {
        let gaps = commentGaps
        var text = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? "\u{FEFF}" : ""
        for (index, line) in lines.enumerated() {
            for comment in line.comments {
                if comment.hasBlankBefore, !text.isEmpty, !beginsBlock(index, comment) { text += "\n" }
                text += spaces(line.commentIndentation) + words(comment) + "\n"
            }
            if isEnd(line) { continue }
            if line.hasBlankBefore, !text.isEmpty { text += "\n" }
            text += spaces(line.indentation) + code(line)
            if let comment = trailing(line) { text += spaces(gaps[index] ?? Formatter.step) + words(comment) }
            text += "\n"
        }
        return text
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    private func isEnd(_ line: Line) -> Bool { if case .end = atoms[line.atoms.lowerBound].role { true } else { false } }

    /// No blank line follows an opening bracket.
    private func beginsBlock(_ index: Int, _ comment: Atom.Comment) -> Bool {
        guard index > 0, comment.span.start == lines[index].comments.first?.span.start else { return false }
        return atoms[lines[index - 1].atoms.upperBound - 1].isOpen
    }

    private func code(_ line: Line) -> String {
        var text = ""
        for index in line.atoms {
            if index > line.atoms.lowerBound, hasSpace(between: atoms[index - 1], and: atoms[index]) { text += " " }
            text += atoms[index].text
        }
        return text
    }

    private func words(_ comment: Atom.Comment) -> String {
        source.text(comment.span)
    }

    private func trailing(_ line: Line) -> Atom.Comment? { atoms[line.atoms.upperBound - 1].trailing }

    // MARK: comments in columns

    /// Comments of neighbouring lines that stood below each other do so again; others stand two spaces behind their line.
    private var commentGaps: [Int: Int] {
        var gaps: [Int: Int] = [:]
        var start = 0
        while start < lines.count {
            var end = start + 1
            if let column = commentColumn(lines[start]) {
                while end < lines.count, lines[end].comments.isEmpty, !lines[end].hasBlankBefore, commentColumn(lines[end]) == column { end += 1 }
                let widths = lines[start..<end].map { $0.indentation + displayWidth(code($0).split(separator: "\n").last ?? "") }
                let widest = widths.max() ?? 0
                for (index, width) in zip(start..<end, widths) { gaps[index] = widest - width + Formatter.step }
            }
            start = end
        }
        return gaps
    }

    /// Where the line's comment stood.
    private func commentColumn(_ line: Line) -> Int? {
        guard let comment = trailing(line) else { return nil }
        return displayWidth(source.text(Span(source.lineRange(at: comment.span.start).lowerBound, comment.span.start)))
    }
}
