import CrateValues

extension Archive {
    /// Members that are not unpacked, by position, and why: those whose names or links lead out, that are no files, that stand in each
    /// other's way, or whose way leads over a link.
    public var faults: [Int: String] {
        var faults: [Int: String] = [:]
        var ways = Ways(members)
        var seen = Set<ExactText>()
        for (index, member) in members.enumerated() {
            let isRepeated = !seen.insert(ExactText(member.name)).inserted
            faults[index] = ArchiveName.fault(of: member.name) ?? member.faultOfKind(ways.kinds, isRepeated: isRepeated) ?? ways.fault(of: member.name)
        }
        return faults
    }

    /// Refuses an archive that can't be unpacked whole, safely and within the limits.
    public func requireSafe(limits: Limits = .standard) throws(FormatError) {
        let name = format.isEmpty ? "archive" : format
        guard members.count <= limits.members else {
            throw FormatError(.limit, name, "has \(members.count) members, more than the limit of \(limits.members)")
        }
        let most = unpackedLimit ?? limits.inflatedBytes
        guard size <= most else {
            throw FormatError(
                .limit, name, "would unpack to \(size) bytes, more than the limit of \(most)",
                hint: "if that is meant, add limits: {inflated_bytes: \(size)}")
        }
        guard let (index, fault) = faults.min(by: { $0.key < $1.key }) else { return }
        throw FormatError(.unsafe, name, "is not safe to unpack: \(fault)", at: .member(members[index].name), hint: "`inspect` lists what it holds")
    }
}

extension Archive.Member {
    fileprivate func faultOfKind(_ kinds: [ExactText: Kind], isRepeated: Bool) -> String? {
        if isRepeated, kind != .folder || kinds[ExactText(name)] != .folder { return "its name occurs twice" }
        switch kind {
        case .file, .folder: return nil
        case .symbolicLink(let target): return ArchiveName.fault(ofLinkTo: target, at: name)
        case .hardLink(let target): return kinds[ExactText(target)] == .file ? nil : "it is a link to `\(target)`, which is no file of the archive"
        case .other(let what): return "it is a \(what)"
        }
    }
}

/// The folders that members need around them. Each is looked at once, however many members and levels there are.
private struct Ways {
    let kinds: [ExactText: Archive.Member.Kind]
    /// Folders whose way is free.
    private var free = Set<ExactText>()

    init(_ members: [Archive.Member]) { kinds = Dictionary(members.map { (ExactText($0.name), $0.kind) }) { first, _ in first } }

    /// Why the folders around a member can't be made.
    mutating func fault(of name: String) -> String? {
        var way = name[...]
        while let slash = way.utf8.lastIndex(of: UInt8(ascii: "/")) {
            way = way[..<slash]
            let folder = ExactText(String(way))
            switch kinds[folder] {
            case .symbolicLink?: return "its path leads over the link `\(way)`"
            case nil, .folder?: if !free.insert(folder).inserted { return nil }
            default: return "it needs a folder where `\(way)` is a file"
            }
        }
        return nil
    }
}
