import CrateValues

/// Lists a tar file's members: ustar, pax, GNU's long names and numbers, and the format before all of these.
struct TarReader {
    private let stream: any ByteStream
    private let source: Source
    private let limits: Limits
    private var global = PaxRecords()
    /// What headers of their own say of the next member.
    private var next = PaxRecords()
    private var longName: String?
    private var longLinkName: String?

    /// Where members' bytes are.
    enum Source {
        /// The tar file itself.
        case plain(Bytes)
        /// The compressed file.
        case packed(Bytes)
    }

    /// Bytes of one header of names and records; real ones have a few hundred.
    private static let mostNameBytes = 1 << 20

    init(_ stream: any ByteStream, source: Source, limits: Limits) {
        self.stream = stream
        self.source = source
        self.limits = limits
    }

    /// Whether `bytes`, at least the first block, begin as a tar file does.
    static func recognizes(_ bytes: Bytes) -> Bool {
        guard let block = bytes.slice(0..<min(TarHeader.blockSize, bytes.count)) else { return false }
        return (try? TarHeader(block, place: 0)) != nil || isEmptyArchive(bytes)
    }

    private static func isEmptyArchive(_ bytes: Bytes) -> Bool {
        bytes.count >= 2 * TarHeader.blockSize && bytes.withBytes { $0.prefix(2 * TarHeader.blockSize).allSatisfy { $0 == 0 } }
    }

    mutating func members() throws(FormatError) -> [Archive.Member] {
        var members: [Archive.Member] = []
        var sizes: [String: Int] = [:]
        while let header = try header() {
            guard var member = try member(header) else { continue }
            switch member.kind {
            case .file: sizes[member.name] = member.size
            // Unpacking makes a copy, which counts.
            case .hardLink(let target): member.size = sizes[target] ?? 0
            default: break
            }
            guard members.count < limits.members else {
                throw FormatError(.limit, "tar", "has more than \(limits.members) members", at: .byte(stream.position))
            }
            members.append(member)
        }
        return members
    }

    /// `nil` at the end, which a block of zeros marks.
    private func header() throws(FormatError) -> TarHeader? {
        let place = stream.position
        let block = try stream.read(TarHeader.blockSize)
        if block.isEmpty { throw FormatError(.truncated, "tar", "has no end mark", at: .byte(place), hint: "the file is probably cut short") }
        if block.count == TarHeader.blockSize, block.withBytes({ $0.allSatisfy { $0 == 0 } }) { return nil }
        return try TarHeader(block, place: place)
    }

    /// `nil` for a header that only speaks of others, and for the archive's own folder.
    private mutating func member(_ header: TarHeader) throws(FormatError) -> Archive.Member? {
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): try next.add(try metadata(header), place: stream.position)
        case UInt8(ascii: "g"): try global.add(try metadata(header), place: stream.position)
        case UInt8(ascii: "L"): longName = text(try metadata(header))
        case UInt8(ascii: "K"): longLinkName = text(try metadata(header))
        default: return try file(header)
        }
        return nil
    }

    private mutating func file(_ header: TarHeader) throws(FormatError) -> Archive.Member? {
        defer { (next, longName, longLinkName) = (PaxRecords(), nil, nil) }
        let rawName = next.path ?? longName ?? global.path ?? header.name
        let target = next.linkPath ?? longLinkName ?? header.linkName
        let kind = kind(header, rawName, target)
        try skipMap(header)
        let start = stream.position
        // Links and folders may name a size, but have no bytes.
        let hasBytes = !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(header.type)
        let size = hasBytes ? next.size ?? header.size : 0
        try skip(size, of: rawName)
        let name = ArchiveName.normalized(rawName)
        if name.isEmpty, kind == .folder { return nil }
        return Archive.Member(
            name, kind, size: kind == .file ? size : 0, method: "", modified: next.modified ?? global.modified ?? header.modified,
            isExecutable: hasBytes && header.mode & 0o100 != 0, content: kind == .file ? content(start, size) : .plain(Bytes([])))
    }

    private func kind(_ header: TarHeader, _ name: String, _ target: String) -> Archive.Member.Kind {
        if next.isSparse { return .other("sparse file") }
        return switch header.type {
        // Before ustar only the name told a folder.
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"): name.utf8.last == UInt8(ascii: "/") ? .folder : .file
        case UInt8(ascii: "1"): .hardLink(ArchiveName.normalized(target))
        case UInt8(ascii: "2"): .symbolicLink(target)
        case UInt8(ascii: "3"), UInt8(ascii: "4"): .other("device")
        case UInt8(ascii: "5"), UInt8(ascii: "D"): .folder
        case UInt8(ascii: "6"): .other("named pipe")
        case UInt8(ascii: "S"): .other("sparse file")
        default: .other("member of the type `\(Character(Unicode.Scalar(header.type)))`")
        }
    }

    private func content(_ start: Int, _ size: Int) -> Archive.Content {
        switch source {
        case .plain(let bytes): .plain(bytes.slice(start..<(start + size)) ?? Bytes([]))
        case .packed(let bytes): .packedTogether(bytes, start: start)
        }
    }

    /// Passes over a member's bytes and what fills up their last block.
    private func skip(_ size: Int, of name: String) throws(FormatError) {
        let (padded, overflow) = size.addingReportingOverflow(TarHeader.blockSize - 1)
        let (end, overflowOfEnd) = stream.position.addingReportingOverflow(padded / TarHeader.blockSize * TarHeader.blockSize)
        let place = stream.position
        if !overflow, !overflowOfEnd {
            try stream.skip(end - place)
            if stream.position == end { return }
        }
        throw FormatError(.truncated, "tar", "ends inside the \(size) bytes of a member", at: .member(name))
    }

    /// The map of a sparse file in GNU's own form, which may go on over many blocks.
    private func skipMap(_ header: TarHeader) throws(FormatError) {
        var hasMore = header.hasMoreMap
        while hasMore {
            let block = try stream.read(TarHeader.blockSize)
            guard block.count == TarHeader.blockSize else { throw FormatError(.truncated, "tar", "ends inside a sparse file's map") }
            hasMore = block.withBytes { $0[504] != 0 }
        }
    }

    private func metadata(_ header: TarHeader) throws(FormatError) -> Bytes {
        guard header.size <= TarReader.mostNameBytes else {
            throw FormatError(.limit, "tar", "has a header of \(header.size) bytes", at: .byte(stream.position))
        }
        let bytes = try stream.read(header.size)
        guard bytes.count == header.size else { throw FormatError(.truncated, "tar", "ends inside a header", at: .byte(stream.position)) }
        try stream.skip((TarHeader.blockSize - header.size % TarHeader.blockSize) % TarHeader.blockSize)
        return bytes
    }

    private func text(_ bytes: Bytes) -> String { Array(bytes.array.prefix { $0 != 0 }).withUnsafeBytes { ArchiveName.text($0) } }
}
