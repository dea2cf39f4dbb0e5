import CrateValues

/// One stored chunk.
struct HDF5Chunk {
    /// Its place along each dimension, counted in chunks.
    let place: [Int]
    let address: Int
    /// Bytes as stored.
    let size: Int
    /// A bit for each filter that was left out.
    let skippedFilters: UInt32
}

/// How chunks tile a dataset.
struct HDF5ChunkGrid {
    let shape: [Int]
    let chunk: [Int]
    let elementSize: Int
    /// Chunks along each dimension.
    let counts: [Int]
    /// The same for the largest size that the dataset may grow to, which the arrays of chunks are numbered by; `nil` for without end.
    let maximumCounts: [Int?]
    /// Bytes of a whole chunk; those at the edges are whole, too.
    let chunkBytes: Int
    /// All chunks together.
    let total: Int

    init(_ space: HDF5Dataspace, chunk: [Int], elementSize: Int) throws(FormatError) {
        guard chunk.count == space.shape.count, !chunk.isEmpty, !chunk.contains(0), Tensor.isCountable(chunk, elementSize: elementSize),
            let elements = Tensor.elementCount(chunk)
        else { throw FormatError(.malformed, HDF5.format, "has chunks of the impossible shape \(chunk)") }
        shape = space.shape
        self.chunk = chunk
        self.elementSize = elementSize
        func chunks(_ size: Int, _ chunk: Int) -> Int { size == 0 ? 0 : (size - 1) / chunk + 1 }
        counts = zip(space.shape, chunk).map { chunks($0, $1) }
        maximumCounts = zip(space.maximum, chunk).map { maximum, chunk in maximum.map { chunks($0, chunk) } }
        chunkBytes = elements * elementSize
        guard let total = Tensor.elementCount(counts) else {
            throw FormatError(.malformed, HDF5.format, "has an impossible number of chunks")
        }
        self.total = total
    }

    /// Whether a chunk is one of the dataset's.
    func contains(_ place: [Int]) -> Bool { zip(place, counts).allSatisfy { $0 >= 0 && $0 < $1 } }

    /// Whether a part of the chunk lies beyond the dataset.
    func isAtEdge(_ place: [Int]) -> Bool { place.indices.contains { (place[$0] + 1).multipliedClamped(by: chunk[$0]) > shape[$0] } }

    /// A chunk's number, the last dimension running fastest.
    func number(_ place: [Int]) -> Int { zip(place, counts).reduce(0) { $0 * $1.1 + $1.0 } }

    /// The place of the chunk with this number in an array of chunks, whose order is that of the largest size; a dimension without end
    /// comes first when `endlessFirst` is set. `nil` for a chunk that is not the dataset's.
    func place(inArray number: Int, endlessFirst: Bool) -> [Int]? {
        var order = Array(chunk.indices)
        if endlessFirst, let endless = maximumCounts.firstIndex(of: nil) { order.insert(order.remove(at: endless), at: 0) }
        var place = [Int](repeating: 0, count: chunk.count)
        var rest = number
        for axis in order.dropFirst().reversed() {
            let count = maximumCounts[axis] ?? counts[axis]
            guard count > 0 else { return nil }
            place[axis] = rest % count
            rest /= count
        }
        if let first = order.first { place[first] = rest }
        return contains(place) ? place : nil
    }

    /// Copies what lies inside the dataset of a chunk to `output`, which is in C order.
    func copy(_ content: Bytes, at place: [Int], to output: UnsafeMutableRawBufferPointer) {
        let start = zip(place, chunk).map { $0 * $1 }
        let extent = chunk.indices.map { min(chunk[$0], shape[$0] - start[$0]) }
        let last = chunk.count - 1
        let run = extent[last] * elementSize
        var row = [Int](repeating: 0, count: last)
        content.withBytes { input in
            while true {
                var (source, target) = (0, 0)
                for axis in 0..<last {
                    source = source * chunk[axis] + row[axis]
                    target = target * shape[axis] + start[axis] + row[axis]
                }
                let from = source * chunk[last] * elementSize
                let to = (target * shape[last] + start[last]) * elementSize
                UnsafeMutableRawBufferPointer(rebasing: output[to..<(to + run)]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: input[from..<(from + run)]))
                guard HDF5ChunkGrid.advance(&row, within: extent) else { return }
            }
        }
    }

    /// The next row of a chunk; false after the last.
    private static func advance(_ row: inout [Int], within extent: [Int]) -> Bool {
        for axis in row.indices.reversed() {
            row[axis] += 1
            if row[axis] < extent[axis] { return true }
            row[axis] = 0
        }
        return false
    }
}
