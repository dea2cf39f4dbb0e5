import CrateValues

/// Writes a ZIP file front to back. Equal members give equal files: dates are 1980-01-01, the format's first day, unless told.
///
/// Sizes and CRC-32 stand in the local headers, so that any reader can stream the result, but for members that are too large
/// to be deflated in memory: theirs follow the data. 64-bit fields appear only where they are needed.
public struct ZipWriter {
    public enum Method: Sendable {
        case stored
        /// `level` from 0 (fast) to 9 (small).
        case deflated(level: Int)
    }

    /// What a member is beside its bytes.
    public struct Attributes: Sendable {
        /// Unix' type and permissions, such as 0o100644; 0 to say nothing of them.
        public var mode: UInt32
        /// Seconds since 1970; `nil` for the format's first day.
        public var modified: Int?
        public init(mode: UInt32 = 0, modified: Int? = nil) {
            self.mode = mode
            self.modified = modified
        }
    }

    private struct Entry {
        let name: [UInt8]
        let method: UInt16
        var crc32: UInt32 = 0
        var compressedSize = 0
        let size: Int
        let offset: Int
        let attributes: Attributes
        /// Whether sizes and CRC-32 follow the data.
        let isStreamed: Bool
    }

    /// Larger members are deflated piece by piece.
    private static let mostInMemory = 32 << 20

    private let sink: any ByteSink
    /// Told how many more bytes of members are packed.
    private let packed: (Int) -> Void
    private var position = 0
    private var entries: [Entry] = []

    private static let saturated = 0xFFFF_FFFF
    private static let utf8Flag: UInt16 = 0x0800
    private static let descriptorFlag: UInt16 = 0x0008
    private static let madeByUnix: UInt16 = 0x0300

    public init(_ sink: any ByteSink) { self.init(sink, packed: { _ in }) }

    init(_ sink: any ByteSink, packed: @escaping (Int) -> Void) { (self.sink, self.packed) = (sink, packed) }

    /// Adds a member. `alignment` makes stored data start at a multiple of so many bytes, as PyTorch does to map them.
    public mutating func add(
        _ name: String, _ content: Bytes, method: Method = .stored, alignment: Int = 1, attributes: Attributes = Attributes()
    ) throws(FormatError) {
        let name = Array(name.utf8)
        guard name.count <= 0xFFFF else {
            throw FormatError(.unrepresentable, ZipArchive.format, "a member's name is longer than 65,535 bytes")
        }
        switch method {
        case .stored:
            let entry = Entry(
                name: name, method: 0, crc32: Deflate.crc32(content), compressedSize: content.count, size: content.count, offset: position,
                attributes: attributes, isStreamed: false)
            try add(entry, content, alignment)
        case .deflated(let level) where content.count > ZipWriter.mostInMemory: try stream(name, content, level, attributes)
        case .deflated(let level):
            let small = Bytes(try Deflate.compress(content, level: level))
            let entry = Entry(
                name: name, method: 8, crc32: Deflate.crc32(content), compressedSize: small.count, size: content.count, offset: position,
                attributes: attributes, isStreamed: false)
            try add(entry, small, alignment)
        }
    }

    public mutating func add(_ name: String, text: String) throws(FormatError) { try add(name, Bytes(text.utf8)) }

    private mutating func add(_ entry: Entry, _ data: Bytes, _ alignment: Int) throws(FormatError) {
        try write(localHeader(entry, alignment: alignment))
        try sink.write(data)
        packed(entry.size)
        position += data.count
        entries.append(entry)
    }

    /// Deflates straight into the sink; the descriptor behind the data says what came out.
    private mutating func stream(_ name: [UInt8], _ content: Bytes, _ level: Int, _ attributes: Attributes) throws(FormatError) {
        var entry = Entry(name: name, method: 8, size: content.count, offset: position, attributes: attributes, isStreamed: true)
        try write(localHeader(entry, alignment: 1))
        let sink = sink
        var compressed = 0
        try Deflate.compress(content, level: level, taken: packed) { (piece) throws(FormatError) in
            compressed += piece.count
            try sink.write(piece)
        }
        position += compressed
        entry.compressedSize = compressed
        entry.crc32 = Deflate.crc32(content)
        var descriptor: [UInt8] = []
        descriptor.append(littleEndian: UInt32(0x0807_4B50))
        descriptor.append(littleEndian: entry.crc32)
        descriptor.append(littleEndian: UInt64(compressed))
        descriptor.append(littleEndian: UInt64(entry.size))
        try write(descriptor)
        entries.append(entry)
    }

