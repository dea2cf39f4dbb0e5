/// Text that was pasted, made fit for the line: newlines as `\n`, no control characters but tabs, and the prompts of a
/// copied session taken off.
func cleanedPaste(_ raw: String) -> String {
    var scalars = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in raw.unicodeScalars {
        switch scalar {
        case "\r": scalars.append("\n")
        case "\n": if previous != "\r" { scalars.append("\n") }
        case "\t": scalars.append(scalar)
        case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}": break
        default: scalars.append(scalar)
        }
        previous = scalar
    }
    return withoutPrompts(String(scalars))
}

/// Statements alone when the text begins with a prompt: `In [3]: ` with `   ...: `, or `>>> ` with `... `. What a statement showed goes with the
/// prompts, so that a copied piece of a session runs again.
private func withoutPrompts(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), let style = PromptStyle.allCases.first(where: { $0.first(first) != nil }) else { return text }
    var kept: [Substring] = []
    var isInStatement = false
    for line in lines {
        if let statement = style.first(line) {
            kept.append(statement)
            isInStatement = true
        } else if isInStatement, let further = style.further(line) {
            kept.append(further)
        } else {
            isInStatement = false
        }
    }
    return kept.joined(separator: "\n")
}

/// How a shell marks the lines that were typed. Both answer what stands behind the mark, if it is there.
private enum PromptStyle: CaseIterable {
    case numbered, plain

    func first(_ line: Substring) -> Substring? {
        switch self {
        case .plain: return behind(">>>", line)
        case .numbered:
            guard line.hasPrefix("In [") else { return nil }
            let rest = line.dropFirst(4)
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            return digits.isEmpty ? nil : behind("]:", rest.dropFirst(digits.count))
        }
    }

    func further(_ line: Substring) -> Substring? {
        switch self {
        case .plain: behind("...", line)
        case .numbered: behind("...:", line.drop { $0 == " " })
        }
    }

    /// The mark stands alone in its line, or a blank follows.
    private func behind(_ mark: String, _ line: Substring) -> Substring? {
        guard line.hasPrefix(mark) else { return nil }
        let rest = line.dropFirst(mark.count)
        return rest.isEmpty ? rest : rest.first == " " ? rest.dropFirst() : nil
    }
}
