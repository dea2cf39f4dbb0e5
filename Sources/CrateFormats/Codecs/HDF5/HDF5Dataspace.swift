import CrateValues

/// The shape of a dataset or attribute.
struct HDF5Dataspace {
    let shape: [Int]
    /// As far as each dimension may grow; `nil` for without end. As many as `shape` has.
    let maximum: [Int?]
    /// Without even one element: h5py's Empty.
    let isNull: Bool

    /// As many dimensions as the reference allows.
    private static let highestRank = 32

    init(_ reader: inout ByteReader, lengthSize: Int) throws(FormatError) {
        let version = try reader.version(1...2, of: "dataspace")
        let rank = Int(try reader.byte())
        guard rank <= HDF5Dataspace.highestRank else { throw reader.malformed("has \(rank) dimensions") }
        let flags = try reader.byte()
        isNull = version == 1 ? false : try reader.byte() == 2
        if version == 1 { try reader.skip(5) }
        var sizes: [Int] = []
        for _ in 0..<rank { sizes.append(try reader.size(lengthSize)) }
        var maximum: [Int?] = sizes
        if flags & 1 != 0 {
            // The undefined address stands for no end here, too.
            for index in 0..<rank { maximum[index] = try reader.address(lengthSize) }
        }
        shape = sizes
        self.maximum = maximum
    }
}