    private func localHeader(_ entry: Entry, alignment: Int) -> [UInt8] {
        // What follows the data counts in 64 bits only when the header has a field for that.
        let needs64 = entry.isStreamed || max(entry.size, entry.compressedSize) >= ZipWriter.saturated
        var extra: [UInt8] = []
        if needs64 {
            extra.append(littleEndian: UInt16(1))
            extra.append(littleEndian: UInt16(16))
            extra.append(littleEndian: UInt64(entry.isStreamed ? 0 : entry.size))
            extra.append(littleEndian: UInt64(entry.compressedSize))
        }
        if alignment > 1 { ZipWriter.pad(&extra, after: position + 30 + entry.name.count, to: alignment) }
        var header: [UInt8] = []
        header.append(littleEndian: ZipDirectory.localSignature)
        header.append(littleEndian: UInt16(needs64 ? 45 : 20))
        appendCommonFields(
            of: entry, compressedSize: needs64 ? ZipWriter.saturated : entry.compressedSize,
            size: needs64 ? ZipWriter.saturated : entry.size, to: &header)
        header.append(littleEndian: UInt16(extra.count))
        return header + entry.name + extra
    }

    /// Fills up with the extra field that PyTorch uses for this: the id "FB" and letters Z.
    private static func pad(_ extra: inout [UInt8], after start: Int, to alignment: Int) {
        let past = (start + extra.count + 4) % alignment
        let padding = past == 0 ? 0 : alignment - past
        extra.append(littleEndian: UInt16(0x4246))
        extra.append(littleEndian: UInt16(padding))
        extra.append(contentsOf: repeatElement(UInt8(ascii: "Z"), count: padding))
    }

    /// From the flags to the length of the name, which both headers have in common.
    private func appendCommonFields(of entry: Entry, compressedSize: Int, size: Int, to header: inout [UInt8]) {
        header.append(littleEndian: ZipWriter.utf8Flag | (entry.isStreamed ? ZipWriter.descriptorFlag : 0))
        header.append(littleEndian: entry.method)
        let (date, time) = ZipDate.fields(entry.attributes.modified)
        header.append(littleEndian: time)
        header.append(littleEndian: date)
        header.append(littleEndian: entry.crc32)
        header.append(littleEndian: UInt32(truncatingIfNeeded: compressedSize))
        header.append(littleEndian: UInt32(truncatingIfNeeded: size))
        header.append(littleEndian: UInt16(entry.name.count))
    }

    /// Writes the directory. The writer is not used after this.
    public mutating func finish() throws(FormatError) {
        let start = position
        for entry in entries { try write(centralHeader(entry)) }
        let size = position - start
        if entries.count >= 0xFFFF || start >= ZipWriter.saturated || size >= ZipWriter.saturated {
            try write(end64(start: start, size: size))
        }
        var record: [UInt8] = []
        record.append(littleEndian: ZipDirectory.endSignature)
        record.append(littleEndian: UInt32(0))
        let count = UInt16(min(entries.count, 0xFFFF))
        record.append(littleEndian: count)
        record.append(littleEndian: count)
        record.append(littleEndian: UInt32(min(size, ZipWriter.saturated)))
        record.append(littleEndian: UInt32(min(start, ZipWriter.saturated)))
        record.append(littleEndian: UInt16(0))
        try write(record)
    }

    private func centralHeader(_ entry: Entry) -> [UInt8] {
        var large: [UInt8] = []
        for value in [entry.size, entry.compressedSize, entry.offset] where value >= ZipWriter.saturated {
            large.append(littleEndian: UInt64(value))
        }
        var header: [UInt8] = []
        header.append(littleEndian: ZipDirectory.centralSignature)
        let version: UInt16 = large.isEmpty && !entry.isStreamed ? 20 : 45
        header.append(littleEndian: version | (entry.attributes.mode == 0 ? 0 : ZipWriter.madeByUnix))
        header.append(littleEndian: version)
        appendCommonFields(
            of: entry, compressedSize: min(entry.compressedSize, ZipWriter.saturated), size: min(entry.size, ZipWriter.saturated),
            to: &header)
        header.append(littleEndian: UInt16(large.isEmpty ? 0 : large.count + 4))
        header.append(contentsOf: repeatElement(0, count: 6))
        header.append(littleEndian: entry.attributes.mode << 16)
        header.append(littleEndian: UInt32(min(entry.offset, ZipWriter.saturated)))
        header += entry.name
        if !large.isEmpty {
            header.append(littleEndian: UInt16(1))
            header.append(littleEndian: UInt16(large.count))
        }
        return header + large
    }

    private func end64(start: Int, size: Int) -> [UInt8] {
        var record: [UInt8] = []
        record.append(littleEndian: ZipDirectory.end64Signature)
        record.append(littleEndian: UInt64(44))
        record.append(littleEndian: UInt16(45))
        record.append(littleEndian: UInt16(45))
        record.append(littleEndian: UInt64(0))
        record.append(littleEndian: UInt64(entries.count))
        record.append(littleEndian: UInt64(entries.count))
        record.append(littleEndian: UInt64(size))
        record.append(littleEndian: UInt64(start))
        record.append(littleEndian: ZipDirectory.locator64Signature)
        record.append(littleEndian: UInt32(0))
        record.append(littleEndian: UInt64(position))
        record.append(littleEndian: UInt32(1))
        return record
    }

    private mutating func write(_ bytes: [UInt8]) throws(FormatError) {
        try sink.write(bytes)
        position += bytes.count
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
