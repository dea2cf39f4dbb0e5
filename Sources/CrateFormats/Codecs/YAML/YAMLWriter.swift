import CrateValues

/// Turns a document into the emitter's events, in PyYAML's spellings.
struct YAMLWriter {
    let emitter: YAMLEmitter
    let options: YAML.WriteOptions
    let limits: Limits

    func write(_ document: Document) throws(FormatError) {
        try emitter.beginDocument()
        try write(document, depth: 0)
        try emitter.endDocument()
    }

    private func write(_ document: Document, depth: Int) throws(FormatError) {
        // What is nested deeper than the reader allows could not be read back.
        guard depth <= limits.depth else { throw FormatError(.limit, "YAML", "nested more than \(limits.depth) levels deep") }
        switch document {
        case .null: try emitter.scalar("null")
        case .bool(let value): try emitter.scalar(value ? "true" : "false")
        case .integer(let value): try emitter.scalar(value.description)
        case .bigInteger(let value): try emitter.scalar(value.description)
        case .float(let value): try emitter.scalar(YAMLWriter.text(value))
        case .timestamp(let value): try emitter.scalar(value.text)
        case .string(let text): try emitter.scalar(text, mustQuote: !YAMLSchema.isPlainText(text))
        case .bytes(let bytes): try emitter.literal(Base64.encode(bytes), tag: "tag:yaml.org,2002:binary")
        case .list(let items), .tuple(let items): try writeSequence(items, depth: depth)
        case .set(let items): try writeSet(items, depth: depth)
        case .mapping(let mapping): try writeMapping(mapping, depth: depth)
        case .tensor(let tensor): try write(try TextTensor.lists(tensor, format: "YAML", limits: limits), depth: depth)
        case .complex, .opaque:
            throw FormatError(
                .unrepresentable, "YAML", "YAML has no \(document.kindName)", hint: "turn it into text, numbers, lists or a dict first")
        }
    }

    /// Empty ones have no block form.
    private func writeSequence(_ items: [Document], depth: Int) throws(FormatError) {
        try emitter.beginSequence(isFlow: items.isEmpty)
        for index in items.indices {
            do throws(FormatError) { try write(items[index], depth: depth + 1) } catch { throw error.inside("[\(index)]") }
        }
        try emitter.endSequence()
    }

    private func writeSet(_ items: [Document], depth: Int) throws(FormatError) {
        try emitter.beginMapping(tag: "tag:yaml.org,2002:set", isFlow: items.isEmpty)
        for item in items {
            try write(item, depth: depth + 1)
            try emitter.scalar("null")
        }
        try emitter.endMapping()
    }

    private func writeMapping(_ mapping: Document.Mapping, depth: Int) throws(FormatError) {
        try emitter.beginMapping(isFlow: mapping.entries.isEmpty)
        for entry in options.sortsKeys ? YAMLWriter.sorted(mapping.entries) : mapping.entries {
            do throws(FormatError) {
                try write(entry.key, depth: depth + 1)
                try write(entry.value, depth: depth + 1)
            } catch {
                throw error.inside(YAMLWriter.name(entry.key))
            }
        }
        try emitter.endMapping()
    }

    private static func name(_ key: Document) -> String {
        switch key {
        case .string(let text): text
        case .integer(let value): "\(value)"
        default: "a \(key.kindName)"
        }
    }

    /// As Python sorts them: texts by code points, numbers by size; keys of several types stay as they are.
    private static func sorted(_ entries: [(key: Document, value: Document)]) -> [(key: Document, value: Document)] {
        let texts = entries.compactMap { entry -> String? in if case .string(let text) = entry.key { text } else { nil } }
        if texts.count == entries.count {
            return zip(texts, entries).sorted { $0.0.unicodeScalars.lexicographicallyPrecedes($1.0.unicodeScalars) }.map(\.1)
        }
        let numbers = entries.compactMap { number($0.key) }
        return numbers.count == entries.count ? zip(numbers, entries).sorted { $0.0 < $1.0 }.map(\.1) : entries
    }

    private static func number(_ key: Document) -> Double? {
        switch key {
        case .integer(let value): Double(value)
        case .float(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The shortest digits that read back equal, with the point that YAML 1.1 asks for: `1.0e+16`.
    private static func text(_ value: Double) -> String {
        if value.isNaN { return ".nan" }
        if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
        let text = value.description
        guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
