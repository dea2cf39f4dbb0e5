import CrateValues

/// An entry of an array of chunks.
struct HDF5ArrayEntry {
    /// Its place in the array.
    let number: Int
    /// Whether the array numbers the dimension without end first.
    let isEndless: Bool
    let address: Int
    /// Bytes as stored and filters left out; of filtered chunks only.
    let size: Int
    let skippedFilters: UInt32
}

/// How an array's entries are stored.
struct HDF5ArrayEntries {
    let file: HDF5File
    let isFiltered: Bool
    let entrySize: Int
    let isEndless: Bool

    init(_ file: HDF5File, client: UInt8, entrySize: Int, isEndless: Bool, _ reader: ByteReader) throws(FormatError) {
        guard client <= 1, entrySize >= file.offsetSize + (client == 1 ? 5 : 0), entrySize <= file.offsetSize + 12 else {
            throw reader.malformed("has an array of chunks whose entries have \(entrySize) bytes")
        }
        self.file = file
        isFiltered = client == 1
        self.entrySize = entrySize
        self.isEndless = isEndless
    }

    /// Takes `count` entries, of which the first has the number `first`, and leaves out those without a chunk.
    func read(_ count: Int, from first: Int, _ reader: inout ByteReader, into entries: inout [HDF5ArrayEntry]) throws(FormatError) {
        for number in first..<(first + count) {
            let address = try reader.address(file.offsetSize)
            let size = isFiltered ? try reader.size(entrySize - file.offsetSize - 4) : 0
            let skipped = isFiltered ? try reader.littleEndian(UInt32.self) : 0
            guard let address else { continue }
            entries.append(
                HDF5ArrayEntry(number: number, isEndless: isEndless, address: address, size: size, skippedFilters: skipped))
        }
    }

    /// Reads entries that stand in pages, each with its own checksum, as far as `isWritten` says so.
    func readPages(
        _ count: Int, of pageCount: Int, at address: Int, from first: Int, into entries: inout [HDF5ArrayEntry],
        isWritten: (Int) -> Bool
    ) throws(FormatError) {
        let pageSize = pageCount * entrySize + 4
        for page in 0..<((count - 1) / pageCount + 1) where isWritten(page) {
            let here = min(pageCount, count - page * pageCount)
            var reader = try file.block(at: address + page * pageSize, count: here * entrySize + 4)
            try read(here, from: first + page * pageCount, &reader, into: &entries)
            try reader.requireChecksum(from: 0)
        }
    }

    /// Bits count from the highest of each byte.
    static func isSet(_ bit: Int, in bitmap: [UInt8]) -> Bool { bit / 8 < bitmap.count && bitmap[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 }
}

/// Chunks of a dataset of fixed size, in one block or in pages.
struct HDF5FixedArray {
    private let file: HDF5File
    private let layout: HDF5ArrayEntries
    private let pageCount: Int
    private let count: Int
    private let block: Int?

    init(_ file: HDF5File, at address: Int) throws(FormatError) {
        self.file = file
        var reader = try file.block(at: address, count: 12 + file.lengthSize + file.offsetSize)
        try reader.requireSignature("FAHD")
        try reader.version(0...0, of: "fixed array")
        let client = try reader.byte()
        let entrySize = Int(try reader.byte())
        let pageBits = Int(try reader.byte())
        count = try reader.size(file.lengthSize)
        block = try reader.address(file.offsetSize)
        try reader.requireChecksum(from: 0)
        layout = try HDF5ArrayEntries(file, client: client, entrySize: entrySize, isEndless: false, reader)
        // Every entry has its bytes in the file.
        guard pageBits < 32, count <= file.bytes.count / entrySize else { throw reader.malformed("has a fixed array of \(count) chunks") }
        pageCount = 1 << pageBits
    }

    func entries() throws(FormatError) -> [HDF5ArrayEntry] {
        guard let block, count > 0 else { return [] }
        let isPaged = count > pageCount
        let bitmapSize = isPaged ? ((count - 1) / pageCount + 8) / 8 : 0
        let prefixSize = 6 + file.offsetSize + bitmapSize
        var reader = try file.block(at: block, count: prefixSize + (isPaged ? 0 : count * layout.entrySize) + 4)
        try reader.requireSignature("FADB")
        try reader.skip(2 + file.offsetSize)
        let bitmap = try reader.bytes(bitmapSize).array
        var entries: [HDF5ArrayEntry] = []
        if !isPaged { try layout.read(count, from: 0, &reader, into: &entries) }
        try reader.requireChecksum(from: 0)
        guard isPaged else { return entries }
        try layout.readPages(count, of: pageCount, at: block + prefixSize + 4, from: 0, into: &entries) {
            HDF5ArrayEntries.isSet($0, in: bitmap)
        }
        return entries
    }
}
