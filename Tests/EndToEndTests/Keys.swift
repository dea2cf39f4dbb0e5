/// What keys send.
enum Keys {
    static let up = "\u{1B}[A"
    static let down = "\u{1B}[B"
    static let right = "\u{1B}[C"
    static let left = "\u{1B}[D"
    static let home = "\u{1B}[H"
    static let end = "\u{1B}[F"
    static let backspace = "\u{7F}"
    static let enter = "\r"
    static let altEnter = "\u{1B}\r"
    static let tab = "\t"
    static let backTab = "\u{1B}[Z"
    static let interrupt = "\u{3}"
    static let leave = "\u{4}"

    static func control(_ letter: Character) -> String { String(Character(Unicode.Scalar((letter.asciiValue ?? 0x40) & 0x1F))) }
    static func alt(_ key: String) -> String { "\u{1B}" + key }
    static func paste(_ text: String) -> String { "\u{1B}[200~" + text + "\u{1B}[201~" }
}
