import CrateValues

/// A copy of an artifact's earlier state, a plain file beside it.
public struct Backup: Sendable, Hashable {
    /// The file's name: `model.backup_initial.pth`. It opens as an artifact of the same kind.
    public let name: String
    public let path: String
    /// `nil` when it was made without one.
    public let tag: String?
    /// Local time of making, to the second, when it was made without a tag.
    public let time: Timestamp?

    private static let mark = ".backup_"

    /// The name of a backup of `artifact` with `label`, a tag or a time.
    static func name(of artifact: ArtifactName, label: String) -> String { artifact.stem + mark + label + artifact.suffix }

    /// Reads the name of a file beside `artifact`; `nil` when it is no backup of it.
    init?(_ name: String, of artifact: ArtifactName, in folder: String) {
        let prefix = artifact.stem + Backup.mark
        let (bytes, end) = (name.utf8, artifact.suffix.utf8)
        guard bytes.starts(with: prefix.utf8), bytes.suffix(end.count).elementsEqual(end), bytes.count > prefix.utf8.count + end.count else { return nil }
        let label = Substring(bytes.dropFirst(prefix.utf8.count).dropLast(end.count))
        self.name = name
        path = Path.join(folder, name)
        time = Timestamp(backupStamp: label)
        tag = time == nil ? String(label) : nil
    }

    /// The artifact that a file of this name would be a backup of; `nil` for other names.
    ///
    /// - Parameter isFolder: folders have no extension, and so their backups' tags may hold dots.
    static func owner(of name: String, isFolder: Bool) -> String? {
        guard let range = name.utf8.ranges(of: mark.utf8).last, range.lowerBound != name.startIndex, range.upperBound != name.endIndex else { return nil }
        let suffix = isFolder ? "" : ArtifactName(String(name[range.upperBound...])).suffix
        return name[..<range.lowerBound] + suffix
    }

    static func isBackup(_ name: String) -> Bool { name.contains(mark) }
}

extension ArtifactName {
    /// The extension as it is written, with its dot.
    var suffix: String { String(text.dropFirst(stem.count)) }
}
