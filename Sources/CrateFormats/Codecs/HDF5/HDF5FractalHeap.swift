import CrateValues

/// Where new groups keep many links, and objects many attributes: blocks of doubling size.
struct HDF5FractalHeap {
    private let file: HDF5File
    /// Bytes of what leads to an object.
    let identifierSize: Int
    private let hasChecksums: Bool
    private let largestManaged: Int
    private let hugeTree: Int?
    private let width: Int
    private let startSize: Int
    private let largestDirect: Int
    private let offsetBits: Int
    private let root: Int?
    private let rootRows: Int

    init(_ file: HDF5File, at address: Int) throws(FormatError) {
        self.file = file
        var reader = try file.block(at: address, count: 26 + 12 * file.lengthSize + 3 * file.offsetSize)
        try reader.requireSignature("FRHP")
        try reader.version(0...0, of: "fractal heap")
        identifierSize = try reader.size(2)
        guard try reader.size(2) == 0 else { throw reader.error(.unsupported, "has a fractal heap with filters") }
        hasChecksums = try reader.byte() & 2 != 0
        largestManaged = try reader.size(4)
        try reader.skip(file.lengthSize)
        hugeTree = try reader.address(file.offsetSize)
        // Free space and its manager, then sizes and counts.
        try reader.skip(file.lengthSize + file.offsetSize + 8 * file.lengthSize)
        width = try reader.size(2)
        startSize = try reader.size(file.lengthSize)
        largestDirect = try reader.size(file.lengthSize)
        offsetBits = try reader.size(2)
        try reader.skip(2)
        root = try reader.address(file.offsetSize)
        rootRows = try reader.size(2)
        try reader.requireChecksum(from: 0)
        guard startSize > 0, width > 0, (1...62).contains(offsetBits), startSize <= 1 << 40, largestDirect <= 1 << 40,
            largestDirect >= startSize,
            identifierSize <= 64, rootRows <= 64
        else { throw reader.malformed("has an impossible fractal heap") }
    }

    private var offsetSize: Int { (offsetBits + 7) / 8 }
    /// Rows of blocks that hold objects; later rows lead to further blocks.
    private var directRows: Int { largestDirect.bitLength - startSize.bitLength + 2 }

    /// The object that `identifier` leads to.
    func object(_ identifier: ByteReader) throws(FormatError) -> ByteReader {
        var reader = identifier
        let flags = try reader.byte()
        switch flags >> 4 & 3 {
        case 0:
            let offset = try reader.size(offsetSize)
            let length = try reader.size(min((largestDirect.bitLength + 6) / 8, largestManaged.byteLength))
            return try managed(offset, length)
        case 1: return try huge(try reader.unsigned(min(max(identifierSize - 1, 0), 8)))
        case 2:
            // Objects of up to 16 bytes stand in the identifier; a longer identifier needs more bits to count them.
            let isLong = identifierSize > 17
            let length = isLong ? Int(flags & 0x0F) << 8 | Int(try reader.byte()) : Int(flags & 0x0F)
            let position = reader.origin + reader.position
            return ByteReader(try reader.bytes(length + 1), format: HDF5.format, origin: position)
        default: throw reader.malformed("leads to no object of a fractal heap")
        }
    }

    // MARK: Managed objects

    private func rowSize(_ row: Int) -> Int { startSize.multipliedClamped(by: 1 << min(max(row - 1, 0), 61)) }

    /// Goes down from the root to the block in whose range `offset` is.
    private func managed(_ offset: Int, _ length: Int) throws(FormatError) -> ByteReader {
        guard var address = root else { throw FormatError(.malformed, HDF5.format, "has an empty fractal heap where an object should be") }
        var (rows, start, size) = (rootRows, 0, startSize)
        while rows > 0 {
            let child = try position(of: offset - start, rows: rows)
            address = try self.child(child, ofBlockAt: address, rows: rows)
            start += child.start
            size = rowSize(child.row)
            rows = child.row < directRows ? 0 : size.bitLength - (startSize * width).bitLength + 1
        }
        var block = try file.block(at: address, count: 5 + file.offsetSize + offsetSize + (hasChecksums ? 4 : 0))
        try block.requireSignature("FHDB")
        guard offset >= start, offset - start <= size, length <= size - (offset - start) else {
            throw block.malformed("has an object outside its block")
        }
        return try file.block(at: address + offset - start, count: length)
    }

    /// The row and column whose block `offset` is in, and where that block starts, both from the start of the block above.
    private func position(of offset: Int, rows: Int) throws(FormatError) -> (row: Int, column: Int, start: Int) {
        var start = 0
        for row in 0..<rows where row < 60 {
            let size = rowSize(row)
            let all = size.multipliedClamped(by: width)
            if offset >= start, offset - start < all { return (row, (offset - start) / size, start + (offset - start) / size * size) }
            start = start.addingClamped(all)
        }
        throw FormatError(.malformed, HDF5.format, "has an object outside its fractal heap")
    }

    private func child(_ child: (row: Int, column: Int, start: Int), ofBlockAt address: Int, rows: Int) throws(FormatError) -> Int {
        let prefixSize = 5 + file.offsetSize + offsetSize
        var prefix = try file.block(at: address, count: prefixSize)
        try prefix.requireSignature("FHIB")
        var entry = try file.block(at: address + prefixSize + (child.row * width + child.column) * file.offsetSize, count: file.offsetSize)
        return try entry.definedAddress(file.offsetSize)
    }

    // MARK: Huge objects

    /// Each stands on its own; a B-tree leads from its number to its place.
    private func huge(_ number: UInt64) throws(FormatError) -> ByteReader {
        guard let hugeTree else { throw FormatError(.malformed, HDF5.format, "has no tree of huge objects where one should be") }
        for record in try HDF5Tree2(file, at: hugeTree).records() {
            var record = record
            let address = try record.definedAddress(file.offsetSize)
            let length = try record.size(file.lengthSize)
            if try record.unsigned(file.lengthSize) == number { return try file.block(at: address, count: length) }
        }
        throw FormatError(.malformed, HDF5.format, "has no huge object of the number \(number)")
    }
}

extension Int {
    /// Bits up to the highest that is set.
    fileprivate var bitLength: Int { Int.bitWidth - leadingZeroBitCount }
    /// The fewest bytes that hold it.
    fileprivate var byteLength: Int { (Swift.max(bitLength, 1) + 7) / 8 }
}
