import CrateValues

/// Gives the bytes of an archive's members.
///
/// Those that are packed together are had fastest in the archive's order: what was unpacked for one is not unpacked again for the next.
/// In another order a small archive is kept in memory unpacked, and a large one is gone through again.
public final class ArchiveReader {
    public let archive: Archive
    private let limits: Limits
    private let format: String
    private lazy var positions = Dictionary(archive.members.enumerated().map { ($1.name, $0) }) { first, _ in first }
    private let surroundings: Surroundings
    /// Where unpacking has come to.
    private var stream: (any ByteStream)?
    /// All that the archive unpacks to, when it is small and was asked for out of order.
    private var unpacked: Bytes?
    private static let mostKept = 256 << 20

    /// - Parameter surroundings: give the bytes of members whose content is `outside`.
    public init(_ archive: Archive, limits: Limits = .standard, surroundings: Surroundings = .none) {
        self.archive = archive
        self.surroundings = surroundings
        var limits = limits
        if let most = archive.unpackedLimit { limits.inflatedBytes = most }
        self.limits = limits
        format = archive.format.isEmpty ? "archive" : archive.format
    }

    /// `nil` when there is none of this name.
    public func member(named name: String) -> Archive.Member? { positions[name].map { archive.members[$0] } }

    /// A file's bytes: shared where they are stored plainly, else unpacked to exactly their announced size.
    public func contents(of member: Archive.Member) throws(FormatError) -> Bytes {
        let member = try file(member)
        if case .plain(let bytes) = member.content { return bytes }
        if case .zipped(let bytes, false, let crc32) = member.content {
            guard Deflate.crc32(bytes) == crc32 else { throw damaged(member) }
            return bytes
        }
        if case .outside = member.content { return try outside(member) }
        guard member.size <= limits.inflatedBytes else {
            throw FormatError(.limit, format, "a member of \(member.size) bytes is beyond the limit of \(limits.inflatedBytes)", at: .member(member.name))
        }
        if case .zipped(let bytes, _, _) = member.content { try named(member) { () throws(FormatError) in
            try Deflate.check(size: member.size, from: bytes.count, limits: limits) } }
        var filled = 0
        let region = try ByteRegion(count: member.size) { (output) throws(FormatError) in
            try unpack(member) { (piece) throws(FormatError) in
                UnsafeMutableRawBufferPointer(rebasing: output[filled...]).copyMemory(from: piece)
                filled += piece.count
            }
        }
        return Bytes(region)
    }

    /// A file's bytes, piece by piece, so that none needs to fit into memory. They are exactly as many as announced, or it throws.
    public func unpack(_ member: Archive.Member, to write: (UnsafeRawBufferPointer) throws(FormatError) -> Void) throws(FormatError) {
        let member = try file(member)
        var left = member.size
        func pass(_ piece: UnsafeRawBufferPointer) throws(FormatError) {
            guard piece.count <= left else {
                throw FormatError(.malformed, format, "unpacks to more than the \(member.size) bytes announced", at: .member(member.name))
            }
            left -= piece.count
            try write(piece)
        }
        switch member.content {
        case .plain(let bytes): try bytes.withBytes { (buffer) throws(FormatError) in try pass(buffer) }
        case .zipped(let bytes, let isDeflated, let crc32): try unzip(bytes, isDeflated, crc32, member, pass)
        case .packedTogether(let bytes, let start): try unpack(bytes, start..<(start + member.size), pass)
        case .outside: try outside(member).withBytes { (buffer) throws(FormatError) in try pass(buffer) }
        }
        guard left == 0 else {
            throw FormatError(.malformed, format, "unpacks to \(left) bytes fewer than the \(member.size) announced", at: .member(member.name))
        }
    }

    private func unzip(
        _ bytes: Bytes, _ isDeflated: Bool, _ crc32: UInt32, _ member: Archive.Member,
        _ pass: (UnsafeRawBufferPointer) throws(FormatError) -> Void
    ) throws(FormatError) {
        var found: UInt32 = 0
        func check(_ piece: UnsafeRawBufferPointer) throws(FormatError) {
            found = Deflate.crc32(piece, after: found)
            try pass(piece)
        }
        if isDeflated {
            try named(member) { () throws(FormatError) in try Deflate.inflate(bytes, frame: .none, to: check) }
        } else {
            try bytes.withBytes { (buffer) throws(FormatError) in try check(buffer) }
        }
        guard found == crc32 else { throw damaged(member) }
    }

    private func unpack(
        _ bytes: Bytes, _ range: Range<Int>, _ pass: (UnsafeRawBufferPointer) throws(FormatError) -> Void
    ) throws(FormatError) {
        let stream = try stream(of: bytes, from: range.lowerBound)
        try stream.skip(range.lowerBound - stream.position)
        while stream.position < range.upperBound {
            let piece = try stream.next(min(range.upperBound - stream.position, 1 << 18))
            if piece.isEmpty { return }
            try piece.withBytes { (buffer) throws(FormatError) in try pass(buffer) }
        }
    }

    private func stream(of bytes: Bytes, from start: Int) throws(FormatError) -> any ByteStream {
        if let stream, stream.position <= start { return stream }
        let isRepeated = stream != nil
        var new: any ByteStream = try InflatingStream(gzip: bytes, limits: limits)
        if isRepeated, unpacked == nil, archive.size < ArchiveReader.mostKept {
            let whole = try new.read(ArchiveReader.mostKept)
            // With its headers it may still be too large.
            if whole.count < ArchiveReader.mostKept { unpacked = whole } else { new = try InflatingStream(gzip: bytes, limits: limits) }
        }
        if let unpacked { new = PlainStream(unpacked) }
        stream = new
        return new
    }

    private func outside(_ member: Archive.Member) throws(FormatError) -> Bytes {
        guard let neighbour = surroundings.neighbour else {
            throw FormatError(.system, format, "the bytes of a member can't be had", at: .member(member.name))
        }
        return try neighbour(member.name)
    }

    /// The member that has the bytes: a hard link's are those of another.
    private func file(_ member: Archive.Member) throws(FormatError) -> Archive.Member {
        switch member.kind {
        case .file: return member
        case .hardLink(let target):
            if let file = self.member(named: target), file.kind == .file { return file }
            throw FormatError(.malformed, format, "is a link to `\(target)`, which is no file of the archive", at: .member(member.name))
        case .folder: throw FormatError(.unrepresentable, format, "a folder has no bytes", at: .member(member.name))
        case .symbolicLink(let target):
            throw FormatError(.unrepresentable, format, "is a link to `\(target)` and has no bytes of its own", at: .member(member.name))
        case .other(let what): throw FormatError(.unsupported, format, "a \(what) is not read", at: .member(member.name))
        }
    }

    private func named(_ member: Archive.Member, _ body: () throws(FormatError) -> Void) throws(FormatError) {
        do { try body() } catch {
            if case .member = error.place { throw error }
            throw FormatError(error.kind, format, error.reason, at: .member(member.name), hint: error.hint)
        }
    }

    private func damaged(_ member: Archive.Member) -> FormatError {
        FormatError(.malformed, format, "does not match its CRC-32", at: .member(member.name))
    }
}
