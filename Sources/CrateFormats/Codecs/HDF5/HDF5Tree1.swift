import CrateValues

/// B-trees of version 1, which lead to old groups' links and to chunks.
struct HDF5Tree1 {
    private let file: HDF5File
    private let kind: UInt8
    private let keySize: Int

    init(_ file: HDF5File, kind: UInt8, keySize: Int) {
        self.file = file
        self.kind = kind
        self.keySize = keySize
    }

    /// Calls `body` with each leaf's key and the address that it leads to, in order.
    func visit(_ root: Int, _ body: (ByteReader, Int) throws(FormatError) -> Void) throws(FormatError) {
        var pending = [(address: root, level: -1)]
        while let (address, expected) = pending.popLast() {
            var children: [(address: Int, level: Int)] = []
            let level = try node(at: address, expected: expected) { (level, key, child) throws(FormatError) in
                if level == 0 { try body(key, child) } else { children.append((child, level - 1)) }
            }
            if level > 0 { pending.append(contentsOf: children.reversed()) }
        }
    }

    /// Reads one node, whose level must be the one that its parent expects. Levels only go down, so there are no circles.
    private func node(
        at address: Int, expected: Int, _ body: (Int, ByteReader, Int) throws(FormatError) -> Void
    ) throws(FormatError) -> Int {
        let prefixSize = 8 + 2 * file.offsetSize
        var prefix = try file.block(at: address, count: prefixSize)
        try prefix.requireSignature("TREE")
        guard try prefix.byte() == kind else { throw prefix.malformed("has a B-tree of another kind than it should be") }
        let level = Int(try prefix.byte())
        guard expected < 0 || level == expected else { throw prefix.malformed("has a B-tree whose levels are out of order") }
        let count = Int(try prefix.littleEndian(UInt16.self))
        var entries = try file.block(at: address + prefixSize, count: count * (keySize + file.offsetSize))
        for _ in 0..<count {
            let position = entries.origin + entries.position
            let key = ByteReader(try entries.bytes(keySize), format: HDF5.format, origin: position)
            try body(level, key, try entries.definedAddress(file.offsetSize))
        }
        return level
    }
}
