import CrateValues

/// A folder's content, ready to be shown as a tree.
public struct FileTree: Sendable {
    /// One file or folder.
    public struct Node: Sendable {
        public var name: String
        public var isFolder: Bool
        /// Folders first, each by lower-cased name. Empty beyond the depth that was asked for.
        public var children: [Node]
        /// Bytes, of a folder all it holds.
        public var size: Int
        /// Local time.
        public var modified: Timestamp

        public init(name: String, isFolder: Bool, children: [Node] = [], size: Int, modified: Timestamp) {
            self.name = name
            self.isFolder = isFolder
            self.children = children
            self.size = size
            self.modified = modified
        }
    }

    public var root: Node

    public init(root: Node) { self.root = root }

    /// The tree's lines: the root's name, then a branch for each entry, folders ending in `/`.
    ///
    /// - Parameters:
    ///   - verbose: add when it was changed and its size: `(2026-11-22 20:29, 269.02 KB)`.
    ///   - inColour: folders blue, details dim.
    public func lines(verbose: Bool = false, inColour: Bool = false) -> [String] {
        var lines = [FileTree.printable(root.name)]
        add(root.children, "", verbose, inColour, to: &lines)
        return lines
    }

    private func add(_ nodes: [Node], _ indent: String, _ verbose: Bool, _ inColour: Bool, to lines: inout [String]) {
        for (index, node) in nodes.enumerated() {
            let isLast = index == nodes.count - 1
            lines.append(indent + (isLast ? "└── " : "├── ") + label(node, verbose, inColour))
            add(node.children, indent + (isLast ? "    " : "│   "), verbose, inColour, to: &lines)
        }
    }

    private func label(_ node: Node, _ verbose: Bool, _ inColour: Bool) -> String {
        var label = FileTree.printable(node.name) + (node.isFolder ? "/" : "")
        if node.isFolder && inColour { label = "\u{1B}[34;1m\(label)\u{1B}[0m" }
        guard verbose else { return label }
        let details = "(\(node.modified.dayAndMinute), \(ByteCount.text(node.size)))"
        return label + (inColour ? " \u{1B}[2m\(details)\u{1B}[0m" : " " + details)
    }

    /// Names may hold control characters, which must not reach a terminal.
    private static func printable(_ name: String) -> String {
        if !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}
