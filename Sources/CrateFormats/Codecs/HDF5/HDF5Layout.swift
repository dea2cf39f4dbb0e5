import CrateValues

/// Where a dataset's elements stand.
enum HDF5Layout {
    /// In the header itself.
    case compact(Bytes)
    /// In one piece; without an address when nothing was ever written.
    case contiguous(address: Int?, size: Int)
    case chunked(HDF5ChunkLayout)
    /// Parts of other datasets, mostly in other files.
    case virtual

    init(_ reader: inout ByteReader, _ file: HDF5File) throws(FormatError) {
        let version = try reader.version(1...5, of: "data layout")
        if version < 3 {
            self = try HDF5Layout.old(&reader, file)
            return
        }
        let kind = try reader.byte()
        switch kind {
        case 0: self = .compact(try reader.bytes(Int(try reader.littleEndian(UInt16.self))))
        case 1: self = .contiguous(address: try reader.address(file.offsetSize), size: try reader.size(file.lengthSize))
        case 2: self = .chunked(version == 3 ? try HDF5ChunkLayout(version3: &reader, file) : try HDF5ChunkLayout(version4: &reader, file))
        case 3: self = .virtual
        default: throw reader.error(.unsupported, "has a data layout of the unknown class \(kind)")
        }
    }

    /// Of files before HDF5 1.6.3. A contiguous piece has the size that its elements need.
    private static func old(_ reader: inout ByteReader, _ file: HDF5File) throws(FormatError) -> HDF5Layout {
        let rank = Int(try reader.byte())
        let kind = try reader.byte()
        try reader.skip(5)
        let address = kind == 0 ? nil : try reader.address(file.offsetSize)
        var sizes: [Int] = []
        for _ in 0..<rank { sizes.append(try reader.size(4)) }
        switch kind {
        case 0: return .compact(try reader.bytes(try reader.size(4)))
        case 1: return .contiguous(address: address, size: .max)
        case 2: return .chunked(HDF5ChunkLayout(chunk: Array(sizes.dropLast()), index: .tree, address: address))
        default: throw reader.error(.unsupported, "has a data layout of the unknown class \(kind)")
        }
    }
}

/// The size of chunks, and which kind of index leads to them.
struct HDF5ChunkLayout {
    enum Index {
        /// A B-tree of version 1.
        case tree
        /// One chunk for all; its stored size and skipped filters when it is filtered.
        case single(size: Int, skipped: UInt32)
        /// One after the other, all there.
        case implicit
        case fixedArray
        case extensibleArray
        /// A B-tree of version 2.
        case newTree
    }

    /// The sizes of a chunk, in elements.
    let chunk: [Int]
    let index: Index
    let address: Int?
    /// Chunks that reach over the edge are stored without filters.
    var keepsEdgesPlain = false

    init(chunk: [Int], index: Index, address: Int?) {
        self.chunk = chunk
        self.index = index
        self.address = address
    }

    /// The last size is that of an element.
    init(version3 reader: inout ByteReader, _ file: HDF5File) throws(FormatError) {
        let rank = Int(try reader.byte())
        address = try reader.address(file.offsetSize)
        var sizes: [Int] = []
        for _ in 0..<rank { sizes.append(try reader.size(4)) }
        chunk = Array(sizes.dropLast())
        index = .tree
    }

    init(version4 reader: inout ByteReader, _ file: HDF5File) throws(FormatError) {
        let flags = try reader.byte()
        let rank = Int(try reader.byte())
        let width = Int(try reader.byte())
        guard width <= 8 else { throw reader.malformed("has chunk sizes of \(width) bytes") }
        var sizes: [Int] = []
        for _ in 0..<rank { sizes.append(try reader.size(width)) }
        chunk = Array(sizes.dropLast())
        keepsEdgesPlain = flags & 1 != 0
        index = try HDF5ChunkLayout.index(&reader, file, isFiltered: flags & 2 != 0)
        address = try reader.address(file.offsetSize)
    }

    /// The index's parameters are repeated in its own header, but for those of the single chunk.
    private static func index(_ reader: inout ByteReader, _ file: HDF5File, isFiltered: Bool) throws(FormatError) -> Index {
        let kind = try reader.byte()
        switch kind {
        case 1:
            guard isFiltered else { return .single(size: 0, skipped: .max) }
            return .single(size: try reader.size(file.lengthSize), skipped: try reader.littleEndian(UInt32.self))
        case 2: return .implicit
        case 3:
            try reader.skip(1)
            return .fixedArray
        case 4:
            try reader.skip(5)
            return .extensibleArray
        case 5:
            try reader.skip(6)
            return .newTree
        default: throw reader.error(.unsupported, "has a chunk index of the unknown kind \(kind)")
        }
    }
}
