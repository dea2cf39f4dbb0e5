import CrateValues

/// Keys of mappings as text formats compare them: text by its exact code points, as Python does, and not by Unicode's
/// equivalence.
enum TextKeys {
    /// `entries` with each key once: the last value, in the place of the first. The time stays linear.
    static func lastWins(_ entries: [(key: Document, value: Document)]) -> [(key: Document, value: Document)] {
        guard repetition(entries) != nil else { return entries }
        var unique: [(key: Document, value: Document)] = []
        var positions: [Identity: Int] = [:]
        for entry in entries {
            if let position = positions.updateValue(unique.count, forKey: Identity(entry.key)) {
                positions[Identity(entry.key)] = position
                unique[position].value = entry.value
            } else {
                unique.append(entry)
            }
        }
        return unique
    }

    /// The first text key that stands a second time.
    static func firstRepeated(_ entries: [(key: Document, value: Document)]) -> String? {
        guard let index = repetition(entries), case .string(let text) = entries[index].key else { return nil }
        return text
    }

    /// Where a key first stands a second time.
    private static func repetition(_ entries: [(key: Document, value: Document)]) -> Int? {
        // Comparing each with each beats hashing for the few keys that most mappings have.
        if entries.count <= 12 {
            for index in entries.indices.dropFirst() {
                for earlier in 0..<index where isSame(entries[earlier].key, entries[index].key) { return index }
            }
            return nil
        }
        if let repetition = repetitionOfText(entries) { return repetition < entries.count ? repetition : nil }
        var seen = Set<Identity>(minimumCapacity: entries.count)
        return entries.indices.first { !seen.insert(Identity(entries[$0].key)).inserted }
    }

    /// The same for text keys alone, the count of entries standing for none; `nil` when there are others.
    private static func repetitionOfText(_ entries: [(key: Document, value: Document)]) -> Int? {
        var seen = Set<CodePoints>(minimumCapacity: entries.count)
        for index in entries.indices {
            guard case .string(let text) = entries[index].key else { return nil }
            if !seen.insert(CodePoints(text: text)).inserted { return index }
        }
        return entries.count
    }

    /// Text that is equal only to the same code points.
    struct CodePoints: Hashable {
        let text: String

        static func == (a: CodePoints, b: CodePoints) -> Bool { isSame(a.text, b.text) }

        func hash(into hasher: inout Hasher) {
            // The bytes, since hashing text as such normalises it first.
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private static func isSame(_ a: Document, _ b: Document) -> Bool {
        if case .string(let a) = a, case .string(let b) = b { return isSame(a, b) }
        return Identity(a) == Identity(b)
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        // Equal code points are always equivalent, and the standard library's comparison is the quicker one.
        a == b && a.utf8.elementsEqual(b.utf8)
    }

    /// A key that can be hashed.
    private enum Identity: Hashable {
        case text(CodePoints)
        case number(Double)
        /// Of an integer that is no double.
        case digits(String)
        case time(Timestamp)
        case bytes([UInt8])
        case list([Identity])
        case null

        init(_ document: Document) {
            switch document {
            case .string(let text): self = .text(CodePoints(text: text))
            // As in Python: 1, 1.0 and true are one key.
            case .bool(let value): self = .number(value ? 1 : 0)
            case .integer(let value): self = Double(exactly: value).map(Identity.number) ?? .digits(String(value))
            case .float(let value): self = .number(value)
            case .bigInteger(let value): self = .digits(value.description)
            case .timestamp(let value): self = .time(value)
            case .bytes(let bytes): self = .bytes(bytes)
            case .list(let items), .tuple(let items): self = .list(items.map { Identity($0) })
            // Null, and what no reader lets be a key.
            default: self = .null
            }
        }
    }
}
