import CrateLanguage
import CrateValues

// What concerns a place in a document: what is there, and what may be written there.

extension LanguageServer {
    /// The declaration of a variable, an option of the call around, or the page of help.
    func hover(_ document: OpenDocument, _ offset: Int) -> Document {
        guard let span = document.analysis.word(at: offset), let text = page(document.source.text(span), offset, document) else { return .null }
        return .object([
            ("contents", .object([("kind", .string("markdown")), ("value", .string("```\n\(text)\n```"))])), ("range", document.range(span)),
        ])
    }

    private func page(_ word: String, _ offset: Int, _ document: OpenDocument) -> String? {
        if let call = document.analysis.call(at: offset), call.label == word || call.nameSpan.end < offset,
            let parameter = parameters(of: call, document)?.first(where: { $0.name == word && $0.isNamedOnly }), isLabel(offset, document)
        {
            return "\(word): \(parameter.note)"
        }
        if let declaration = document.analysis.declaration(at: offset) { return document.line(at: declaration.start) }
        return try? session.explanation(of: word)
    }

    private func isLabel(_ offset: Int, _ document: OpenDocument) -> Bool {
        guard let word = document.analysis.word(at: offset) else { return false }
        return document.source.text(Span(word.end, word.end + 1)) == ":"
    }

    // MARK: signatures

    func signatureHelp(_ document: OpenDocument, _ offset: Int) -> Document {
        guard let call = document.analysis.call(at: offset) else { return .null }
        if let parameters = document.analysis.parameters(ofFunction: call.name) {
            let entries = parameters.map { name, standard in (name: name, label: name + (standard.map { " = \($0)" } ?? ""), note: "") }
            return signature(call.name, entries, nil, call, isCommand: false)
        }
        guard let native = definition(of: call) else { return .null }
        let parameters = native.parameters + furtherOptions(native, call, document)
        let entries = parameters.map { (name: $0.name, label: $0.isNamedOnly ? "\($0.name): …" : $0.isVariadic ? "\($0.name)…" : $0.name, note: $0.note) }
        return signature(native.name, entries, native.summary, call, isCommand: session.verb(named: call.name) != nil && !call.isMethod)
    }

    private func signature(
        _ name: String, _ parameters: [(name: String, label: String, note: String)], _ summary: String?, _ call: CallContext, isCommand: Bool
    ) -> Document {
        let list = parameters.map(\.label).joined(separator: ", ")
        let active = call.label.flatMap { label in parameters.firstIndex { $0.name == label } }
            ?? min(call.position, max(0, parameters.count - 1))
        var members: [(String, Document)] = [("label", .string(isCommand ? "\(name) \(list)" : "\(name)(\(list))"))]
        if let summary { members.append(("documentation", .string(summary))) }
        members.append(("parameters", .list(parameters.map { .object([("label", .string($0.label)), ("documentation", .string($0.note))]) })))
        return .object([("signatures", .list([.object(members)])), ("activeSignature", .integer(0)), ("activeParameter", .integer(active))])
    }

    private func definition(of call: CallContext) -> NativeFunction? {
        if call.isMethod { return session.artifactMethod(named: call.name) }
        return session.function(named: call.name) ?? session.verb(named: call.name)
    }

    /// Parameters, with the options of the artifact's kind where that is known.
    private func parameters(of call: CallContext, _ document: OpenDocument) -> [Parameter]? {
        definition(of: call).map { $0.parameters + furtherOptions($0, call, document) }
    }

    private func furtherOptions(_ native: NativeFunction, _ call: CallContext, _ document: OpenDocument) -> [Parameter] {
        guard let subject = call.subject else { return [] }
        let kind = document.analysis.artifactKind(ofVariable: subject) ?? session.function(named: subject)?.artifactKind
        return kind.flatMap { native.furtherOptions?($0) } ?? []
    }

    // MARK: completion

    /// What the prompt offers for the line, with what the document knows: its names, the options of the call around, the fields of an artifact.
    func completion(_ document: OpenDocument, _ offset: Int) -> Document {
        let line = document.linePrefix(offset)
        let word = String(line.reversed().prefix { $0 == "_" || $0.isLetter || $0.isNumber }.reversed())
        let before = line.dropLast(word.count)
        var items = CompletionItems(word: word)
        if before.last == "." {
            addMembers(before.dropLast(), document, &items)
        } else if let call = document.analysis.call(at: offset), let parameters = parameters(of: call, document) {
            let words = parameters.first { $0.name == call.label }?.type.words ?? []
            let isInText = before.last == "\""
            for value in words { items.add(isInText ? value : "\"\(value)\"", .value, call.label ?? "", matching: value) }
            if !isInText, call.label == nil {
                for parameter in parameters where parameter.isNamedOnly { items.add("\(parameter.name):", .field, parameter.note) }
            }
        }
        for candidate in session.completion(of: line).items { items.add(candidate.text, kind(of: candidate.text), candidate.summary) }
        if before.last != ".", before.last != "\"" { for name in document.analysis.declaredNames.sorted() { items.add(name, .variable, "") } }
        return .list(items.list)
    }

    private func addMembers(_ text: Substring, _ document: OpenDocument, _ items: inout CompletionItems) {
        let name = String(text.reversed().prefix { $0 == "_" || $0.isLetter || $0.isNumber }.reversed())
        guard document.analysis.artifactKind(ofVariable: name) != nil else { return }
        for member in session.artifactMemberNames {
            items.add(member, session.artifactMethod(named: member) == nil ? .field : .method, session.verb(named: member)?.summary ?? "")
        }
    }

    private func kind(of name: String) -> CompletionItems.Kind {
        if session.verb(named: name) != nil { return .keyword }
        if session.function(named: name) != nil { return .function }
        return name.hasSuffix(":") ? .field : .variable
    }

}

/// Items that begin with what is typed, each once.
private struct CompletionItems {
    let word: String
    private(set) var list: [Document] = []
    private var known: Set<String> = []

    /// The protocol's numbers of what an item is.
    enum Kind: Int {
        case method = 2, function = 3, field = 5, variable = 6, value = 12, keyword = 14
    }

    init(word: String) { self.word = word }

    mutating func add(_ label: String, _ kind: Kind, _ detail: String, matching text: String? = nil) {
        guard (text ?? label).hasPrefix(word), known.insert(label).inserted else { return }
        list.append(.object([("label", .string(label)), ("kind", .integer(kind.rawValue)), ("detail", .string(detail))]))
    }
}

extension OpenDocument {
    /// The line around a byte, without its indentation.
    func line(at offset: Int) -> String {
        let rest = source.bytes[offset...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? source.bytes.count
        return String((linePrefix(offset) + source.text(Span(offset, end))).drop { $0 == " " || $0 == "\t" })
    }
}
