import CrateValues

/// The start of a file: how wide its numbers are, and where its first group stands.
struct HDF5Superblock {
    let version: Int
    /// Bytes of an address and of a length.
    let offsetSize: Int
    let lengthSize: Int
    /// The object header of the root group.
    let root: Int
    /// Where the file's own data end.
    let end: Int

    /// Where the superblock begins: at the start, or at 512, 1024, 2048 … when a block of the user's own comes first.
    static func position(in bytes: Bytes) -> Int? {
        var position = 0
        while position < bytes.count {
            if bytes.starts(with: HDF5.signature, at: position) { return position }
            position = position == 0 ? 512 : position * 2
        }
        return nil
    }

    init(_ reader: inout ByteReader) throws(FormatError) {
        try reader.skip(HDF5.signature.count)
        version = Int(try reader.byte())
        guard version <= 3 else { throw reader.error(.unsupported, "has a superblock of version \(version); 0 to 3 are known") }
        // Versions of the free-space list, the root group's entry and the shared messages, and a reserved byte.
        if version < 2 { try reader.skip(4) }
        offsetSize = try HDF5Superblock.width(&reader)
        lengthSize = try HDF5Superblock.width(&reader)
        // Version 0 and 1: a reserved byte, the sizes of groups' nodes and flags; in version 1 that of chunks', too. Later: flags.
        try reader.skip(version < 2 ? 1 + 4 + 4 + (version == 1 ? 4 : 0) : 1)
        // The base address is where the superblock is, whatever stands here, as the reference takes it.
        try reader.skip(offsetSize)
        _ = try reader.address(offsetSize)
        guard let end = try reader.address(offsetSize) else { throw reader.malformed("does not say where it ends") }
        self.end = end
        if version < 2 { try reader.skip(2 * offsetSize) }
        guard let root = try reader.address(offsetSize) else { throw reader.malformed("has no root group") }
        self.root = root
        if version >= 2 { try reader.requireChecksum(from: 0) }
    }

    private static func width(_ reader: inout ByteReader) throws(FormatError) -> Int {
        let width = Int(try reader.byte())
        guard width == 2 || width == 4 || width == 8 else { throw reader.error(.unsupported, "has addresses or lengths of \(width) bytes") }
        return width
    }
}
