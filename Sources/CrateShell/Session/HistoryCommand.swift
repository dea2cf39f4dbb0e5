import CrateCommands
import CrateLanguage

let historyCommand = SessionCommand(
    name: ":history", operands: "[n | /pattern/]",
    summary: "this session's statements; the last n; those that match"
) { console, text throws(WrongUse) in
    let own = console.transcript.entries.filter { $0.statement.file == nil }
    let ownLines = own.map { Line(mark: "\($0.number)", text: $0.statement.text) }
    if text.isEmpty {
        console.show(ownLines, orElse: "Nothing was run yet; :history 20 shows what earlier sessions ran.")
        return .done
    }
    let all = earlier(console, before: own.map(\.statement.text)) + ownLines
    if let pattern = text.pattern {
        guard let expression = try? Regex(pattern) else { throw WrongUse("/\(pattern)/ is no regular expression") }
        console.show(all.filter { $0.text.contains(expression) }, orElse: "No statement matches.")
    } else {
        console.show(all.suffix(try console.number(text)), orElse: "Nothing was run yet.")
    }
    return .done
}

private struct Line {
    /// The number of a statement of this session.
    let mark: String
    let text: String
}

/// What the history has of earlier sessions, and of others that run beside this one.
private func earlier(_ console: Console, before own: [String]) -> [Line] {
    var rest = console.history()
    // This session's stand at the end unless another one writes, too: each goes once, from the end.
    for text in own.reversed() { if let place = rest.lastIndex(of: text) { rest.remove(at: place) } }
    return rest.map { Line(mark: "", text: $0) }
}

extension Console {
    fileprivate func show(_ lines: some Collection<Line>, orElse note: String) {
        if lines.isEmpty { return output.show(note + "\n") }
        output.showWhole(lines.map { line in
            let mark = String(repeating: " ", count: max(0, 5 - line.mark.count)) + line.mark
            return "\(dim(mark))  \(line.text.replacing("\n", with: "\n       "))\n"
        }.joined())
    }
}

extension String {
    /// What stands between slashes.
    fileprivate var pattern: String? {
        guard count > 2, hasPrefix("/"), hasSuffix("/") else { return nil }
        return String(dropFirst().dropLast())
    }
}
