import CrateValues

/// Archives of every form that is read or written here, told apart by their first bytes and named by their extension.
public enum ArchiveFile {
    /// The forms, by what they are called.
    public enum Format: String, Sendable, CaseIterable {
        case zip = "ZIP"
        case tar
        case tarGzip = "tar.gz"

        /// The form that a file's name asks for; `nil` when it asks for none.
        public init?(fileName: String) {
            let name = fileName.lowercased()
            guard let format = Format.allCases.first(where: { $0.endings.contains { name.hasSuffix($0) } }) else { return nil }
            self = format
        }

        /// What names end in, the usual one first.
        var endings: [String] {
            switch self {
            case .zip: [".zip"]
            case .tar: [".tar"]
            case .tarGzip: [".tar.gz", ".tgz"]
            }
        }

        /// What the bytes are, by their beginning; a gzip file may hold anything.
        static func recognize(_ bytes: Bytes) -> Format? {
            if ZipArchive.recognizes(bytes) { return .zip }
            if bytes.starts(with: [0x1F, 0x8B]) { return .tarGzip }
            return TarReader.recognizes(bytes) ? .tar : nil
        }
    }

    /// How to write.
    public struct Options: Sendable {
        /// 0 (none) to 9 (smallest); tar alone is never compressed.
        public var compression = 6
        /// The date of all members, in seconds since 1970; `nil` for the format's first day.
        public var modified: Int?
        public init() {}
    }

    /// Last parts of the names that are read, without the dot.
    public static let extensions = ["zip", "tar", "tgz", "gz"]

    /// Lists the members of the archive in `bytes`; their own bytes are left where they are.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Archive {
        guard let format = Format.recognize(bytes) else {
            throw FormatError(
                bytes.isEmpty ? .truncated : .malformed, "archive", bytes.isEmpty ? "is empty" : "does not begin as an archive does",
                hint: "zip, tar and tar.gz are read")
        }
        let members =
            switch format {
            case .zip: try ZipArchive(bytes, limits: limits).archiveMembers()
            case .tar: try members(ofTar: bytes, limits)
            case .tarGzip: try members(ofGzip: bytes, limits)
            }
        return Archive(format: format.rawValue, members: members, unpackedLimit: limits.inflatedBytes)
    }

    private static func members(ofTar bytes: Bytes, _ limits: Limits) throws(FormatError) -> [Archive.Member] {
        var reader = TarReader(PlainStream(bytes), source: .plain(bytes), limits: limits)
        return try reader.members()
    }

    /// Goes through the whole file once, to its own checksum at the end, and keeps none of it.
    private static func members(ofGzip bytes: Bytes, _ limits: Limits) throws(FormatError) -> [Archive.Member] {
        let beginning = try InflatingStream(gzip: bytes, limits: limits).read(2 * TarHeader.blockSize)
        guard TarReader.recognizes(beginning) else {
            throw FormatError(.unsupported, "gzip", "holds no tar file", hint: "keep it with `file`")
        }
        let stream = try InflatingStream(gzip: bytes, limits: limits)
        var reader = TarReader(stream, source: .packed(bytes), limits: limits)
        let members = try reader.members()
        try stream.skip(.max)
        return members
    }

    /// Writes `archive`, sorted by name, with fixed owners and permissions, so that equal members give equal files.
    ///
    /// - Parameter surroundings: give the bytes of members whose content is `outside`, and are told how far it is.
    public static func encode(
        _ archive: Archive, as format: Format, options: Options = Options(), limits: Limits = .standard, surroundings: Surroundings = .none,
        to sink: any ByteSink
    ) throws(FormatError) {
        try archive.requireSafe(limits: limits)
        let reader = ArchiveReader(archive, limits: limits, surroundings: surroundings)
        let members = archive.members.sortedForWriting
        let packed = { surroundings.bytesPacked?($0) ?? () }
        switch format {
        case .zip:
            var writer = ZipWriter(sink, packed: packed)
            let method: ZipWriter.Method = options.compression == 0 ? .stored : .deflated(level: options.compression)
            for member in members { try writer.add(member, try reader.contents(of: member), method: method, modified: options.modified) }
            try writer.finish()
        case .tar: try encodeTar(members, reader, options, to: TarWriter(sink, packed: packed))
        case .tarGzip:
            let deflating = try DeflatingSink(sink, frame: .gzip, level: options.compression)
            try encodeTar(members, reader, options, to: TarWriter(deflating, packed: packed))
            try deflating.finish()
        }
    }

    private static func encodeTar(_ members: [Archive.Member], _ reader: ArchiveReader, _ options: Options, to writer: TarWriter) throws(FormatError) {
        for member in members {
            // A hard link names an earlier member, which sorting may have put behind it: it becomes a file of its own.
            let isFile = if case .hardLink = member.kind { true } else { member.kind == .file }
            var written = member
            if isFile { written.kind = .file }
            try writer.add(written, content: isFile ? try reader.contents(of: member) : Bytes([]), modified: options.modified ?? 0)
        }
        try writer.finish()
    }
}

extension [Archive.Member] {
    /// By the bytes of their names. A folder that has members is not written: they make it.
    fileprivate var sortedForWriting: [Archive.Member] {
        var filled = Set<String>()
        for member in self {
            var way = member.name[...]
            while let slash = way.utf8.lastIndex(of: UInt8(ascii: "/")) {
                way = way[..<slash]
                if !filled.insert(String(way)).inserted { break }
            }
        }
        return filter { $0.kind != .folder || !filled.contains($0.name) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
