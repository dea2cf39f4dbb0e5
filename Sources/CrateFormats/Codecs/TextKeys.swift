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
        var seen = Set<Identity>(minimumCapacity: entries.count)
        return entries.indices.first { !seen.insert(Identity(entries[$0].key)).inserted }
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
        case text(String)
        case number(Double)
        case time(Timestamp)
        case bytes([UInt8])
        case list([Identity])
        case other(String)

        init(_ document: Document) {
            switch document {
            case .string(let text): self = .text(text)
            // As in Python: 1, 1.0 and true are one key.
            case .bool(let value): self = .number(value ? 1 : 0)
            case .integer(let value): self = Double(exactly: value).map(Identity.number) ?? .other(String(value))
            case .float(let value): self = .number(value)
            case .bigInteger(let value): self = .other(value.description)
            case .timestamp(let value): self = .time(value)
            case .bytes(let bytes): self = .bytes(bytes)
            case .list(let items), .tuple(let items): self = .list(items.map { Identity($0) })
            // Null, and what no reader lets be a key.
            default: self = .other("")
            }
        }

        static func == (a: Identity, b: Identity) -> Bool {
            switch (a, b) {
            case (.text(let a), .text(let b)), (.other(let a), .other(let b)): TextKeys.isSame(a, b)
            case (.number(let a), .number(let b)): a == b
            case (.time(let a), .time(let b)): a == b
            case (.bytes(let a), .bytes(let b)): a == b
            case (.list(let a), .list(let b)): a == b
            default: false
            }
        }

        func hash(into hasher: inout Hasher) {
            switch self {
            case .text(let text), .other(let text):
                // The bytes, since hashing text as such normalises it first.
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            case .number(let value): hasher.combine(value)
            case .time(let value): hasher.combine(value)
            case .bytes(let bytes): hasher.combine(bytes)
            case .list(let items): hasher.combine(items)
            }
        }
    }
}
