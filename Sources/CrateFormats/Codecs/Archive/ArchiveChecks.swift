import CrateValues

extension Archive {
    /// Members that are not unpacked, by position, and why: those whose names or links lead out, that are no files, that stand in each
    /// other's way, or whose way leads over a link.
    public var faults: [Int: String] {
        var faults: [Int: String] = [:]
        let kinds = Dictionary(members.map { ($0.name, $0.kind) }) { first, _ in first }
        var seen = Set<String>()
        for (index, member) in members.enumerated() {
            let isRepeated = !seen.insert(member.name).inserted
            faults[index] = ArchiveName.fault(of: member.name) ?? member.faultOfKind(kinds, isRepeated: isRepeated) ?? faultOfWay(member.name, kinds)
        }
        return faults
    }

    /// Why the folders around a member can't be made.
    private func faultOfWay(_ name: String, _ kinds: [String: Member.Kind]) -> String? {
        var way = name[...]
        while let slash = way.utf8.lastIndex(of: UInt8(ascii: "/")) {
            way = way[..<slash]
            switch kinds[String(way)] {
            case nil, .folder?: continue
            case .symbolicLink?: return "its path leads over the link `\(way)`"
            default: return "it needs a folder where `\(way)` is a file"
            }
        }
        return nil
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
    fileprivate func faultOfKind(_ kinds: [String: Kind], isRepeated: Bool) -> String? {
        if isRepeated, kind != .folder || kinds[name] != .folder { return "its name occurs twice" }
        switch kind {
        case .file, .folder: return nil
        case .symbolicLink(let target): return ArchiveName.fault(ofLinkTo: target, at: name)
        case .hardLink(let target): return kinds[target] == .file ? nil : "it is a link to `\(target)`, which is no file of the archive"
        case .other(let what): return "it is a \(what)"
        }
    }
}
