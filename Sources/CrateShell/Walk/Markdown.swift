import CrateLanguage

/// The Markdown that narration is written in: headings, paragraphs, lists, quotes, code, emphasis and links.
struct Markdown {
    enum Block {
        case heading(level: Int, String)
        case paragraph(String)
        /// Marks are "•" or a number with its dot.
        case item(mark: String, depth: Int, String)
        case quote(String)
        /// `isForeign` when its fence names a language other than crate's.
        case code([String], isForeign: Bool)
        case rule
    }

    /// A run of text with one look.
    struct Span {
        enum Style { case plain, strong, emphasis, code }
        var style: Style
        var text: String
        /// Where a link leads.
        var target: String?
    }

    let blocks: [Block]

    init(_ text: String) {
        var blocks: [Block] = []
        var code: [String]?
        var isForeign = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let lines = code {
                    blocks.append(.code(lines, isForeign: isForeign))
                    code = nil
                } else {
                    isForeign = !["```", "```crate"].contains(line)
                    code = []
                }
                continue
            }
            if code != nil { code?.append(String(line)); continue }
            Self.add(line, to: &blocks)
        }
        if let lines = code { blocks.append(.code(lines, isForeign: isForeign)) }
        self.blocks = blocks.filter { if case .paragraph(let text) = $0 { !text.isEmpty } else { true } }
    }

    private static func add(_ line: Substring, to blocks: inout [Block]) {
        let text = line.drop { $0 == " " }
        let depth = (line.count - text.count) / 2
        if text.isEmpty { return blocks.append(.paragraph("")) }
        if text == "---" { return blocks.append(.rule) }
        let level = text.prefix { $0 == "#" }.count
        if (1...6).contains(level), text.dropFirst(level).first == " " { return blocks.append(.heading(level: level, String(text.dropFirst(level + 1)))) }
        if let mark = text.first, "-*+".contains(mark), text.dropFirst().first == " " {
            return blocks.append(.item(mark: "•", depth: depth, String(text.dropFirst(2))))
        }
        let digits = text.prefix(while: \.isNumber)
        if !digits.isEmpty, text.dropFirst(digits.count).hasPrefix(". ") {
            return blocks.append(.item(mark: digits + ".", depth: depth, String(text.dropFirst(digits.count + 2))))
        }
        if text.hasPrefix("> ") { return continueLast(&blocks, String(text.dropFirst(2)), isQuote: true) }
        continueLast(&blocks, String(text), isQuote: false)
    }

    /// Lines one below the other are one paragraph, item or quote.
    private static func continueLast(_ blocks: inout [Block], _ text: String, isQuote: Bool) {
        switch (blocks.last, isQuote) {
        case (.paragraph(let before)?, false) where !before.isEmpty: blocks[blocks.count - 1] = .paragraph(before + " " + text)
        case (.item(let mark, let depth, let before)?, false): blocks[blocks.count - 1] = .item(mark: mark, depth: depth, before + " " + text)
        case (.quote(let before)?, true): blocks[blocks.count - 1] = .quote(before + " " + text)
        default: blocks.append(isQuote ? .quote(text) : .paragraph(text))
        }
    }

    // MARK: spans

    /// `**strong**`, `*emphasis*`, `` `code` `` and `[text](target)`; what has no end stays as it is.
    static func spans(_ text: String) -> [Span] {
        var spans: [Span] = []
        var plain = ""
        var rest = text[...]
        while let first = rest.first {
            if let (span, length) = span(at: rest, after: plain.last) {
                if !plain.isEmpty { spans.append(Span(style: .plain, text: plain)) }
                plain = ""
                spans.append(span)
                rest = rest.dropFirst(length)
            } else {
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        if !plain.isEmpty { spans.append(Span(style: .plain, text: plain)) }
        return spans
    }

    private static func span(at text: Substring, after last: Character?) -> (Span, length: Int)? {
        // In the middle of a word, as in a*b, a mark is a character like others.
        if text.first == "*", let last, last.isLetter || last.isNumber { return nil }
        for (mark, style) in [("`", Span.Style.code), ("**", .strong), ("*", .emphasis)] where text.hasPrefix(mark) {
            let rest = text.dropFirst(mark.count)
            guard let end = rest.firstRange(of: mark), end.lowerBound != rest.startIndex, rest.first != " " else { return nil }
            let inner = rest[..<end.lowerBound]
            guard inner.last != " " || style == .code else { return nil }
            return (Span(style: style, text: String(inner)), inner.count + 2 * mark.count)
        }
        guard text.first == "[", let middle = text.firstRange(of: "]("), let end = text[middle.upperBound...].firstIndex(of: ")") else { return nil }
        let label = text[text.index(after: text.startIndex)..<middle.lowerBound]
        guard !label.contains("[") else { return nil }
        let target = text[middle.upperBound..<end]
        return (Span(style: .plain, text: String(label), target: String(target)), label.count + target.count + 4)
    }
}
