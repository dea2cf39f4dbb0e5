import CrateValues

/// A file's bytes, the widths of its numbers, and an account of what reading it costs: what a file makes its reader do is bounded by its
/// size, however its addresses overlap.
final class HDF5File {
    /// From the superblock on, where addresses count from.
    let bytes: Bytes
    let superblock: HDF5Superblock
    let limits: Limits
    /// Bytes before the superblock.
    let origin: Int

    /// Bytes of structure that may yet be read. An honest file's are read a few times.
    private var structureLeft: Int
    /// Bytes that may yet come out beyond those that are views of the file.
    private var expansionLeft: Int
    /// Values that were given out, those that several links lead to each time.
    private(set) var values = 0
    private var heaps: [Int: HDF5GlobalHeap] = [:]

    var offsetSize: Int { superblock.offsetSize }
    var lengthSize: Int { superblock.lengthSize }

    init(_ bytes: Bytes, limits: Limits) throws(FormatError) {
        guard let position = HDF5Superblock.position(in: bytes), let content = bytes.slice(position..<bytes.count) else {
            throw FormatError(.malformed, HDF5.format, "does not begin as HDF5 does", at: .byte(0))
        }
        var reader = ByteReader(content, format: HDF5.format, origin: position)
        superblock = try HDF5Superblock(&reader)
        // The end is told from the superblock on by some writers, and from the file's start by others.
        guard superblock.end <= bytes.count else {
            throw FormatError(.truncated, HDF5.format, "ends at byte \(bytes.count) of \(superblock.end)", at: .byte(bytes.count))
        }
        self.bytes = content
        self.limits = limits
        origin = position
        structureLeft = content.count.multipliedClamped(by: 16).addingClamped(4 << 20)
        expansionLeft = min(limits.inflatedBytes, content.count.multipliedClamped(by: limits.inflationRatio).addingClamped(1 << 20))
    }

    // MARK: Reading

    /// A cursor over `count` bytes at `address`.
    func block(at address: Int, count: Int) throws(FormatError) -> ByteReader {
        try charge(count)
        return ByteReader(try data(at: address, count: count), format: HDF5.format, origin: origin + address)
    }

    /// The file's own bytes, shared and not copied.
    func data(at address: Int, count: Int) throws(FormatError) -> Bytes {
        guard address >= 0, count >= 0, address <= bytes.count, count <= bytes.count - address,
            let slice = bytes.slice(address..<(address + count))
        else {
            throw FormatError(
                .truncated, HDF5.format, "needs \(count) bytes at \(address), past the end of the file", at: .byte(bytes.count))
        }
        return slice
    }

    /// The text that ends with NUL at `address`, as a name.
    func name(in segment: Bytes, at offset: Int) throws(FormatError) -> String {
        let length: Int? = segment.withBytes { buffer in
            offset >= 0 && offset < buffer.count ? buffer[offset...].firstIndex(of: 0).map { $0 - offset } : nil
        }
        guard let length, let text = segment.slice(offset..<(offset + length)) else {
            throw FormatError(.malformed, HDF5.format, "has a name outside its heap")
        }
        try charge(length)
        return text.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    func globalHeap(at address: Int) throws(FormatError) -> HDF5GlobalHeap {
        if let heap = heaps[address] { return heap }
        let heap = try HDF5GlobalHeap(self, at: address)
        heaps[address] = heap
        return heap
    }

    // MARK: Costs

    func charge(_ count: Int) throws(FormatError) {
        guard count >= 0, count <= structureLeft else {
            throw FormatError(.limit, HDF5.format, "has structures that overlap or repeat beyond measure")
        }
        structureLeft -= count
    }

    /// Counts `more` values before memory is taken for them.
    func count(_ more: Int) throws(FormatError) {
        guard more >= 0, more <= limits.nodes - values else {
            throw FormatError(.limit, HDF5.format, "holds more than \(limits.nodes) values")
        }
        values += more
    }

    /// Called before memory is taken for `count` bytes that are not the file's own.
    func expand(_ count: Int) throws(FormatError) {
        guard count >= 0, count <= expansionLeft else {
            throw FormatError(
                .limit, HDF5.format,
                "would take \(count) bytes of memory or more, beyond \(limits.inflationRatio) to 1 or the limit of \(limits.inflatedBytes)")
        }
        expansionLeft -= count
    }
}

extension Int {
    func multipliedClamped(by factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }

    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
