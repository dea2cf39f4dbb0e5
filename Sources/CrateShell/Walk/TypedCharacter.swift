/// A character as it is typed out, with the escape sequences that stand before it.
struct TypedCharacter: Equatable {
    var sequences = ""
    /// `nil` for sequences at the end of a text.
    var character: Character?

    var text: String { sequences + (character.map { String($0) } ?? "") }
}

extension StringProtocol {
    var typed: [TypedCharacter] {
        var typed: [TypedCharacter] = []
        var sequences = ""
        var isEscape = false
        for character in self {
            if character == "\u{1B}" { isEscape = true }
            if isEscape {
                sequences.append(character)
                // Colours end so, and there are no others here.
                if character == "m" { isEscape = false }
            } else {
                typed.append(TypedCharacter(sequences: sequences, character: character))
                sequences = ""
            }
        }
        return sequences.isEmpty ? typed : typed + [TypedCharacter(sequences: sequences)]
    }
}
