import CrateValues

/// Writes a ZIP file front to back. Equal members give equal files: dates are always 1980-01-01, the format's first day.
///
/// Sizes and CRC-32 stand in the local headers, so that any reader can stream the result; 64-bit fields appear only
/// where they are needed.
public struct ZipWriter {
    public enum Method: Sendable {
        case stored
        /// `level` from 0 (fast) to 9 (small).
        case deflated(level: Int)
    }

    private struct Entry {
        let name: [UInt8]
        let method: UInt16
        let crc32: UInt32
        let compressedSize: Int
        let size: Int
        let offset: Int
    }

    private let sink: any ByteSink
    private var position = 0
    private var entries: [Entry] = []

    private static let saturated = 0xFFFF_FFFF
    private static let utf8Flag: UInt16 = 0x0800
    private static let firstDay: UInt16 = 0x0021

    public init(_ sink: any ByteSink) { self.sink = sink }

    /// Adds a member. `alignment` makes stored data start at a multiple of so many bytes, as PyTorch does to map them.
    public mutating func add(_ name: String, _ content: Bytes, method: Method = .stored, alignment: Int = 1) throws(FormatError) {
        let name = Array(name.utf8)
        guard name.count <= 0xFFFF else {
            throw FormatError(.unrepresentable, ZipArchive.format, "a member's name is longer than 65,535 bytes")
        }
        let crc32 = Deflate.crc32(content)
        switch method {
        case .stored:
            try add(
                Entry(name: name, method: 0, crc32: crc32, compressedSize: content.count, size: content.count, offset: position), content,
                alignment)
        case .deflated(let level):
            let small = Bytes(try Deflate.compress(content, level: level))
            try add(
                Entry(name: name, method: 8, crc32: crc32, compressedSize: small.count, size: content.count, offset: position), small,
                alignment)
        }
    }

    public mutating func add(_ name: String, text: String) throws(FormatError) { try add(name, Bytes(text.utf8)) }

    private mutating func add(_ entry: Entry, _ data: Bytes, _ alignment: Int) throws(FormatError) {
        try write(localHeader(entry, alignment: alignment))
        try sink.write(data)
        position += data.count
        entries.append(entry)
    }

    private func localHeader(_ entry: Entry, alignment: Int) -> [UInt8] {
        let needs64 = max(entry.size, entry.compressedSize) >= ZipWriter.saturated
        var extra: [UInt8] = []
        if needs64 {
            extra.append(littleEndian: UInt16(1))
            extra.append(littleEndian: UInt16(16))
            extra.append(littleEndian: UInt64(entry.size))
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
        header.append(littleEndian: ZipWriter.utf8Flag)
        header.append(littleEndian: entry.method)
        header.append(littleEndian: UInt16(0))
        header.append(littleEndian: ZipWriter.firstDay)
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
        let version: UInt16 = large.isEmpty ? 20 : 45
        header.append(littleEndian: version)
        header.append(littleEndian: version)
        appendCommonFields(
            of: entry, compressedSize: min(entry.compressedSize, ZipWriter.saturated), size: min(entry.size, ZipWriter.saturated),
            to: &header)
        header.append(littleEndian: UInt16(large.isEmpty ? 0 : large.count + 4))
        header.append(contentsOf: repeatElement(0, count: 10))
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
