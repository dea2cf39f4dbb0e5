import CrateValues

/// Texts of varying length, shared by the whole file.
struct HDF5GlobalHeap {
    private var objects: [Int: Bytes] = [:]

    init(_ file: HDF5File, at address: Int) throws(FormatError) {
        let prefixSize = 8 + file.lengthSize
        var prefix = try file.block(at: address, count: prefixSize)
        try prefix.requireSignature("GCOL")
        try prefix.version(1...1, of: "global heap")
        try prefix.skip(3)
        let size = try prefix.size(file.lengthSize)
        guard size >= prefixSize else { throw prefix.malformed("has a global heap of \(size) bytes") }
        var reader = try file.block(at: address + prefixSize, count: size - prefixSize)
        while reader.remaining >= 8 + file.lengthSize {
            let index = Int(try reader.littleEndian(UInt16.self))
            // Free space, up to the end.
            if index == 0 { break }
            try reader.skip(6)
            let size = try reader.size(file.lengthSize)
            objects[index] = try reader.bytes(size)
            try reader.skip(min((size &+ 7) / 8 * 8 - size, reader.remaining))
        }
    }

    subscript(index: Int) -> Bytes? { objects[index] }
}
