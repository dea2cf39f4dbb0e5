import CrateValues

/// Finds and checks a ZIP file's central directory.
struct ZipDirectory {
    private let bytes: Bytes
    private let start: Int
    private let end: Int
    private let entryCount: Int

    private static let format = ZipArchive.format
    static let localSignature: UInt32 = 0x0403_4B50
    static let centralSignature: UInt32 = 0x0201_4B50
    static let endSignature: UInt32 = 0x0605_4B50
    static let end64Signature: UInt32 = 0x0606_4B50
    static let locator64Signature: UInt32 = 0x0706_4B50

    init(_ bytes: Bytes) throws(FormatError) {
        self.bytes = bytes
        let endRecord = try ZipDirectory.findEnd(bytes)
        var reader = ByteReader(bytes, format: ZipDirectory.format, at: endRecord + 4)
        let disk = try reader.count(UInt16.self)
        let directoryDisk = try reader.count(UInt16.self)
        let countHere = try reader.count(UInt16.self)
        var count = try reader.count(UInt16.self)
        var size = try reader.count(UInt32.self)
        var offset = try reader.count(UInt32.self)
        var boundary = endRecord
        if let record = try ZipDirectory.findEnd64(bytes, before: endRecord) {
            boundary = record
            var reader = ByteReader(bytes, format: ZipDirectory.format, at: record + 32)
            count = try reader.count(UInt64.self)
            size = try reader.count(UInt64.self)
            offset = try reader.count(UInt64.self)
        } else if disk != 0 || directoryDisk != 0 || countHere != count {
            throw reader.error(.unsupported, "is one part of an archive of several files")
        }
        let (directoryEnd, overflow) = offset.addingReportingOverflow(size)
        guard !overflow, directoryEnd == boundary else { throw reader.malformed("has no central directory where its end record says") }
        start = offset
        end = directoryEnd
        entryCount = count
    }

    /// The position of the end record, which up to 65,535 bytes of comment may follow. It is the last that looks like one, as for every other
    /// reader: one that skipped it for its impossible comment would show other members than those that Python runs.
    private static func findEnd(_ bytes: Bytes) throws(FormatError) -> Int {
        let position: Int? = bytes.withBytes { buffer in
            let last = buffer.count - 22
            for position in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
            where buffer[position] == 0x50 && buffer.loadUnaligned(fromByteOffset: position, as: UInt32.self).littleEndian == endSignature {
                return position
            }
            return nil
        }
        guard let position else {
            let begins = bytes.withBytes { $0.count < 2 || $0[0] == 0x50 && $0[1] == 0x4B }
            guard begins else { throw FormatError(.malformed, format, "does not begin as ZIP does", at: .byte(0), hint: "`inspect` tells what the file is") }
            throw FormatError(
                .truncated, format, "has no end-of-central-directory record", at: .byte(bytes.count), hint: "the file is probably cut short"
            )
        }
        var reader = ByteReader(bytes, format: format, at: position + 20)
        guard try reader.count(UInt16.self) <= reader.remaining else { throw reader.malformed("has an end record whose comment reaches past the file") }
        return position
    }

    /// The position of the 64-bit end record, when a locator for it stands before the end record.
    private static func findEnd64(_ bytes: Bytes, before endRecord: Int) throws(FormatError) -> Int? {
        guard endRecord >= 20 else { return nil }
        var reader = ByteReader(bytes, format: format, at: endRecord - 20)
        guard try reader.littleEndian(UInt32.self) == locator64Signature else { return nil }
        try reader.skip(4)
        let position = try reader.count(UInt64.self)
        guard position <= endRecord - 20 else { throw reader.malformed("has its 64-bit end record after the locator of it") }
        try reader.seek(to: position)
        guard try reader.littleEndian(UInt32.self) == end64Signature else {
            throw reader.malformed("has no 64-bit end record where the locator says")
        }
        return position
    }

    /// All members, checked against each other; at most `limit`.
    func members(limit: Int) throws(FormatError) -> [ZipArchive.Member] {
        var reader = ByteReader(bytes, format: ZipDirectory.format, at: start)
        var members: [ZipArchive.Member] = []
        var occupied: [Range<Int>] = []
        while reader.position < end {
            guard members.count < limit else { throw reader.error(.limit, "has more than \(limit) members") }
            let entry = try ZipEntry(&reader)
            guard reader.position <= end else { throw reader.malformed("has a directory entry that reaches past the directory") }
            let range = try dataRange(of: entry)
            occupied.append(entry.localOffset..<range.upperBound)
            members.append(entry.member(at: range))
        }
        guard members.count == entryCount else {
            throw reader.malformed("announces \(entryCount) members and lists \(members.count)")
        }
        try requireDisjoint(occupied)
        return members
    }

