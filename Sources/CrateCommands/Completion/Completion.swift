import CrateLanguage
import OpenCrate

/// What may be typed where a text ends.
public struct Completion: Sendable {
    public struct Item: Sendable {
        public let text: String
        /// What follows once it is chosen: a blank behind a command, `(` behind a function.
        public let suffix: String
        /// One line, or nothing.
        public let summary: String

        init(_ text: String, suffix: String = "", _ summary: String = "") {
            self.text = text
            self.suffix = suffix
            self.summary = summary
        }
    }

    /// The end of the text that an item takes the place of.
    public let word: String
    /// What fits best first, each text once.
    public let items: [Item]

    /// Keeps what begins with `word`, within quotes or without.
    init(word: String, _ items: [Item]) {
        self.word = word
        var known: Set<String> = []
        self.items = items.filter { item in
            (item.text.hasPrefix(word) || item.text.hasPrefix("\"\(word)")) && item.text != word + item.suffix && known.insert(item.text).inserted
        }
    }
}

extension Session {
    /// What may stand where `text` ends, which is the beginning of a statement up to the cursor: members after a `.`; the options of the
    /// call around and their values; artifacts, backups, tags, fields and files inside of quotes; else commands, functions, kinds and variables.
    public func completion(of text: String) -> Completion {
        let source = Source(name: "", text: text)
        let nesting = Nesting(of: source)
        let context = CallPlace(of: source, session: self)
        if let start = nesting.openString {
            let quotes = nesting.isOpenStringBlock ? 3 : 1
            let inside = String(decoding: source.bytes[min(start + quotes, source.bytes.count)...], as: UTF8.self)
            let quote = String(decoding: source.bytes[start..<min(start + quotes, source.bytes.count)], as: UTF8.self)
            return completion(inText: inside, quote: quote, before: String(decoding: source.bytes[..<start], as: UTF8.self), context)
        }
        let word = String(text.reversed().prefix(while: Session.continuesWord).reversed())
        let before = text.dropLast(word.count)
        if before.last == "[", let kept = keptValues(before.dropLast()) { return Completion(word: word, kept) }
        if before.last == "." { return Completion(word: word, members(before.dropLast())) }
        // Behind a value there comes a comma first.
        if word.isEmpty, context != nil, let last = before.last(where: { $0 != " " }), "\"')]}".contains(last) { return Completion(word: "", []) }
        return Completion(word: word, code(word: word, isStatement: Session.beginsStatement(before, nesting), context))
    }

    static func continuesWord(_ character: Character) -> Bool { character == "_" || character.isLetter || character.isNumber }

    private static func beginsStatement(_ before: Substring, _ nesting: Nesting) -> Bool {
        guard let last = before.last(where: { $0 != " " && $0 != "\t" }) else { return true }
        switch last {
        case ";", "}": return true
        case "\n", "\r\n": return nesting.open.last.map { before.utf8[before.utf8.index(before.startIndex, offsetBy: $0)] == UInt8(ascii: "{") } ?? true
        // A block, not a dict: something other than a mark stands before it.
        case "{": return before.dropLast(before.reversed().prefix { $0 != "{" }.count + 1).last { $0 != " " }.map { Session.continuesWord($0) || $0 == ")" } ?? false
        default: return false
        }
    }

    // MARK: in code

    private func code(word: String, isStatement: Bool, _ context: CallPlace?) -> [Completion.Item] {
        guard !isStatement else { return verbItems + variableItems() + (word.isEmpty ? [] : keywordItems + functionItems + constantItems) }
        let values = context?.parameter.map { self.values(of: $0, isQuoted: true) } ?? []
        let labels = context?.label == nil ? context?.offeredLabels.map { Completion.Item("\($0.name):", suffix: " ", $0.note) } ?? [] : []
        let wantsArtifact = context?.parameter.map { $0.type.takesOnlyArtifacts } ?? false
        if let context, context.label == nil, context.parameter == nil { return labels }
        if wantsArtifact, word.isEmpty { return variableItems { $0 is ArtifactObject } + kindItems }
        if word.isEmpty, context != nil { return values + labels + variableItems() }
        let rest = (wantsArtifact ? kindItems : []) + functionItems + kindItems + constantItems
        return values + labels + variableItems() + rest + (context == nil || !word.isEmpty ? verbItems.map { Completion.Item($0.text, suffix: "(", $0.summary) } : [])
    }

