import CrateValues

/// Builds the structures that stand behind the arrays: each object's after those of the objects inside it, whose addresses it needs.
struct HDF5Writer {
    static let superblockSize = 96
    /// Entries of half a node of links, and of half a node of their tree.
    private static let leafHalf = 4
    private static let treeHalf = 16
    private static let undefined = UInt64.max
    private static let largestMessage = 65_528

    /// Where the arrays begin.
    private let firstContent: Int
    /// Where the structures begin.
    private let address: Int
    private(set) var structures: [UInt8] = []

    private var next: Int { address + structures.count }

    init(firstContent: Int, address: Int) {
        self.firstContent = firstContent
        self.address = address
    }

    /// Lays out everything and gives the file's first bytes.
    mutating func superblock(_ root: HDF5Node) throws(FormatError) -> [UInt8] {
        let object = try emit(root)
        var bytes = HDF5.signature + [0, 0, 0, 0, 0, 8, 8, 0]
        bytes.append(littleEndian: UInt16(HDF5Writer.leafHalf))
        bytes.append(littleEndian: UInt16(HDF5Writer.treeHalf))
        bytes.append(littleEndian: UInt32(0))
        for value in [0, HDF5Writer.undefined, UInt64(next), HDF5Writer.undefined] { bytes.append(littleEndian: value) }
        // The root's entry, with the addresses of its tree and heap.
        for value in [0, UInt64(object.header), 1, UInt64(object.tree), UInt64(object.heap)] { bytes.append(littleEndian: value) }
        return bytes
    }

    private typealias Object = (header: Int, tree: Int, heap: Int)

    private mutating func emit(_ node: HDF5Node) throws(FormatError) -> Object {
        switch node {
        case .group(let children, let attributes):
            var objects: [Int] = []
            for child in children { objects.append(try emit(child.node).header) }
            let (tree, heap) = links(children.map(\.name), objects)
            var table: [UInt8] = []
            table.append(littleEndian: UInt64(tree))
            table.append(littleEndian: UInt64(heap))
            return (try header([(HDF5MessageKind.symbolTable, table)], attributes), tree, heap)
        case .dataset(let value, let start, let attributes):
            return (try header(dataset(value, start), attributes), 0, 0)
        }
    }

    // MARK: Headers

    private func dataset(_ value: HDF5Value, _ start: Int?) -> [(kind: Int, body: [UInt8])] {
        var layout: [UInt8] = [3, 1]
        layout.append(littleEndian: start.map { UInt64(firstContent + $0) } ?? HDF5Writer.undefined)
        layout.append(littleEndian: UInt64(value.byteCount))
        // Space is taken late, and a fill value is written only if one is set, which none is.
        let fill: [UInt8] = [2, 2, 2, 1, 0, 0, 0, 0]
        return [
            (HDF5MessageKind.dataspace, value.space), (HDF5MessageKind.datatype, value.type), (HDF5MessageKind.fillValue, fill),
            (HDF5MessageKind.layout, layout),
        ]
    }

    private mutating func header(
        _ messages: [(kind: Int, body: [UInt8])], _ attributes: [(name: String, value: HDF5Value)]
    ) throws(FormatError) -> Int {
        var bodies: [UInt8] = []
        for (kind, body) in messages { HDF5Writer.append(kind, body, to: &bodies) }
        for (name, value) in attributes {
            let body = try HDF5Writer.attribute(name, value)
            guard body.count <= HDF5Writer.largestMessage else {
                throw FormatError(
                    .unrepresentable, HDF5.format, "has the attribute \(name) of \(body.count) bytes; \(HDF5Writer.largestMessage) fit",
                    at: .member(name),
                    hint: "save it as an array of the group")
            }
            HDF5Writer.append(HDF5MessageKind.attribute, body, to: &bodies)
        }
        guard messages.count + attributes.count <= UInt16.max else {
            throw FormatError(.unrepresentable, HDF5.format, "has \(attributes.count) attributes in one place; 65,000 are possible")
        }
        let start = next
        structures += [1, 0]
        structures.append(littleEndian: UInt16(messages.count + attributes.count))
        structures.append(littleEndian: UInt32(1))
        structures.append(littleEndian: UInt32(truncatingIfNeeded: bodies.count))
        structures.append(littleEndian: UInt32(0))
        structures += bodies
        return start
    }

