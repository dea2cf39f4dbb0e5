import CrateValues

/// B-trees of version 2, whose records are the content itself.
struct HDF5Tree2 {
    private let file: HDF5File
    private let nodeSize: Int
    let recordSize: Int
    private let depth: Int
    private let root: Int?
    private let rootCount: Int
    /// Bytes of the counts that inner nodes keep of their children's records, by the children's level; the second of all below.
    private let countWidth: Int
    private var totalWidths: [Int] = [0]

    /// Deeper trees than this hold more records than there are atoms.
    private static let deepest = 32

    init(_ file: HDF5File, at address: Int) throws(FormatError) {
        self.file = file
        var reader = try file.block(at: address, count: 22 + file.offsetSize + file.lengthSize)
        try reader.requireSignature("BTHD")
        try reader.version(0...0, of: "B-tree")
        try reader.skip(1)
        nodeSize = try reader.size(4)
        recordSize = try reader.size(2)
        depth = try reader.size(2)
        try reader.skip(2)
        root = try reader.address(file.offsetSize)
        rootCount = try reader.size(2)
        try reader.skip(file.lengthSize)
        try reader.requireChecksum(from: 0)
        guard recordSize > 0, nodeSize > 10 + recordSize, depth <= HDF5Tree2.deepest else {
            throw reader.malformed("has an impossible B-tree")
        }
        // The widths follow from the most records that can be below a node.
        let leafMost = (nodeSize - 10) / recordSize
        countWidth = HDF5Tree2.width(leafMost)
        var most = leafMost
        for level in 0..<depth where level > 0 {
            let pointer = file.offsetSize + countWidth + totalWidths[level - 1]
            let here = max((nodeSize - 10 - pointer) / (recordSize + pointer), 0)
            most = (here + 1).multipliedClamped(by: most).addingClamped(here)
            totalWidths.append(HDF5Tree2.width(most))
        }
    }

    private static func width(_ most: Int) -> Int { (Int.bitWidth - max(most, 1).leadingZeroBitCount - 1) / 8 + 1 }

    /// A cursor over each record. They are not in order: an inner node's come before those below it.
    func records() throws(FormatError) -> [ByteReader] {
        guard let root else { return [] }
        var records: [ByteReader] = []
        var pending = [(address: root, count: rootCount, level: depth)]
        while let (address, count, level) = pending.popLast() {
            let pointer = level == 0 ? 0 : file.offsetSize + countWidth + totalWidths[level - 1]
            let size = 6 + count * recordSize + (level == 0 ? 0 : (count + 1) * pointer)
            var reader = try file.block(at: address, count: size + 4)
            try reader.requireSignature(level == 0 ? "BTLF" : "BTIN")
            try reader.skip(2)
            for _ in 0..<count {
                let position = reader.origin + reader.position
                records.append(ByteReader(try reader.bytes(recordSize), format: HDF5.format, origin: position))
            }
            if level > 0 {
                for _ in 0...count {
                    let child = try reader.definedAddress(file.offsetSize)
                    pending.append((child, try reader.size(countWidth), level - 1))
                    try reader.skip(totalWidths[level - 1])
                }
            }
            try reader.requireChecksum(from: 0)
        }
        return records
    }
}