    /// The local header repeats the entry; only its lengths count, since they say where the data start.
    private func dataRange(of entry: ZipEntry) throws(FormatError) -> Range<Int> {
        var reader = ByteReader(bytes, format: ZipDirectory.format, at: 0)
        guard entry.localOffset < start else { throw malformed(entry, "starts past the data") }
        try reader.seek(to: entry.localOffset)
        guard try reader.littleEndian(UInt32.self) == ZipDirectory.localSignature else { throw malformed(entry, "has no local header") }
        try reader.skip(22)
        let nameLength = try reader.count(UInt16.self)
        let extraLength = try reader.count(UInt16.self)
        let name = try reader.bytes(nameLength)
        guard name == entry.rawName else { throw malformed(entry, "has another name in its local header") }
        try reader.skip(extraLength)
        guard entry.compressedSize <= start - reader.position else { throw malformed(entry, "reaches past the data") }
        return reader.position..<(reader.position + entry.compressedSize)
    }

    private func requireDisjoint(_ ranges: [Range<Int>]) throws(FormatError) {
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        for (range, next) in zip(sorted, sorted.dropFirst()) where next.lowerBound < range.upperBound {
            throw FormatError(.malformed, ZipDirectory.format, "has members that overlap", at: .byte(next.lowerBound))
        }
    }

    private func malformed(_ entry: ZipEntry, _ what: String) -> FormatError {
        FormatError(.malformed, ZipDirectory.format, "the member \(entry.name) \(what)", at: .member(entry.name))
    }
}

/// One entry of the central directory.
struct ZipEntry {
    let name: String
    let rawName: Bytes
    let isDeflated: Bool
    let crc32: UInt32
    private(set) var size: Int
    private(set) var compressedSize: Int
    private(set) var localOffset: Int
    /// Unix' type and permissions; 0 when a system without them made the archive.
    let mode: UInt32
    /// Seconds since 1970.
    private(set) var modified: Int?

    init(_ reader: inout ByteReader) throws(FormatError) {
        guard try reader.littleEndian(UInt32.self) == ZipDirectory.centralSignature else {
            throw reader.malformed("has a damaged central directory")
        }
        let versionMadeBy: UInt16 = try reader.littleEndian()
        try reader.skip(2)
        let flags: UInt16 = try reader.littleEndian()
        let method: UInt16 = try reader.littleEndian()
        let (time, date): (UInt16, UInt16) = (try reader.littleEndian(), try reader.littleEndian())
        modified = ZipDate.seconds(date: date, time: time)
        crc32 = try reader.littleEndian()
        compressedSize = try reader.count(UInt32.self)
        size = try reader.count(UInt32.self)
        let nameLength = try reader.count(UInt16.self)
        let extraLength = try reader.count(UInt16.self)
        let commentLength = try reader.count(UInt16.self)
        try reader.skip(4)
        let attributes: UInt32 = try reader.littleEndian()
        localOffset = try reader.count(UInt32.self)
        rawName = try reader.bytes(nameLength)
        name = ZipEntry.text(rawName)
        isDeflated = method == 8
        // The upper half holds Unix' mode when the upper byte of "made by" is 3.
        mode = versionMadeBy >> 8 == 3 ? attributes >> 16 : 0
        try readExtra(ByteReader(try reader.bytes(extraLength), format: ZipArchive.format))
        try reader.skip(commentLength)

        guard flags & 1 == 0 else {
            throw FormatError(.unsupported, ZipArchive.format, "the member \(name) is encrypted", at: .member(name))
        }
        guard method == 0 || method == 8 else {
            throw FormatError(
                .unsupported, ZipArchive.format, "the member \(name) is compressed by method \(method)", at: .member(name),
                hint: "only stored and deflated members are read")
        }
        guard isDeflated || size == compressedSize else {
            throw FormatError(.malformed, ZipArchive.format, "the stored member \(name) has two sizes", at: .member(name))
        }
    }

    /// The extra field 1 holds, in this order, those of size, compressed size and offset that 32 bits can't; "UT" holds Unix times.
    private mutating func readExtra(_ extra: ByteReader) throws(FormatError) {
        var extra = extra
        var hasLargeSizes = false
        while extra.remaining >= 4 {
            let id: UInt16 = try extra.littleEndian()
            var field = ByteReader(try extra.bytes(try extra.count(UInt16.self)), format: ZipArchive.format)
            switch id {
            case 1 where !hasLargeSizes:
                hasLargeSizes = true
                try readZip64(&field)
            // A bit says that the time of change comes first.
            case 0x5455 where field.remaining >= 5:
                if try field.littleEndian(UInt8.self) & 1 == 1 { modified = Int(try field.littleEndian(Int32.self)) }
            default: break
            }
        }
    }

    private mutating func readZip64(_ field: inout ByteReader) throws(FormatError) {
        let saturated = 0xFFFF_FFFF
        if size == saturated { size = try field.count(UInt64.self) }
        if compressedSize == saturated { compressedSize = try field.count(UInt64.self) }
        if localOffset == saturated { localOffset = try field.count(UInt64.self) }
    }

    /// Names are UTF-8 today; older ones are shown byte by byte.
    private static func text(_ name: Bytes) -> String { name.withBytes { ArchiveName.text($0) } }

    func member(at range: Range<Int>) -> ZipArchive.Member {
        ZipArchive.Member(
            name: name, size: size, compressedSize: compressedSize, isDeflated: isDeflated, crc32: crc32, dataRange: range, mode: mode,
            modified: modified)
    }
}
