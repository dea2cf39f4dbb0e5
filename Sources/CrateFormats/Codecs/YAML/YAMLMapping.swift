import CrateValues

/// A mapping while its keys and values come in, one node after the other.
struct YAMLMapping {
    private var own: [(key: Document, value: Document)] = []
    /// What `<<` brought; own keys override it.
    private var merged: [(key: Document, value: Document)] = []
    private var key: Document?
    private var isMergeKey = false

    /// The pairs as PyYAML has them: merged keys first, and for each key the last value in the first one's place.
    var entries: [(key: Document, value: Document)] { TextKeys.lastWins(merged.isEmpty ? own : merged + own) }

    /// Takes a key or the value of the key before, and answers how many nodes a merge added.
    mutating func add(_ node: Document, isMergeKey: Bool, at place: FormatError.Place) throws(FormatError) -> Int {
        guard let key else {
            self.key = try YAMLMapping.key(node, at: place)
            self.isMergeKey = isMergeKey
            return 0
        }
        self.key = nil
        guard self.isMergeKey else { own.append((key, node)); return 0 }
        let before = merged.count
        try merge(node, at: place)
        return merged.count - before
    }

    /// Of a list of mappings the earlier ones override the later.
    private mutating func merge(_ node: Document, at place: FormatError.Place) throws(FormatError) {
        switch node {
        case .mapping(let mapping): merged += mapping.entries
        case .list(let items):
            for item in items.reversed() {
                guard case .mapping(let mapping) = item else { throw YAMLMapping.notMergeable(item, at: place) }
                merged += mapping.entries
            }
        default: throw YAMLMapping.notMergeable(node, at: place)
        }
    }

    private static func notMergeable(_ node: Document, at place: FormatError.Place) -> FormatError {
        FormatError(.malformed, "YAML", "`<<` merges a mapping or a list of mappings, not a \(node.kindName)", at: place)
    }

    /// Sequences become tuples, as which Python can use them for keys; mappings can't be keys.
    private static func key(_ node: Document, at place: FormatError.Place) throws(FormatError) -> Document {
        switch node {
        case .list(let items), .tuple(let items): .tuple(try items.map { (item) throws(FormatError) in try key(item, at: place) })
        case .mapping, .set: throw FormatError(.unsupported, "YAML", "a \(node.kindName) as a key", at: place, hint: "use text as key")
        default: node
        }
    }
}
