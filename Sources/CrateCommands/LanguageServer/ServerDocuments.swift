import CrateLanguage
import CrateValues

// What concerns a whole document: its form, and what it declares.

extension LanguageServer {
    /// One edit for the whole text; none for a text that does not parse, whose diagnostics say so.
    func formatting(_ document: OpenDocument) -> Document {
        guard let text = try? session.formatted(document.source), Array(text.utf8) != document.source.bytes else { return .list([]) }
        return .list([.object([("range", document.wholeRange), ("newText", .string(text))])])
    }

    /// Steps hold what they declare; without steps it stands by itself.
    func symbols(_ document: OpenDocument) -> Document {
        let symbols = document.analysis.symbols
        let steps = Step.all(document)
        guard let first = steps.first else { return .list(symbols.map { symbol($0, document) }) }
        let before = symbols.filter { $0.span.start < first.span.start }.map { symbol($0, document) }
        return .list(
            before
                + steps.map { step in
                    let members = symbols.filter { step.span.start <= $0.span.start && $0.span.start < step.span.end }.map { symbol($0, document) }
                    return LanguageServer.symbol(step.title, .namespace, document.range(step.span), document.range(step.titleSpan), members)
                })
    }

    private func symbol(_ symbol: DeclaredSymbol, _ document: OpenDocument) -> Document {
        let kind: SymbolKind = switch symbol.kind {
        case .variable: .variable
        case .function: .function
        case .handler: .class
        case .method: .method
        }
        let members = symbol.members.map { self.symbol($0, document) }
        return LanguageServer.symbol(symbol.name, kind, document.range(symbol.span), document.range(symbol.nameSpan), members)
    }

    private static func symbol(_ name: String, _ kind: SymbolKind, _ range: Document, _ selection: Document, _ members: [Document]) -> Document {
        .object([
            ("name", .string(name)), ("kind", .integer(kind.rawValue)), ("range", range), ("selectionRange", selection), ("children", .list(members)),
        ])
    }

    func definition(_ document: OpenDocument, _ offset: Int) -> Document {
        guard let span = document.analysis.declaration(at: offset) else { return .null }
        return .object([("uri", .string(document.uri)), ("range", document.range(span))])
    }
}

/// The protocol's numbers of what a symbol is.
private enum SymbolKind: Int {
    case namespace = 3, `class` = 5, method = 6, function = 12, variable = 13
}

/// A part of a script that begins with `# %% Title`.
private struct Step {
    let title: String
    let titleSpan: Span
    let span: Span

    static func all(_ document: OpenDocument) -> [Step] {
        let heads = document.analysis.program.comments.compactMap { comment in title(document.source.text(comment)).map { (comment, $0) } }
        return heads.enumerated().map { number, head in
            let end = number + 1 < heads.count ? heads[number + 1].0.start : document.source.bytes.count
            return Step(title: head.1, titleSpan: head.0, span: Span(head.0.start, end))
        }
    }

    private static func title(_ comment: String) -> String? {
        let words = comment.drop { $0 == "#" }.drop { $0 == " " }
        guard words.hasPrefix("%%") else { return nil }
        let title = words.dropFirst(2).drop { $0 == " " }
        return title.isEmpty ? "Step" : String(title)
    }
}
