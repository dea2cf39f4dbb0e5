import CrateValues

/// Chunks of a dataset that grows without end in one dimension: some in the index, then in data blocks of doubling size, the later of which
/// are led to by super blocks.
struct HDF5ExtensibleArray {
    private let file: HDF5File
    private let layout: HDF5ArrayEntries
    /// Bits of the largest number of entries.
    private let maximumBits: Int
    /// Entries in the index itself.
    private let inIndex: Int
    private let smallestBlock: Int
    private let smallestPointers: Int
    private let pageCount: Int
    private let index: Int?

    /// Bytes of an entry's number in a block's head.
    private var numberSize: Int { (maximumBits + 7) / 8 }
    private var superBlockCount: Int { 1 + maximumBits - smallestBlock.trailingZeroBitCount }
    /// Super blocks whose data blocks the index leads to itself.
    private var directCount: Int { 2 * smallestPointers.trailingZeroBitCount }

    init(_ file: HDF5File, at address: Int) throws(FormatError) {
        self.file = file
        var reader = try file.block(at: address, count: 16 + 6 * file.lengthSize + file.offsetSize)
        try reader.requireSignature("EAHD")
        try reader.version(0...0, of: "extensible array")
        let client = try reader.byte()
        let entrySize = Int(try reader.byte())
        maximumBits = Int(try reader.byte())
        inIndex = Int(try reader.byte())
        smallestBlock = Int(try reader.byte())
        smallestPointers = Int(try reader.byte())
        let pageBits = Int(try reader.byte())
        try reader.skip(6 * file.lengthSize)
        index = try reader.address(file.offsetSize)
        try reader.requireChecksum(from: 0)
        layout = try HDF5ArrayEntries(file, client: client, entrySize: entrySize, isEndless: true, reader)
        guard maximumBits <= 48, pageBits <= 32, smallestBlock.isPowerOfTwo, smallestPointers.isPowerOfTwo,
            smallestBlock.trailingZeroBitCount <= maximumBits
        else { throw reader.malformed("has an impossible extensible array") }
        pageCount = 1 << pageBits
        guard directCount <= superBlockCount else { throw reader.malformed("has an impossible extensible array") }
    }

    func entries() throws(FormatError) -> [HDF5ArrayEntry] {
        guard let index else { return [] }
        let blockCount = 2 * (smallestPointers - 1)
        let size = 6 + file.offsetSize + inIndex * layout.entrySize + (blockCount + superBlockCount - directCount) * file.offsetSize + 4
        var reader = try file.block(at: index, count: size)
        try reader.requireSignature("EAIB")
        try reader.skip(2 + file.offsetSize)
        var entries: [HDF5ArrayEntry] = []
        try layout.read(inIndex, from: 0, &reader, into: &entries)
        var first = inIndex
        for number in 0..<superBlockCount {
            let shape = superBlock(number)
            if number < directCount {
                for _ in 0..<shape.blocks {
                    if let block = try reader.address(file.offsetSize) {
                        try readBlock(at: block, shape.entries, from: first, into: &entries) { _ in true }
                    }
                    first += shape.entries
                }
            } else {
                if let address = try reader.address(file.offsetSize) { try readSuperBlock(at: address, shape, from: first, into: &entries) }
                first += shape.blocks * shape.entries
            }
        }
        try reader.requireChecksum(from: 0)
        return entries
    }

    /// How many data blocks belong to a super block, and how many entries each of them has.
    private func superBlock(_ number: Int) -> (blocks: Int, entries: Int) { (1 << (number / 2), smallestBlock << ((number + 1) / 2)) }

    private func readSuperBlock(
        at address: Int, _ shape: (blocks: Int, entries: Int), from first: Int, into entries: inout [HDF5ArrayEntry]
    ) throws(FormatError) {
        let pages = shape.entries > pageCount ? shape.entries / pageCount : 0
        let bitmapSize = shape.blocks * ((pages + 7) / 8)
        let size = 6 + file.offsetSize + numberSize + bitmapSize + shape.blocks * file.offsetSize + 4
        var reader = try file.block(at: address, count: size)
        try reader.requireSignature("EASB")
        try reader.skip(2 + file.offsetSize + numberSize)
        let bitmap = try reader.bytes(bitmapSize).array
        for block in 0..<shape.blocks {
            guard let address = try reader.address(file.offsetSize) else { continue }
            try readBlock(at: address, shape.entries, from: first + block * shape.entries, into: &entries) { page in
                HDF5ArrayEntries.isSet(block * pages + page, in: bitmap)
            }
        }
        try reader.requireChecksum(from: 0)
    }

    private func readBlock(
        at address: Int, _ count: Int, from first: Int, into entries: inout [HDF5ArrayEntry], isWritten: (Int) -> Bool
    ) throws(FormatError) {
        let isPaged = count > pageCount
        let prefixSize = 6 + file.offsetSize + numberSize
        var reader = try file.block(
            at: address, count: prefixSize + (isPaged ? 0 : count.multipliedClamped(by: layout.entrySize)).addingClamped(4))
        try reader.requireSignature("EADB")
        try reader.skip(2 + file.offsetSize + numberSize)
        if !isPaged { try layout.read(count, from: first, &reader, into: &entries) }
        try reader.requireChecksum(from: 0)
        if isPaged {
            try layout.readPages(count, of: pageCount, at: address + prefixSize + 4, from: first, into: &entries, isWritten: isWritten)
        }
    }
}

extension Int {
    fileprivate var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}
