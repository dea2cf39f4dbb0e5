import CrateValues

/// An array in a file: what its elements are, where they stand, and how they were stored.
struct HDF5Dataset {
    private let file: HDF5File
    private var type: HDF5Datatype
    private let space: HDF5Dataspace
    private let layout: HDF5Layout
    private let filters: HDF5Filters
    /// One element; empty for zeros.
    private let fill: Bytes
    private let isElsewhere: Bool
    private let byteCount: Int

    /// `nil` for a header that is not a dataset's.
    init?(_ file: HDF5File, _ header: HDF5ObjectHeader) throws(FormatError) {
        guard let typeMessage = header.first(HDF5MessageKind.datatype), let spaceMessage = header.first(HDF5MessageKind.dataspace),
            let layoutMessage = header.first(HDF5MessageKind.layout)
        else { return nil }
        self.file = file
        var reader = try typeMessage.resolved(file)
        type = try HDF5DatatypeReader.read(&reader)
        reader = try spaceMessage.resolved(file)
        space = try HDF5Dataspace(&reader, lengthSize: file.lengthSize)
        reader = layoutMessage.body
        layout = try HDF5Layout(&reader, file)
        if let message = header.first(HDF5MessageKind.filters) {
            reader = try message.resolved(file)
            filters = try HDF5Filters(&reader)
        } else {
            filters = .none
        }
        fill = try HDF5Dataset.fill(header, file)
        isElsewhere = header.has(HDF5MessageKind.externalFiles)
        guard Tensor.isCountable(space.shape, elementSize: type.size), let count = Tensor.elementCount(space.shape) else {
            throw FormatError(.malformed, HDF5.format, "has the impossible shape \(space.shape)")
        }
        byteCount = count * type.size
    }

    private static func fill(_ header: HDF5ObjectHeader, _ file: HDF5File) throws(FormatError) -> Bytes {
        if let message = header.first(HDF5MessageKind.fillValue) {
            var reader = try message.resolved(file)
            let version = try reader.version(1...3, of: "fill value")
            if version < 3 { try reader.skip(2) }
            let flags = try reader.byte()
            let isThere = version == 1 || (version == 2 ? flags != 0 : flags & 0x20 != 0)
            return isThere ? try reader.bytes(try reader.size(4)) : Bytes([])
        }
        guard let message = header.first(HDF5MessageKind.oldFillValue) else { return Bytes([]) }
        var reader = try message.resolved(file)
        return try reader.bytes(try reader.size(4))
    }

    /// Keras keeps bfloat16 as two bytes without a meaning, and tells the type in the attribute `dtype`.
    mutating func interpret(_ attributes: [(key: Document, value: Document)]) {
        guard case .opaque(_, size: 2) = type, case .string("bfloat16")? = Document.Mapping(attributes)["dtype"] else { return }
        type = .number(.bfloat16, isBigEndian: false)
    }

    // MARK: Content

    /// The content, or a label that says why there is none.
    func document() throws(FormatError) -> Document {
        if space.isNull { return .null }
        if let obstacle { return described(obstacle) }
        let value = try HDF5Elements(file: file, type: type, shape: space.shape, bytes: try bytes()).document()
        if case .tensor(let tensor) = value, tensor.shape.isEmpty, tensor.dtype.isPythonsOwn, let plain = ElementBytes.scalar(tensor) {
            return plain
        }
        return value
    }

    /// A label with type, shape and size.
    func described(_ reason: String) -> Document {
        .opaque(
            Document.Opaque(
                name: "hdf5.dataset", state: .object(HDF5Elements.facts(type, space.shape, byteCount) + [("reason", .string(reason))])))
    }

    private var obstacle: String? {
        if isElsewhere { return "keeps its numbers in another file, which is not opened" }
        if case .virtual = layout { return "is put together from other datasets, which are not opened" }
        if case .chunked = layout { return filters.obstacle }
        return nil
    }

