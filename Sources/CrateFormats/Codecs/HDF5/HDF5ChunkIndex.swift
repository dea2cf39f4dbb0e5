import CrateValues

/// Finds a dataset's chunks through whichever index it has.
struct HDF5ChunkIndex {
    let file: HDF5File
    let grid: HDF5ChunkGrid
    let isFiltered: Bool

    func chunks(_ layout: HDF5ChunkLayout) throws(FormatError) -> [HDF5Chunk] {
        guard let address = layout.address, grid.total > 0 else { return [] }
        switch layout.index {
        case .tree: return try tree(at: address)
        case .single(let size, let skipped):
            let place = [Int](repeating: 0, count: grid.chunk.count)
            return [
                HDF5Chunk(
                    place: place, address: address, size: isFiltered ? size : grid.chunkBytes, skippedFilters: isFiltered ? skipped : 0)
            ]
        case .implicit: return try implicit(at: address)
        case .fixedArray: return try HDF5FixedArray(file, at: address).entries().compactMap(chunk)
        case .extensibleArray: return try HDF5ExtensibleArray(file, at: address).entries().compactMap(chunk)
        case .newTree: return try newTree(at: address)
        }
    }

    private func chunk(_ entry: HDF5ArrayEntry) -> HDF5Chunk? {
        guard let place = grid.place(inArray: entry.number, endlessFirst: entry.isEndless) else { return nil }
        return HDF5Chunk(
            place: place, address: entry.address, size: isFiltered ? entry.size : grid.chunkBytes,
            skippedFilters: isFiltered ? entry.skippedFilters : 0)
    }

    private func implicit(at address: Int) throws(FormatError) -> [HDF5Chunk] {
        // All chunks must be there, which also bounds their number.
        _ = try file.data(at: address, count: grid.total.multipliedClamped(by: grid.chunkBytes))
        var chunks: [HDF5Chunk] = []
        for number in 0..<grid.total {
            guard let place = grid.place(inArray: number, endlessFirst: false) else { continue }
            chunks.append(HDF5Chunk(place: place, address: address + number * grid.chunkBytes, size: grid.chunkBytes, skippedFilters: 0))
        }
        return chunks
    }

    // MARK: B-trees

    /// Keys tell a chunk's stored size, its filters, and the first element's index in each dimension, and one more for the bytes of an
    /// element.
    private func tree(at root: Int) throws(FormatError) -> [HDF5Chunk] {
        let keySize = 8 + 8 * (grid.chunk.count + 1)
        var chunks: [HDF5Chunk] = []
        try HDF5Tree1(file, kind: 1, keySize: keySize).visit(root) { (key, child) throws(FormatError) in
            var key = key
            let size = try key.size(4)
            let skipped = try key.littleEndian(UInt32.self)
            var place: [Int] = []
            for length in grid.chunk {
                let offset = try key.size(8)
                guard offset % length == 0 else { throw key.malformed("has a chunk that does not begin at a multiple of its size") }
                place.append(offset / length)
            }
            if grid.contains(place) { chunks.append(HDF5Chunk(place: place, address: child, size: size, skippedFilters: skipped)) }
        }
        return chunks
    }

    private func newTree(at address: Int) throws(FormatError) -> [HDF5Chunk] {
        var chunks: [HDF5Chunk] = []
        let tree = try HDF5Tree2(file, at: address)
        let sizeWidth = tree.recordSize - file.offsetSize - 4 - 8 * grid.chunk.count
        for record in try tree.records() {
            var record = record
            let address = try record.definedAddress(file.offsetSize)
            let size = isFiltered ? try record.size(min(max(sizeWidth, 0), 8)) : grid.chunkBytes
            let skipped = isFiltered ? try record.littleEndian(UInt32.self) : 0
            var place: [Int] = []
            for _ in grid.chunk { place.append(try record.size(8)) }
            if grid.contains(place) { chunks.append(HDF5Chunk(place: place, address: address, size: size, skippedFilters: skipped)) }
        }
        return chunks
    }
}
