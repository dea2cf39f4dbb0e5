import CrateValues
import Glibc

extension Artifact {
    /// Keeps a copy of the present state beside the artifact, named by `tag` or else by the time.
    ///
    /// Throws `notFound` when nothing was saved yet, and `alreadyExists` for a taken tag unless `replace` is true.
    @discardableResult
    public func backup(tag: String? = nil, replace: Bool = false) throws(CrateError) -> Backup {
        try requireExisting()
        try snapshot.requireOpen("backup")
        let earlier = try newestBackupTime()
        let backup = if let tag { try copyToBackup(tag: tag, replace) } else { try copyToTimedBackup() }
        try stamp(backup, after: earlier)
        try report("✓ Backup of '\(name)' of '\(kind)' created at '\(backup.path)'.")
        return backup
    }

    /// The backups in order of creation.
    public func listBackups() throws(CrateError) -> [Backup] { try datedBackups().map(\.backup) }

    /// Makes a backup the present state again, in one step: the one with `tag` (or its time or file name), else the newest.
    @discardableResult
    public func restore(tag: String? = nil) throws(CrateError) -> Backup {
        let backup = try find(tag)
        try prepareFolder()
        try files.copy(backup.path, to: path, .replace, replacingFolder: true)
        try report("✓ '\(name)' of '\(kind)' restored from '\(backup.path)'.")
        return backup
    }

    private func find(_ tag: String?) throws(CrateError) -> Backup {
        let backups = try listBackups()
        guard let tag else {
            if let newest = backups.last { return newest }
            throw .notFound(what: "backup", path: path, hint: "`\(name)` has no backups")
        }
        let wanted = Backup.name(of: artifactName, label: tag)
        if let match = backups.first(where: { $0.name == wanted || $0.name == tag }) { return match }
        let near = nearestName(tag, in: backups.compactMap(\.tag)).map { "did you mean `\($0)`?" }
        throw .notFound(what: "backup", path: Path.join(folder, wanted), hint: near ?? "there are " + (backups.isEmpty ? "none" : backups.map(\.name).joined(separator: ", ")))
    }

    private func copyToBackup(tag: String, _ replace: Bool) throws(CrateError) -> Backup {
        try NameRules.check(tag, as: "tag")
        if Timestamp(backupStamp: tag) != nil { throw .invalid(what: "tag", reason: "`\(tag)` looks like the time of an untagged backup", hint: nil) }
        if let backup = try copyToFree(label: tag, replace ? .replace : .keep) { return backup }
        throw .alreadyExists(what: "backup", path: Path.join(folder, Backup.name(of: artifactName, label: tag)), hint: "pass replace: true, or choose another tag")
    }

    private func copyToTimedBackup() throws(CrateError) -> Backup {
        let clock = files.system.clock
        let stamp = clock.local(clock.now()).backupStamp
        var label = stamp
        var count = 1
        while true {
            if let backup = try copyToFree(label: label, .keep) { return backup }
            count += 1
            label = "\(stamp)_\(count)"
        }
    }

    /// `nil` when the name is taken, which only the rename itself can tell for sure.
    private func copyToFree(label: String, _ mode: RenameMode) throws(CrateError) -> Backup? {
        let name = Backup.name(of: artifactName, label: label)
        try NameRules.check(name, as: "backup name")
        guard let backup = Backup(name, of: artifactName, in: folder) else { return nil }
        if mode == .keep, try files.status(backup.path) != nil { return nil }
        do { try files.copy(path, to: backup.path, mode, replacingFolder: true) } catch {
            switch error {
            case .system(_, _, EEXIST) where mode == .keep, .alreadyExists where mode == .keep: return nil
            default: throw error
            }
        }
        return backup
    }

    /// File systems keep time in coarse steps, so two backups made at once would have no order: the later one gets a later time.
    private func stamp(_ backup: Backup, after earlier: Int?) throws(CrateError) {
        let time = max(files.system.clock.now(), (earlier ?? .min / 2) + 1000)
        let full = try files.resolved(backup.path)
        try files.named(backup.path) { () throws(SystemError) in try files.calls.setModified(full, time) }
    }

    private func newestBackupTime() throws(CrateError) -> Int? { try datedBackups().last?.time }

    private func datedBackups() throws(CrateError) -> [(backup: Backup, time: Int)] {
        guard try files.status(folder)?.kind == .directory else { return [] }
        var found: [(backup: Backup, time: Int)] = []
        for name in try files.names(in: folder) {
            guard let backup = Backup(name, of: artifactName, in: folder), let status = try files.status(backup.path) else { continue }
            found.append((backup, status.modified))
        }
        return found.sorted { ($0.time, $0.backup.name) < ($1.time, $1.backup.name) }
    }
}