    /// All elements in C order: the file's own bytes where they stand so.
    private func bytes() throws(FormatError) -> Bytes {
        if byteCount == 0 { return Bytes([]) }
        switch layout {
        case .compact(let bytes): return try whole(bytes)
        case .contiguous(let address?, let size): return try whole(try file.data(at: address, count: min(size, byteCount)))
        case .contiguous(nil, _), .virtual:
            try file.expand(byteCount)
            return Bytes(try filled { (_) throws(FormatError) in })
        case .chunked(let chunks): return try assembled(chunks)
        }
    }

    private func whole(_ bytes: Bytes) throws(FormatError) -> Bytes {
        guard bytes.count >= byteCount, let exact = bytes.slice(0..<byteCount) else {
            throw FormatError(.malformed, HDF5.format, "has \(bytes.count) bytes where its shape \(space.shape) needs \(byteCount)")
        }
        return exact
    }

    // MARK: Chunks

    private func assembled(_ layout: HDF5ChunkLayout) throws(FormatError) -> Bytes {
        let grid = try HDF5ChunkGrid(space, chunk: layout.chunk, elementSize: type.size)
        let chunks = try HDF5ChunkIndex(file: file, grid: grid, isFiltered: !filters.isEmpty).chunks(layout)
        var seen: Set<Int> = []
        for chunk in chunks where !seen.insert(grid.number(chunk.place)).inserted {
            throw FormatError(.malformed, HDF5.format, "has the chunk at \(chunk.place) twice", at: .byte(file.origin + chunk.address))
        }
        // Chunks may be larger than what is inside the dataset of them.
        try file.expand(max(byteCount, chunks.count.multipliedClamped(by: grid.chunkBytes)))
        let isComplete = chunks.count == grid.total
        return Bytes(
            try filled(skipping: isComplete) { (output) throws(FormatError) in
                for chunk in chunks { grid.copy(try content(of: chunk, grid, layout), at: chunk.place, to: output) }
            })
    }

    private func content(of chunk: HDF5Chunk, _ grid: HDF5ChunkGrid, _ layout: HDF5ChunkLayout) throws(FormatError) -> Bytes {
        do {
            let stored = try file.data(at: chunk.address, count: chunk.size)
            let skipped = layout.keepsEdgesPlain && grid.isAtEdge(chunk.place) ? UInt32.max : chunk.skippedFilters
            return try filters.undo(stored, size: grid.chunkBytes, skipped: skipped, limits: file.limits)
        } catch {
            throw FormatError(error.kind, HDF5.format, error.reason, at: .byte(file.origin + chunk.address), hint: error.hint)
        }
    }

    /// Memory for all elements, filled with what stands for those that were never written, then by `body`.
    private func filled(
        skipping isComplete: Bool = false, _ body: (UnsafeMutableRawBufferPointer) throws(FormatError) -> Void
    ) throws(FormatError) -> ByteRegion {
        try ByteRegion(count: byteCount) { (output) throws(FormatError) in
            if !isComplete { initialize(output) }
            try body(output)
        }
    }

    private func initialize(_ output: UnsafeMutableRawBufferPointer) {
        output.initializeMemory(as: UInt8.self, repeating: 0)
        // Zeros stand for texts that were never written.
        guard fill.count == type.size, !type.isVariable, fill.array.contains(where: { $0 != 0 }) else { return }
        fill.withBytes { element in
            for start in stride(from: 0, to: output.count, by: element.count) {
                UnsafeMutableRawBufferPointer(rebasing: output[start...]).copyMemory(from: element)
            }
        }
    }
}

extension HDF5Datatype {
    fileprivate var isVariable: Bool { if case .variableText = self { true } else { false } }
}

extension DType {
    /// The types of Python's own numbers, which a plain value here stands for.
    fileprivate var isPythonsOwn: Bool { self == .bool || self == .int64 || self == .float64 || self == .complex128 }
}
