import CrateCommands
import CrateLanguage

/// A program for a terminal, which nothing drives but the colours.
struct CodeColours {
    let isVerb: (String) -> Bool

    func text(_ code: String, inColour: Bool) -> String { inColour ? coloured(code) : code.escapedForTerminal }

    func coloured(_ code: String) -> String {
        let source = Source(name: "", text: code)
        var text = ""
        var position = 0
        for piece in highlighting(of: source, isVerb: isVerb) where piece.span.start >= position {
            text += source.part(position..<piece.span.start).escapedForTerminal
            text += "\u{1B}[\(Self.code(piece.class))m" + source.part(piece.span.start..<piece.span.end).escapedForTerminal + "\u{1B}[0m"
            position = piece.span.end
        }
        return text + source.part(position..<source.bytes.count).escapedForTerminal
    }

    /// From the 16 colours, which every theme makes legible.
    static func code(_ class: SyntaxClass) -> String {
        switch `class` {
        case .comment: "90"
        case .keyword: "35"
        case .number: "36"
        case .string: "32"
        case .verb: "1;34"
        case .call: "34"
        case .label: "33"
        }
    }
}

extension Source {
    func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
