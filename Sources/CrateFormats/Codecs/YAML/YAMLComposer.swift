import CrateValues

/// Builds documents from events with an explicit stack.
///
/// An alias shares the node it names, so nothing is copied; but whoever walks the document later walks each use. So the
/// limits on nodes and depth count shared nodes at every use.
struct YAMLComposer {
    private let events: YAMLEvents
    private let limits: Limits
    private var open: [Container] = []
    private var anchors: [String: Anchor] = [:]
    private var unknownTags: [YAML.UnknownTag] = []
    /// Nodes of the stream so far, shared ones at each use.
    private var nodes = 0

    private enum Anchor {
        /// Its node is still being read: an alias to it would make the node hold itself.
        case open
        case done(Document, nodes: Int, height: Int)
    }

    private struct Container {
        let event: YAMLEvent
        let nodesBefore: Int
        /// Levels of nesting inside.
        var height = 1
        var items: [Document] = []
        var mapping = YAMLMapping()
        var isMapping: Bool { if case .mappingStart = event.kind { true } else { false } }
    }

    init(_ events: YAMLEvents, limits: Limits) {
        self.events = events
        self.limits = limits
    }

    mutating func compose() throws(FormatError) -> YAML.Loaded {
        var documents: [Document] = []
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return YAML.Loaded(documents: documents, unknownTags: unknownTags)
            case .documentStart: anchors.removeAll()
            case .other: break
            case .alias(let name): try useAnchor(name, event).map { documents.append($0) }
            case .scalar(let text, let isPlain): try add(try scalar(text, isPlain: isPlain, event), event).map { documents.append($0) }
            case .sequenceStart, .mappingStart: try openContainer(event)
            case .end: try closeContainer().map { documents.append($0) }
            }
        }
    }

    // MARK: nodes

    /// Hands a finished node to the container around it; a node without one is a document and comes back.
    private mutating func attach(_ node: Document, height: Int, isMergeKey: Bool = false, _ event: YAMLEvent) throws(FormatError)
        -> Document?
    {
        guard var container = open.popLast() else { return node }
        container.height = max(container.height, height + 1)
        if container.isMapping {
            nodes += try container.mapping.add(node, isMergeKey: isMergeKey, at: event.place)
            try checkNodes(event)
        } else {
            container.items.append(node)
        }
        open.append(container)
        return nil
    }

    private mutating func add(_ scalar: Document, _ event: YAMLEvent) throws(FormatError) -> Document? {
        nodes += 1
        try checkNodes(event)
        if let anchor = event.anchor { anchors[anchor] = .done(scalar, nodes: 1, height: 0) }
        return try attach(scalar, height: 0, isMergeKey: event.isMergeKey, event)
    }

    private mutating func openContainer(_ event: YAMLEvent) throws(FormatError) {
        guard open.count < limits.depth else { throw tooDeep(event) }
        if let anchor = event.anchor { anchors[anchor] = .open }
        open.append(Container(event: event, nodesBefore: nodes))
        nodes += 1
        try checkNodes(event)
    }

    private mutating func closeContainer() throws(FormatError) -> Document? {
        guard let container = open.popLast() else { return nil }
        let node = container.isMapping ? try mapping(container) : try sequence(container)
        if let anchor = container.event.anchor {
            anchors[anchor] = .done(node, nodes: nodes - container.nodesBefore, height: container.height)
        }
        return try attach(node, height: container.height, container.event)
    }

    private mutating func useAnchor(_ name: String, _ event: YAMLEvent) throws(FormatError) -> Document? {
        switch anchors[name] {
        case nil: throw FormatError(.malformed, "YAML", "the alias `*\(name)` names no anchor before it", at: event.place)
        case .open: throw FormatError(.unsupported, "YAML", "`*\(name)` would make a node hold itself", at: event.place)
        case .done(let node, let count, let height):
            nodes += count
            try checkNodes(event)
            guard open.count + height <= limits.depth else { throw tooDeep(event) }
            return try attach(node, height: height, event)
        }
    }

    private func checkNodes(_ event: YAMLEvent) throws(FormatError) {
        guard nodes <= limits.nodes else {
            throw FormatError(.limit, "YAML", "more than \(limits.nodes) values, aliases counted at every use", at: event.place)
        }
    }

    private func tooDeep(_ event: YAMLEvent) -> FormatError {
        FormatError(.limit, "YAML", "nested more than \(limits.depth) levels deep", at: event.place)
    }

    // MARK: tags

    private mutating func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) throws(FormatError) -> Document {
        guard let tag = event.tag, tag != "!" else {
            guard isPlain else { return .string(text) }
            return try YAMLSchema.resolve(text, limits: limits, at: event.place)
        }
        guard let name = try standardTag(tag, event) else { return .string(text) }
        return try YAMLSchema.construct(name, text, limits: limits, at: event.place)
    }

    private mutating func sequence(_ container: Container) throws(FormatError) -> Document {
        switch try standardTag(container.event.tag, container.event) {
        case nil, "seq": return .list(container.items)
        case "omap", "pairs":
            return .list(try container.items.map { (item) throws(FormatError) in try YAMLComposer.pair(item, container.event) })
        case let name?: throw FormatError(.malformed, "YAML", "the tag !!\(name) can't stand on a sequence", at: container.event.place)
        }
    }

    private mutating func mapping(_ container: Container) throws(FormatError) -> Document {
        let mapping = Document.Mapping(container.mapping.entries)
        switch try standardTag(container.event.tag, container.event) {
        case nil, "map": return .mapping(mapping)
        case "set": return .set(mapping.entries.map(\.key))
        case let name?: throw FormatError(.malformed, "YAML", "the tag !!\(name) can't stand on a mapping", at: container.event.place)
        }
    }

    /// An item of an ordered map: a mapping with one entry.
    private static func pair(_ item: Document, _ event: YAMLEvent) throws(FormatError) -> Document {
        guard case .mapping(let mapping) = item, mapping.entries.count == 1 else {
            throw FormatError(.malformed, "YAML", "each item of an ordered map is a mapping with one entry", at: event.place)
        }
        return .tuple([mapping.entries[0].key, mapping.entries[0].value])
    }

    /// The name behind `!!`; `nil` for no tag and for an unknown one, which is noted.
    private mutating func standardTag(_ tag: String?, _ event: YAMLEvent) throws(FormatError) -> String? {
        guard let tag, tag != "!" else { return nil }
        let prefix = "tag:yaml.org,2002:"
        let name = tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : ""
        if name.hasPrefix("python/") {
            throw FormatError(.unsafe, "YAML", "the tag !!\(name) asks for a Python object to be made", at: event.place)
        }
        if YAMLSchema.tags.contains(name) { return name }
        unknownTags.append(YAML.UnknownTag(tag: tag, line: event.line, column: event.column))
        return nil
    }
}

extension YAMLEvent {
    /// An untagged, unquoted `<<`, or `!!merge`.
    var isMergeKey: Bool {
        guard case .scalar(let text, let isPlain) = kind, text == "<<" else { return false }
        return tag == "tag:yaml.org,2002:merge" || (isPlain && tag == nil)
    }
}
