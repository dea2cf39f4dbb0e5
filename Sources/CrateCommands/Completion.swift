import CrateLanguage
import OpenCrate

/// What may be typed at the end of a line.
extension Session {
    /// Candidates for the word that `line` ends in, sorted: files inside a text, members after a `.`, a command's named
    /// arguments, and else commands, functions, kinds, constants and variables.
    public func completions(of line: String) -> [String] {
        let word = String(line.reversed().prefix { $0 == "_" || $0.isLetter || $0.isNumber }.reversed())
        let before = line.dropLast(word.count)
        let candidates =
            if let text = openText(line) { fileNames(beginning: text) }
            else if before.last == "." { memberNames(of: before.dropLast()) }
            else { names + interpreter.globalNames + labels(line) }
        return Set(candidates).filter { $0.hasPrefix(word) }.sorted()
    }

    /// What stands behind a quote that is still open.
    private func openText(_ line: String) -> String? {
        var open: (quote: Character, start: String.Index)?
        var isEscaped = false
        for index in line.indices {
            let character = line[index]
            if isEscaped {
                isEscaped = false
            } else if let begun = open {
                if character == "\\", begun.quote == "\"" { isEscaped = true }
                if character == begun.quote { open = nil }
            } else if character == "\"" || character == "'" {
                open = (character, line.index(after: index))
            }
        }
        return open.map { String(line[$0.start...]) }
    }

    /// The last part of a path; earlier parts name the folder.
    private func fileNames(beginning text: String) -> [String] {
        let slash = text.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { $0 == text.startIndex ? "/" : String(text[..<$0]) } ?? "."
        let entries = (try? files.list(folder)) ?? []
        return entries.compactMap { entry in
            entry.path.pathParts().last.map { String($0) + (entry.isDirectory ? "/" : "") }
        }
    }

    /// Members of the variable, or of the constant `snapshot`, that `text` ends in.
    private func memberNames(of text: Substring) -> [String] {
        let name = String(text.reversed().prefix { $0 == "_" || $0.isLetter || $0.isNumber }.reversed())
        return (interpreter.global(named: name) ?? (try? constant(named: name)) ?? nil)?.memberNames ?? []
    }

    /// `tag:` and the like, of the command that the line begins with.
    private func labels(_ line: String) -> [String] {
        let first = line.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
        guard first.count < line.count, let command = verb(named: String(first)) else { return [] }
        return command.parameters.filter(\.isNamedOnly).map { $0.name + ":" }
    }
}
