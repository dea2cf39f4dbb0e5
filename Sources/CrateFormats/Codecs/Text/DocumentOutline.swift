import CrateValues

/// The shape of nested data: how deep, how many of each type, and which types stand at which paths. Items of a list share one path.
struct DocumentOutline {
    private(set) var depth = 0
    private(set) var counts: [String: Int] = [:]
    private(set) var keyCount = 0
    private let root = OutlineNode()
    private var pathCount = 1
    /// Paths beyond `mostPaths` are not listed.
    private var isCut = false

    private static let mostPaths = 1000

    init(_ document: Document) { add(document, at: root, depth: 0) }

    var facts: [Inspection.Fact] {
        let types = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, Document.integer($0.value)) }
        return [("depth", .integer(depth)), ("keys", .integer(keyCount)), ("values", .object(types))]
    }

    /// One row for each path.
    var listing: Inspection.Listing {
        var rows: [[Document]] = []
        root.collect("", into: &rows)
        if isCut { rows.append([.string("…"), .string("further paths"), .null]) }
        return Inspection.Listing("paths", columns: ["path", "type", "count"], rows: rows)
    }

    private mutating func add(_ document: Document, at node: OutlineNode, depth: Int) {
        let kind = document.kindName
        counts[kind, default: 0] += 1
        node.kinds[kind, default: 0] += 1
        switch document {
        case .list(let items), .tuple(let items), .set(let items):
            self.depth = max(self.depth, depth + 1)
            for item in items { descend(item, "[]", from: node, depth) }
        case .mapping(let mapping):
            self.depth = max(self.depth, depth + 1)
            keyCount += mapping.entries.count
            for entry in mapping.entries { descend(entry.value, entry.key.keyText, from: node, depth) }
        default: break
        }
    }

    /// Beyond the most paths all share one, so that they still are counted.
    private mutating func descend(_ document: Document, _ key: String, from node: OutlineNode, _ depth: Int) {
        if node.children[key] == nil, pathCount >= DocumentOutline.mostPaths {
            isCut = true
            return add(document, at: OutlineNode(), depth: depth + 1)
        }
        add(document, at: node.child(key, &pathCount), depth: depth + 1)
    }
}

/// What stands at one path.
private final class OutlineNode {
    var kinds: [String: Int] = [:]
    private(set) var children: [String: OutlineNode] = [:]
    private var order: [String] = []

    func child(_ key: String, _ count: inout Int) -> OutlineNode {
        if let child = children[key] { return child }
        let child = OutlineNode()
        children[key] = child
        order.append(key)
        count += 1
        return child
    }

    func collect(_ path: String, into rows: inout [[Document]]) {
        let types = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        rows.append([
            .string(path.isEmpty ? "." : path), .string(types.map(\.key).joined(separator: " or ")), .integer(types.reduce(0) { $0 + $1.value }),
        ])
        for key in order { children[key]?.collect(path.isEmpty || key == "[]" ? path + key : "\(path).\(key)", into: &rows) }
    }
}