    private static func append(_ kind: Int, _ body: [UInt8], to bytes: inout [UInt8]) {
        let padded = (body.count + 7) & ~7
        bytes.append(littleEndian: UInt16(kind))
        bytes.append(littleEndian: UInt16(padded))
        bytes += [0, 0, 0, 0]
        bytes += body
        bytes.padToEight()
    }

    /// Version 3, whose name is UTF-8.
    private static func attribute(_ name: String, _ value: HDF5Value) throws(FormatError) -> [UInt8] {
        let text = Array(name.utf8) + [0]
        var body: [UInt8] = [3, 0]
        for size in [text.count, value.type.count, value.space.count] { body.append(littleEndian: UInt16(truncatingIfNeeded: size)) }
        body += [1] + text + value.type + value.space
        guard value.byteCount + text.count <= largestMessage else { return body + [UInt8](repeating: 0, count: largestMessage) }
        switch value.content {
        case .bytes(let bytes): body += bytes
        case .tensor(let tensor):
            body += try ElementBytes.computed(HDF5.format) { () throws(ArrayError) in try tensor.copied() }.bytes.array
        }
        return body
    }

    // MARK: Links

    /// Names, which are sorted, and their objects' headers. Gives the addresses of the tree and of the heap of names.
    private mutating func links(_ names: [[UInt8]], _ objects: [Int]) -> (tree: Int, heap: Int) {
        // The heap begins with an empty name, which is less than all others.
        var segment = [UInt8](repeating: 0, count: 8)
        var offsets: [Int] = []
        for name in names {
            offsets.append(segment.count)
            segment += name + [0]
            segment.padToEight()
        }
        let nodes = linkNodes(offsets, objects)
        let tree = self.tree(nodes)
        let heap = next
        structures += Array("HEAP".utf8) + [0, 0, 0, 0]
        // Its size, no free space (which 1 stands for), and where it is: right behind.
        for value in [segment.count, 1, heap + 32] { structures.append(littleEndian: UInt64(value)) }
        structures += segment
        return (tree, heap)
    }

    /// Nodes of up to eight links, each with the name of its last one.
    private mutating func linkNodes(_ offsets: [Int], _ objects: [Int]) -> [(address: Int, last: Int)] {
        let most = 2 * HDF5Writer.leafHalf
        var nodes: [(address: Int, last: Int)] = []
        for first in stride(from: 0, to: objects.count, by: most) {
            let range = first..<min(first + most, objects.count)
            nodes.append((next, offsets[range.upperBound - 1]))
            structures += Array("SNOD".utf8) + [1, 0]
            structures.append(littleEndian: UInt16(range.count))
            for index in range {
                structures.append(littleEndian: UInt64(offsets[index]))
                structures.append(littleEndian: UInt64(objects[index]))
                structures += [UInt8](repeating: 0, count: 24)
            }
            structures += [UInt8](repeating: 0, count: (most - range.count) * 40)
        }
        return nodes
    }

    /// Levels of nodes of up to 32 children, until one is left.
    private mutating func tree(_ leaves: [(address: Int, last: Int)]) -> Int {
        var (nodes, level) = (leaves, UInt8(0))
        repeat {
            nodes = treeLevel(nodes, level)
            level += 1
        } while nodes.count > 1
        return nodes.first?.address ?? 0
    }

    private mutating func treeLevel(_ children: [(address: Int, last: Int)], _ level: UInt8) -> [(address: Int, last: Int)] {
        let most = 2 * HDF5Writer.treeHalf
        let size = 24 + (2 * most + 1) * 8
        let count = max((children.count + most - 1) / most, 1)
        let base = next
        var nodes: [(address: Int, last: Int)] = []
        // The name before the first.
        var last = 0
        for number in 0..<count {
            let part = children.dropFirst(number * most).prefix(most)
            let address = base + number * size
            structures += Array("TREE".utf8) + [0, level]
            structures.append(littleEndian: UInt16(part.count))
            structures.append(littleEndian: number == 0 ? HDF5Writer.undefined : UInt64(address - size))
            structures.append(littleEndian: number == count - 1 ? HDF5Writer.undefined : UInt64(address + size))
            structures.append(littleEndian: UInt64(last))
            for child in part {
                structures.append(littleEndian: UInt64(child.address))
                structures.append(littleEndian: UInt64(child.last))
                last = child.last
            }
            structures += [UInt8](repeating: 0, count: address + size - next)
            nodes.append((address, last))
        }
        return nodes
    }
}
