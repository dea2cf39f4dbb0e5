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
        // Another process may have emptied the version since the artifact was staged.
        try prepareFolder()
        let backup = try store.writing(file) { () throws(CrateError) in
            if let tag { try copyToBackup(tag: tag, replace) } else { try copyToTimedBackup() }
        }
        try report("✓ Backup of '\(name)' of '\(kind)' created at '\(backup.path)'.")
        return backup
    }

    /// The backups in order of creation.
    public func listBackups() throws(CrateError) -> [Backup] { try datedBackups().map(\.backup) }

    /// Makes a backup the present state again, in one step: the one with `tag` (or its time or file name), else the newest.
    ///
    /// Throws `changed` for a backup whose bytes are not those that were backed up.
    @discardableResult
    public func restore(tag: String? = nil) throws(CrateError) -> Backup {
        let backup = try find(tag)
        try prepareFolder()
        let change = try store.writing(file) { () throws(CrateError) in
            let source = self.file(of: backup)
            let expected = try store.expectedDigest(of: source)
            let place = store.present(source) ?? backup.path
            if let expected { try requireNoLink(place, expected) }
            let new = try files.makeCopy(of: place, besides: path, isHashed: true)
            if let expected, let digest = new.digest, digest != expected {
                files.abandon(new)
                throw .changed(path: backup.path, reason: "its bytes are not those that were backed up")
            }
            return try store.place(new, line(.restore, tag: backup.tag ?? backup.name))
        }
        try warnOfReplacing(change, by: "restore")
        try report("✓ '\(name)' of '\(kind)' restored from '\(backup.path)'.")
        return backup
    }

    /// A link in a backup's place was not backed up, whatever it leads to.
    private func requireNoLink(_ place: String, _ expected: String) throws(CrateError) {
        guard try files.status(place)?.kind == .symbolicLink, try files.ownDigest(place) != expected else { return }
        throw .changed(path: place, reason: try files.linkText(place))
    }

    private func find(_ tag: String?) throws(CrateError) -> Backup {
        let backups = try listBackups()
        guard let tag else {
            if let newest = backups.last { return newest }
            throw .notFound(what: "backup", path: path, hint: "`\(name)` has no backups")
        }
        let wanted = Backup.name(of: artifactName, label: tag)
        if let match = backups.first(where: { [ExactText(wanted), ExactText(tag)].contains(ExactText($0.name)) }) { return match }
        let near = nearestName(tag, in: backups.compactMap(\.tag)).map { "did you mean `\($0)`?" }
        throw .notFound(what: "backup", path: Path.join(folder, wanted), hint: near ?? "there are " + (backups.isEmpty ? "none" : backups.map(\.name).joined(separator: ", ")))
    }

    private func copyToBackup(tag: String, _ replace: Bool) throws(CrateError) -> Backup {
        try NameRules.check(tag, as: "tag")
        if Timestamp(backupStamp: tag) != nil { throw .invalid(what: "tag", reason: "`\(tag)` looks like the time of an untagged backup", hint: nil) }
        try requireNoOwnArtifact(tag)
        if let backup = try copyToFree(label: tag, replace ? .replace : .keep) { return backup }
        throw .alreadyExists(what: "backup", path: Path.join(folder, Backup.name(of: artifactName, label: tag)), hint: "pass replace: true, or choose another tag")
    }

    /// A backup must not take the place of an artifact that has the name of one.
    private func requireNoOwnArtifact(_ tag: String) throws(CrateError) {
        let other = Backup.name(of: artifactName, label: tag)
        let target = Path.join(Path.name(folder), other)
        guard let place = store.present(target), try files.status(place) != nil, try store.origin(of: target) == .save else { return }
        throw .invalid(what: "tag", reason: "the backup of `\(name)` would be `\(other)`, which is an artifact of its own", hint: "choose another tag")
    }

    /// An artifact must not take the place of a backup, nor be taken for one. Those that have been saved under such a name go on.
    func requireOwnName() throws(CrateError) {
        guard let owner = Backup.owner(of: name, isFolder: isFolder) else { return }
        if let place = presentPath, try files.status(place) != nil {
            let origin = try store.origin(of: file)
            if origin == .save { return }
            // Of a file from elsewhere only the neighbour can tell.
            if origin == nil, try files.status(Path.join(folder, owner)) == nil { return }
        }
        throw .invalid(what: "artifact name", reason: "`\(name)` is the name of a backup of `\(owner)`", hint: "choose another name, or make a backup of `\(owner)` with that tag")
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
        let target = file(of: backup)
        if mode == .keep, let taken = store.present(target), try files.status(taken) != nil { return nil }
        do throws(CrateError) {
            let staged = store.transaction?.step(of: file)
            let source = staged == nil ? try store.before(file) : nil
            let digest = staged?.entry.state?.digest ?? source?.digest
            var copy = try files.makeCopy(of: try requireExisting(), besides: backup.path, isHashed: digest == nil)
            if let digest { copy.digest = digest }
            do throws(CrateError) { try stamp(copy, for: backup) } catch {
                files.abandon(copy)
                throw error
            }
            let change = try store.place(copy, line(.backup, file: target, tag: label), mode)
            try warnOfReplacing(change, at: backup.path, by: "backup")
            try warnOfSource(source?.change)
        } catch {
            switch error {
            case .system(_, _, EEXIST) where mode == .keep, .alreadyExists where mode == .keep: return nil
            default: throw error
            }
        }
        return backup
    }

    /// A kind whose own code writes may do so at any time.
    private func warnOfSource(_ change: String?) throws(CrateError) {
        guard let change, case .standard = entry else { return }
        try snapshot.log(.warning, "'\(path)' had been changed outside of crate: \(change). The backup holds it as it is now")
    }

    private func file(of backup: Backup) -> String { Path.join(Path.name(folder), backup.name) }

    /// File systems keep time in coarse steps, so two backups made at once would have no order: the later one gets a later time.
    private func stamp(_ copy: Unfinished, for backup: Backup) throws(CrateError) {
        let time = max(files.system.clock.now(), (try newestBackupTime() ?? .min / 2) + 1000)
        try files.named(backup.path) { () throws(SystemError) in try files.calls.setModified(copy.path, time) }
    }

    private func newestBackupTime() throws(CrateError) -> Int? { try datedBackups().last?.time }

    private func datedBackups() throws(CrateError) -> [(backup: Backup, time: Int)] {
        var found: [(backup: Backup, time: Int)] = []
        for name in try store.names(in: Path.name(folder)) {
            guard let backup = Backup(name, of: artifactName, in: folder), let place = store.present(file(of: backup)),
                let status = try files.status(place)
            else { continue }
            found.append((backup, status.modified))
        }
        return found.sorted { ($0.time, $0.backup.name) < ($1.time, $1.backup.name) }
    }
}
