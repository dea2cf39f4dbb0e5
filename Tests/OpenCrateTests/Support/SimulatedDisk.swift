import Glibc

@testable import OpenCrate

/// A disk in memory that knows what would be left after a loss of power: what was synchronised for certain, and of the rest any part.
///
/// Stricter than real file systems: making a file last does not make its name last, and changes of names last in no order, but for those
/// of one name.
struct SimulatedDisk {
    static let root = 1

    struct Node {
        var kind: FileStatus.Kind
        var data: [UInt8] = []
        var entries: [String: Int] = [:]
        var target = ""
        var modified = 0
        var permissions: UInt32 = 0o644
        /// What is on the disk for certain.
        var lastingData: [UInt8] = []
        var lastingEntries: [String: Int] = [:]
        var lastingModified = 0
    }

    /// A change of names that is not on the disk for certain.
    enum Change {
        case add(Int, String, Int)
        case remove(Int, String)
        case move(Int, String, Int, String, Int)
        case exchange(Int, String, Int, Int, String, Int)

        func touches(_ folder: Int) -> Bool {
            switch self {
            case .add(let own, _, _), .remove(let own, _): own == folder
            case .move(let from, _, let to, _, _): from == folder || to == folder
            case .exchange(let first, _, _, let second, _, _): first == folder || second == folder
            }
        }

        var names: [String] {
            switch self {
            case .add(let folder, let name, _), .remove(let folder, let name): ["\(folder)/\(name)"]
            case .move(let from, let old, let to, let new, _): ["\(from)/\(old)", "\(to)/\(new)"]
            case .exchange(let from, let first, _, let to, let second, _): ["\(from)/\(first)", "\(to)/\(second)"]
            }
        }
    }

    private(set) var nodes: [Int: Node] = [root: Node(kind: .directory, permissions: 0o755)]
    private(set) var pending: [Change] = []
    private var nextNode = 2
    private var time = 1_763_293_463_000_000_000

    mutating func tick() -> Int {
        time += 1_000_000
        return time
    }

    subscript(node: Int) -> Node {
        get { nodes[node] ?? Node(kind: .other) }
        set { nodes[node] = newValue }
    }

    mutating func make(_ kind: FileStatus.Kind, _ permissions: UInt32 = 0o644) -> Int {
        defer { nextNode += 1 }
        nodes[nextNode] = Node(kind: kind, modified: tick(), permissions: permissions)
        return nextNode
    }

    mutating func change(_ change: Change) {
        SimulatedDisk.apply(change, to: &nodes, \.entries)
        pending.append(change)
    }

    private static func apply(_ change: Change, to nodes: inout [Int: Node], _ entries: WritableKeyPath<Node, [String: Int]>) {
        switch change {
        case .add(let folder, let name, let node): nodes[folder]?[keyPath: entries][name] = node
        case .remove(let folder, let name): nodes[folder]?[keyPath: entries][name] = nil
        case .move(let from, let old, let to, let new, let node):
            nodes[from]?[keyPath: entries][old] = nil
            nodes[to]?[keyPath: entries][new] = node
        case .exchange(let from, let first, let one, let to, let second, let other):
            nodes[from]?[keyPath: entries][first] = other
            nodes[to]?[keyPath: entries][second] = one
        }
    }

    /// What `fsync` of this file or folder promises.
    mutating func synchronize(_ node: Int) {
        self[node].lastingData = self[node].data
        self[node].lastingModified = self[node].modified
        let lasting = withEarlier { $0.touches(node) }
        for (change, lasts) in zip(pending, lasting) where lasts { SimulatedDisk.apply(change, to: &nodes, \.lastingEntries) }
        pending = zip(pending, lasting).filter { !$0.1 }.map(\.0)
    }

    /// Which pending changes are chosen, and with each the earlier ones of its names: no disk has a folder under two names.
    private func withEarlier(_ isChosen: (Change) -> Bool) -> [Bool] {
        var chosen = [Bool](repeating: false, count: pending.count)
        var names = Set<String>()
        for index in pending.indices.reversed() where isChosen(pending[index]) || !names.isDisjoint(with: pending[index].names) {
            chosen[index] = true
            names.formUnion(pending[index].names)
        }
        return chosen
    }

    /// How many names lead to the node.
    func links(to node: Int) -> Int { nodes.values.reduce(0) { $0 + $1.entries.values.count { $0 == node } } }

    /// What of the unsynchronised is there after a loss of power.
    enum Survival { case nothing, everything, some(UInt64) }

    /// The disk as the next process finds it.
    func afterLossOfPower(_ survival: Survival) -> SimulatedDisk {
        var next = self
        var generator = SimulatedEntropy(seed: { if case .some(let seed) = survival { seed } else { 0 } }())
        func survives() -> Bool {
            switch survival {
            case .nothing: false
            case .everything: true
            case .some: generator.next() & 1 == 0
            }
        }
        for (change, lasts) in zip(pending, withEarlier { _ in survives() }) where lasts {
            SimulatedDisk.apply(change, to: &next.nodes, \.lastingEntries)
        }
        for number in nodes.keys.sorted() {
            var node = self[number]
            node.entries = next[number].lastingEntries
            if node.kind == .file, node.data != node.lastingData {
                let isWhole = survives()
                // A part of what was appended may be there, too.
                let isPart = !isWhole && node.data.starts(with: node.lastingData) && survives()
                if isPart { node.data = Array(node.data.prefix(node.lastingData.count + (node.data.count - node.lastingData.count) / 2)) }
                if !isWhole && !isPart { node.data = node.lastingData }
            }
            node.lastingData = node.data
            node.lastingEntries = node.entries
            node.lastingModified = node.modified
            next.nodes[number] = node
        }
        next.pending = []
        return next
    }
}

/// Numbers that come again with the same seed.
struct SimulatedEntropy: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
