import CrateValues

extension HDF5 {
    /// Writes a mapping as groups and datasets in the oldest layout, which every reader of the format takes: superblock 0, arrays in one piece.
    ///
    /// Mappings are groups; arrays, numbers, texts, evenly nested lists of them, bytes and null are datasets, in the form that h5py gives
    /// Python's. Names come back in the order of their bytes. What stands under `attributesKey` and `datasetAttributesKey` becomes
    /// attributes.
    ///
    /// - Throws: `.unrepresentable` for anything else, by its name.
    public static func encode(_ document: Document, to sink: any ByteSink) throws(FormatError) {
        guard case .mapping(let mapping) = document else {
            throw FormatError(
                .unrepresentable, format, "holds named values; this one is not a mapping", hint: "give it a name, as in {weights: …}")
        }
        var plan = HDF5Plan(heapAddress: HDF5Writer.superblockSize)
        let root = try plan.group(mapping, [])
        let heap = plan.finishHeap()
        let firstContent = HDF5Writer.superblockSize + heap.count
        var writer = HDF5Writer(firstContent: firstContent, address: firstContent + plan.contentSize)
        try sink.write(try writer.superblock(root))
        try sink.write(heap)
        for content in plan.contents { try write(content, to: sink) }
        try sink.write(writer.structures)
    }

    /// A content, filled up to a multiple of 8 bytes.
    private static func write(_ content: HDF5Value.Content, to sink: any ByteSink) throws(FormatError) {
        let count: Int
        switch content {
        case .bytes(let bytes):
            count = bytes.count
            try sink.write(bytes)
        case .tensor(let tensor):
            count = tensor.byteCount
            let start = tensor.offset * tensor.dtype.size
            if tensor.isContiguous, let bytes = tensor.bytes.slice(start..<(start + count)) {
                try sink.write(bytes)
            } else {
                try sink.write(try ElementBytes.computed(format) { () throws(ArrayError) in try tensor.copied() }.bytes)
            }
        }
        try sink.write([UInt8](repeating: 0, count: -count & 7))
    }
}