    private var verbItems: [Completion.Item] {
        registry.commands.flatMap(\.functions).sorted { $0.name < $1.name }.map {
            Completion.Item($0.name, suffix: $0.parameters.isEmpty ? "" : " ", $0.summary)
        }
    }

    private var functionItems: [Completion.Item] {
        registry.functions.flatMap(\.functions).sorted { $0.name < $1.name }.map { Completion.Item($0.name, suffix: "(", $0.summary) }
    }

    private var kindItems: [Completion.Item] { kinds.map { Completion.Item($0.name, suffix: "(", $0.summary) } }

    private var constantItems: [Completion.Item] { Session.constantNotes.sorted { $0.key < $1.key }.map { Completion.Item($0.key, $0.value) } }

    private var keywordItems: [Completion.Item] { Keyword.allCases.map { Completion.Item($0.rawValue, "keyword") } }

    /// Variables, those of an object that passes first and alone when `passes` is given.
    private func variableItems(_ passes: ((Object) -> Bool)? = nil) -> [Completion.Item] {
        interpreter.globalNames.sorted().compactMap { name in
            guard let value = interpreter.global(named: name) else { return nil }
            if let passes { guard case .object(let object) = value, passes(object) else { return nil } }
            if case .function = value { return Completion.Item(name, suffix: "(", "function") }
            return Completion.Item(name, note(on: value))
        }
    }

    // MARK: members

    /// Members of what a path of names and keys ends `text` with.
    private func members(_ text: Substring) -> [Completion.Item] {
        guard let value = ValuePath(endOf: text)?.value(in: self) else { return [] }
        return value.memberNames.map { name in
            if case .dict(let dict) = value, let field = dict[name] { return Completion.Item(name, note(on: field)) }
            if case .object(let object) = value { return Completion.Item(name, object.method(name)?.summary ?? columnNote(name, of: object)) }
            return Completion.Item(name)
        }
    }

    /// The numbers behind `Out[` and `In[`, the newest first; `nil` behind anything else.
    private func keptValues(_ text: Substring) -> [Completion.Item]? {
        guard case .object(let object)? = ValuePath(endOf: text)?.value(in: self), let kept = object as? KeptObject else { return nil }
        return kept.numbered.reversed().map { Completion.Item(String($0), suffix: "]", summary(of: $1)) }
    }

    private func summary(of value: Value) -> String {
        // Of a statement its first line.
        if case .string(let text) = value { return String(text.prefix { !$0.isNewline }.prefix(60)) }
        return note(on: value)
    }

    private func columnNote(_ name: String, of object: Object) -> String {
        (object as? TableObject)?.table[column: name].map { "column of \($0.values.typeName)" } ?? ""
    }

    /// What stands between the quotes of `[""]` behind a dict or a table; `nil` behind anything else.
    func keyItems(_ text: some StringProtocol, quote: String) -> [Completion.Item]? {
        switch ValuePath(endOf: text)?.value(in: self) {
        case .dict(let dict)?:
            return dict.keys.prefix(1000).compactMap { key in
                if case .string(let name) = key { Completion.Item(name, suffix: quote + "]", dict[key].map(note) ?? "") } else { nil }
            }
        case .object(let table as TableObject)?:
            return table.table.columns.map { Completion.Item($0.name, suffix: quote + "]", columnNote($0.name, of: table)) }
        default: return nil
        }
    }

    /// A value in a few words.
    func note(on value: Value) -> String {
        switch value {
        case .null, .bool, .int, .bigInt, .float: "\(typeName(of: value)) \(value.nestedDescription.prefix(40))"
        case .string(let text): "string of \(text.count)"
        case .list(let list): "list of \(list.items.count)"
        case .dict(let dict): "dict of \(dict.count)"
        case .range: "range"
        case .function: "function"
        case .object(let object): (object as? ArtifactObject).map { "\($0.artifact.kind) \($0.artifact.name)" } ?? object.typeName
        }
    }
}

extension ParameterType {
    fileprivate var takesOnlyArtifacts: Bool {
        switch self {
        case .object(let names): names == ["artifact"]
        default: false
        }
    }
}
