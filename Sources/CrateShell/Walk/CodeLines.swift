import CrateLanguage

/// Code behind a margin, in lines no longer than there is room. What is too long is broken behind a blank, and inside of a word only where
/// that has no room for itself.
struct CodeLines {
    /// As it is written, with its colour.
    let margin: String
    /// Columns behind the margin.
    let room: Int

    /// - Parameter code: with its colours.
    func lines(_ code: String) -> [String] {
        // What the margin of the next line would end.
        var colour = ""
        return broken(code).map { line in
            var text = margin + colour
            for typed in line {
                text += typed.text
                if !typed.sequences.isEmpty { colour = typed.sequences }
            }
            return text
        }
    }

    private func broken(_ code: String) -> [[TypedCharacter]] {
        var lines: [[TypedCharacter]] = [[]]
        var column = 0
        for typed in code.typed {
            if typed.character == "\n" {
                lines[lines.count - 1].append(TypedCharacter(sequences: typed.sequences))
                lines.append([])
                column = 0
                continue
            }
            if column + width(typed) > room, typed.character == " " {
                // It would only be seen as an indentation.
                lines.append([TypedCharacter(sequences: typed.sequences)])
                column = 0
                continue
            }
            if column + width(typed) > room {
                let word = lastWord(&lines[lines.count - 1])
                lines.append(word)
                column = word.reduce(0) { $0 + width($1) }
            }
            lines[lines.count - 1].append(typed)
            column += width(typed)
        }
        return lines
    }

    /// Takes what stands behind the last blank, and that blank; nothing where all before it is blank.
    private func lastWord(_ line: inout [TypedCharacter]) -> [TypedCharacter] {
        guard let blank = line.lastIndex(where: { $0.character == " " }), line[..<blank].contains(where: { $0.character != " " }) else { return [] }
        let word = Array(line[(blank + 1)...])
        line[blank...] = [TypedCharacter(sequences: line[blank].sequences)]
        return word
    }

    private func width(_ typed: TypedCharacter) -> Int { typed.character.map { displayWidth(String($0)) } ?? 0 }
}
