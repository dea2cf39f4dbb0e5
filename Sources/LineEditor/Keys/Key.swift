/// A key that terminals send as an escape sequence, decoded from its parts so that one never seen before is ignored
/// instead of being typed into the line.
enum Key: Equatable {
    case up, down, left, right, home, end, delete
    case wordLeft, wordRight
    case backTab
    /// Enter with Alt or Shift, from terminals that tell it apart.
    case newLine
    case killWord
    case pasteStart, pasteEnd
    case unknown

    /// `ESC [ parameters final` (ECMA-48, with xterm's modifiers) or `ESC O final`.
    init(parameters: String, final: Unicode.Scalar) {
        let fields = parameters.split(separator: ";", omittingEmptySubsequences: false)
        let isModified = fields.count > 1 || (fields.first == "5" && final != "~")
        switch final {
        case "A": self = .up
        case "B": self = .down
        case "C": self = isModified ? .wordRight : .right
        case "D": self = isModified ? .wordLeft : .left
        case "H": self = .home
        case "F": self = .end
        case "c": self = .wordRight
        case "d": self = .wordLeft
        case "Z": self = .backTab
        case "u" where fields.first == "13" && isModified: self = .newLine
        case "~" where fields.first == "27" && fields.last == "13": self = .newLine
        case "~" where fields == ["3", "5"]: self = .killWord
        case "~": self.init(number: fields.first.flatMap { Int($0) } ?? 0)
        default: self = .unknown
        }
    }

    private init(number: Int) {
        switch number {
        case 1, 7: self = .home
        case 4, 8: self = .end
        case 3: self = .delete
        case 200: self = .pasteStart
        case 201: self = .pasteEnd
        default: self = .unknown
        }
    }
}

extension TerminalInput {
    /// The rest of a sequence whose `ESC [` or `ESC O` was read. `nil` when an event or the end came first.
    func key() -> Key? {
        var parameters = ""
        while let scalar = nextInSequence() {
            switch scalar {
            case "\u{20}"..."\u{3F}": parameters.unicodeScalars.append(scalar)
            case "\u{40}"..."\u{7E}": return Key(parameters: parameters, final: scalar)
            default: return .unknown
            }
        }
        return nil
    }
}
