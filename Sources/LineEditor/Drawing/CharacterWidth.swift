import CEdit
import Glibc

/// How many columns characters take.
enum CharacterWidth {
    /// Columns of a whole character, as most terminals draw it.
    static func of(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if first.isASCII, scalars.count == 1 { return 1 }
        _ = knowsCharacters
        let widths = scalars.map { Int(crate_edit_width(wchar_t($0.value))) }
        // Parts joined to one picture, or a picture made of a plain sign.
        if scalars.contains(where: { $0 == "\u{FE0F}" }) { return 2 }
        if scalars.contains(where: isJoiner) { return widths.max() ?? 0 }
        return widths.reduce(0, +)
    }

    /// Columns that it takes on a terminal which draws its parts one by one.
    static func ofParts(_ character: Character) -> Int {
        guard isUncertain(character) else { return of(character) }
        return max(of(character), character.unicodeScalars.reduce(0) { $0 + Int(crate_edit_width(wchar_t($1.value))) })
    }

    private static let knowsCharacters: Void = crate_edit_know_characters()

    static func of(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + of($1) } }

    /// Whether terminals differ in the width of the character: what follows it is put in its column, not just behind it.
    static func isUncertain(_ character: Character) -> Bool {
        character.unicodeScalars.dropFirst().contains { $0 == "\u{FE0F}" || isJoiner($0) || (0x1F1E6...0x1F1FF).contains($0.value) }
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200D}" || (0x1F3FB...0x1F3FF).contains(scalar.value) }

    /// As much of `text` as fits, with `…` where something is missing.
    static func clipped(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var width = 0
        let kept = text.prefix { character in
            width += of(character)
            return width < columns
        }
        return columns > 0 ? kept + "…" : ""
    }

    static func padded(_ text: String, to columns: Int) -> String { text + String(repeating: " ", count: max(0, columns - of(text))) }
}
