import CrateValues

/// Which versions living processes have set up, so that `gc` leaves those alone. Nobody waits for it.
///
/// A process has a locked file of its own in `.opencrate/store/open` for each, until it lets go of the version or ends.
struct OpenVersions {
    let hidden: HiddenFolder
    private var files: Files { hidden.files }
    private var folder: String { Path.join(hidden.root, "open") }

    static func key(_ name: String, _ version: Version) -> String { String(SHA256Digest.hex(of: Array("\(name)/\(version.name)".utf8)).prefix(32)) }

    /// Held for as long as the lock is there.
    func hold(_ name: String, _ version: Version) throws(CrateError) -> ArtifactLock {
        try hidden.make(folder)
        let own = OpenVersions.key(name, version) + "-" + hidden.newID()
        return try ArtifactLock(Path.join(folder, own), what: "`\(name)/\(version.name)`", files, patience: ArtifactLock.standardPatience)
    }

    /// The keys of the versions that other processes have, each with one of them in words. What processes that ended have left is removed.
    func byOthers() throws(CrateError) -> [String: String] {
        guard try files.status(folder)?.kind == .directory else { return [:] }
        var found: [String: String] = [:]
        for file in try files.names(in: folder) {
            let lock = try ArtifactLock.look(Path.join(folder, file), files)
            if !lock.isHeld || lock.holder?.process == files.system.processes.current { continue }
            found[String(file.prefix { $0 != "-" })] = lock.holder?.text(files) ?? "another process"
        }
        return found
    }
}
