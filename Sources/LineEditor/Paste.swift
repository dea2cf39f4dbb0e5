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

/// Takes off `In [3]: ` and the `...: ` of continued lines when the text begins with a prompt.
private func withoutPrompts(_ text: String) -> String {
    guard firstPromptLength(text[...]) != nil else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let length = firstPromptLength(line) ?? continuationPromptLength(line) ?? 0
        return line.dropFirst(length)
    }
    return lines.joined(separator: "\n")
}

private func firstPromptLength(_ line: Substring) -> Int? {
    guard line.hasPrefix("In [") else { return nil }
    let digits = line.dropFirst(4).prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, line.dropFirst(4 + digits.count).hasPrefix("]: ") else { return nil }
    return 4 + digits.count + 3
}

private func continuationPromptLength(_ line: Substring) -> Int? {
    let indent = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(indent)
    if rest.hasPrefix("...: ") { return indent + 5 }
    return rest == "...:" ? indent + 4 : nil
}
