import CrateValues

/// What an archive holds, and what of it would not be unpacked.
public enum ArchiveInspection {
    /// - Parameter verifies: unpack every member, to nowhere, so that damage shows.
    public static func inspect(_ bytes: Bytes, verifies: Bool, limits: Limits) throws(FormatError) -> Inspection {
        let archive = try ArchiveFile.decode(bytes, limits: limits)
        let faults = archive.faults
        var found = Inspection(facts: facts(archive, packed: bytes.count), listings: [listing(archive, faults)])
        if verifies {
            let reader = ArchiveReader(archive, limits: limits)
            for member in archive.members where member.kind == .file { try reader.unpack(member) { _ in } }
            found.facts.append(("verified", .bool(true)))
        }
        found.facts.append(("unsafe", .integer(faults.count)))
        return found
    }

    private static func facts(_ archive: Archive, packed: Int) -> [Inspection.Fact] {
        func count(_ test: (Archive.Member.Kind) -> Bool) -> Document { .integer(archive.members.count { test($0.kind) }) }
        let times = archive.members.compactMap(\.modified)
        return [
            ("format", .string(archive.format)), ("files", count { $0 == .file }), ("folders", count { $0 == .folder }),
            ("links", count { switch $0 { case .symbolicLink, .hardLink: true; default: false } }), ("unpacked_size", .integer(archive.size)),
            ("ratio", ratio(archive.size, packed)), ("oldest", date(times.min())), ("newest", date(times.max())),
        ]
    }

    private static func listing(_ archive: Archive, _ faults: [Int: String]) -> Inspection.Listing {
        Inspection.Listing(
            "members", columns: ["name", "type", "size", "stored_size", "ratio", "method", "modified", "unsafe"],
            rows: archive.members.enumerated().map { index, member in
                [
                    .string(member.name), .string(member.kind.word), .integer(member.size), member.packedSize.map { .integer($0) } ?? .null,
                    member.packedSize.map { ratio(member.size, $0) } ?? .null, member.method.isEmpty ? .null : .string(member.method),
                    date(member.modified), faults[index].map { .string($0) } ?? .null,
                ]
            })
    }

    /// Bytes out per byte in, to two places.
    private static func ratio(_ size: Int, _ packed: Int) -> Document {
        packed > 0 ? .float((Double(size) / Double(packed) * 100).rounded() / 100) : .null
    }

    private static func date(_ seconds: Int?) -> Document {
        seconds.flatMap { Timestamp(secondsSince1970: $0) }.map { .timestamp($0) } ?? .null
    }
}

extension Archive.Member.Kind {
    /// "file", "folder", "link to x" …
    fileprivate var word: String {
        switch self {
        case .file: "file"
        case .folder: "folder"
        case .symbolicLink(let target): "link to \(target)"
        case .hardLink(let target): "same as \(target)"
        case .other(let what): what
        }
    }
}
