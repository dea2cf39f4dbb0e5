import CrateValues

/// The members of a ZIP file, read from its central directory.
///
/// Opening checks the whole structure, so that no two members share bytes, no name occurs twice and no size reaches
/// past the file: what is listed can be read. Facts from PKWARE's APPNOTE 6.3, sections 4.3 to 4.5.
public struct ZipArchive: Sendable {
    /// One file inside.
    public struct Member: Sendable {
        public let name: String
        /// Bytes when inflated, as the directory says.
        public let size: Int
        public let compressedSize: Int
        public let isDeflated: Bool
        public let crc32: UInt32
        /// Where the data stand in the archive.
        public let dataRange: Range<Int>
        /// Unix' type and permissions; 0 when a system without them made the archive.
        public let mode: UInt32
        /// Seconds since 1970; the format's own dates know no zone and are taken for UTC.
        public let modified: Int?

        /// A Unix symbolic link, whose data are a path.
        public var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }
        public var isDirectory: Bool { name.utf8.last == UInt8(ascii: "/") }
        /// Whether the name stays inside the folder it is unpacked in, on any system.
        public var staysInside: Bool {
            !isSymbolicLink && ArchiveName.fault(of: isDirectory ? String(name.dropLast()) : name) == nil
        }
    }

    /// In the directory's order.
    public let members: [Member]
    /// The whole file.
    public let bytes: Bytes
    private let limits: Limits
    private let indexByName: [ExactText: Int]

    static let format = "ZIP"

    public init(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) {
        self.bytes = bytes
        self.limits = limits
        members = try ZipDirectory(bytes).members(limit: limits.members)
        var indexByName: [ExactText: Int] = [:]
        var inflated = 0
        for (index, member) in members.enumerated() {
            guard indexByName.updateValue(index, forKey: ExactText(member.name)) == nil else {
                throw FormatError(.malformed, ZipArchive.format, "holds the name \(member.name) twice", at: .member(member.name))
            }
            guard member.isDeflated else { continue }
            // The budget is for all members together: many small bombs are a bomb.
            inflated = try inflated.adding(member.size, limit: limits.inflatedBytes)
            try Deflate.check(size: member.size, from: member.compressedSize, limits: limits)
        }
        self.indexByName = indexByName
    }

    /// Whether `bytes` begin as a ZIP file does.
    public static func recognizes(_ bytes: Bytes) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    public subscript(name: String) -> Member? { indexByName[ExactText(name)].map { members[$0] } }

    /// The member's content: shared with the archive when it is stored, else inflated to exactly its announced size.
    ///
    /// PyTorch writes files without CRC and its reader never looks at it, so the check is left to the caller.
    public func contents(of member: Member, checksCRC: Bool = true) throws(FormatError) -> Bytes {
        guard let data = bytes.slice(member.dataRange) else { throw ZipArchive.damaged(member, "reaches past the end") }
        let content = member.isDeflated ? try inflate(data, of: member) : data
        if checksCRC, Deflate.crc32(content) != member.crc32 { throw ZipArchive.damaged(member, "does not match its CRC-32") }
        return content
    }

    private func inflate(_ data: Bytes, of member: Member) throws(FormatError) -> Bytes {
        do {
            return try Deflate.inflate(data, toExactly: member.size, limits: limits)
        } catch {
            throw FormatError(error.kind, ZipArchive.format, error.reason, at: .member(member.name))
        }
    }

    private static func damaged(_ member: Member, _ what: String) -> FormatError {
        FormatError(.malformed, format, "\(member.name) \(what)", at: .member(member.name))
    }

    /// Refuses an archive with a name that would leave the folder it is unpacked in, or with a symbolic link.
    public func requireSafeNames() throws(FormatError) {
        for member in members where !member.staysInside {
            let what = member.isSymbolicLink ? "is a symbolic link" : "names a place outside its folder"
            throw FormatError(.unsafe, ZipArchive.format, "the member \(member.name) \(what)", at: .member(member.name))
        }
    }
}

extension Int {
    fileprivate func adding(_ other: Int, limit: Int) throws(FormatError) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow, sum <= limit else {
            throw FormatError(.limit, ZipArchive.format, "would inflate to more than the limit of \(limit) bytes")
        }
        return sum
    }
}

extension Bytes {
    /// Whether the first bytes are `prefix`.
    func starts(with prefix: [UInt8], at offset: Int = 0) -> Bool {
        withBytes { offset >= 0 && $0.count - offset >= prefix.count && $0[offset..<(offset + prefix.count)].elementsEqual(prefix) }
    }
}
