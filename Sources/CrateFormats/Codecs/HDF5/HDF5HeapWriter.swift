import CrateValues

/// Texts in collections of at least 4 KB, which references lead into.
struct HDF5HeapWriter {
    /// Where the next collection begins in the file.
    private let address: Int
    private var bytes: [UInt8] = []
    /// Where the present collection begins in `bytes`.
    private var start: Int?
    private var count = 0

    private static let smallest = 4096
    /// A collection that has grown so far is closed.
    private static let full = 1 << 16
    private static let mostObjects = 65_535

    init(address: Int) { self.address = address }

    /// Length, collection and number of a text. An empty one needs no place.
    mutating func add(_ text: String) -> [UInt8] {
        var reference: [UInt8] = []
        reference.append(littleEndian: UInt32(truncatingIfNeeded: text.utf8.count))
        guard !text.isEmpty else { return reference + [UInt8](repeating: 0, count: 12) }
        if let start, bytes.count - start >= HDF5HeapWriter.full || count == HDF5HeapWriter.mostObjects { close() }
        let start = start ?? open()
        count += 1
        bytes.append(littleEndian: UInt16(count))
        bytes.append(littleEndian: UInt16(1))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt64(text.utf8.count))
        bytes += text.utf8
        bytes.padToEight()
        reference.append(littleEndian: UInt64(address + start))
        reference.append(littleEndian: UInt32(count))
        return reference
    }

    private mutating func open() -> Int {
        start = bytes.count
        count = 0
        bytes += Array("GCOL".utf8) + [1, 0, 0, 0]
        // The size, when it is known.
        bytes.append(littleEndian: UInt64(0))
        return bytes.count - 16
    }

    /// What is left over becomes object 0, which is free space.
    private mutating func close() {
        guard let start else { return }
        let used = bytes.count - start
        let size = max(HDF5HeapWriter.smallest, used)
        if size - used >= 16 {
            bytes.append(littleEndian: UInt64(0))
            bytes.append(littleEndian: UInt64(size - used))
        }
        bytes += [UInt8](repeating: 0, count: start + size - bytes.count)
        var sizeBytes: [UInt8] = []
        sizeBytes.append(littleEndian: UInt64(size))
        bytes.replaceSubrange((start + 8)..<(start + 16), with: sizeBytes)
        self.start = nil
    }

    /// All collections. Nothing is added after this.
    mutating func finish() -> [UInt8] {
        close()
        return bytes
    }
}

extension [UInt8] {
    mutating func padToEight() { append(contentsOf: repeatElement(0, count: -count & 7)) }
}
