import CrateFormats
import CrateValues

/// One version of a pipeline's outputs: a folder with its artifacts and logs.
public final class Snapshot {
    /// The series that the version belongs to.
    public let name: String
    /// Number and tag.
    public let versionID: Version
    /// As the guide shows it: `snapshots/guide/v0:initial-run`, below the crate's folder as that was given.
    public let directoryPath: String
    let project: Project
    let store: VersionStore
    private var runLog: Log
    /// The resets of the name when this was opened.
    private let generation: Int

    init(project: Project, name: String, version: Version, directoryPath: String, store: VersionStore, log: Log) {
        self.project = project
        self.name = name
        versionID = version
        self.directoryPath = directoryPath
        runLog = log
        generation = project.resetCount(of: name)
        self.store = store
    }

    /// The number; `nil` for `dev`.
    public var version: Int? { versionID.number }
    /// `nil` without one.
    public var tag: String? { versionID.tag }
    /// `v0:initial-run`
    public var versionName: String { versionID.name }
    /// Messages below it are dropped.
    public var logLevel: LogLevel { runLog.level }
    /// Whether its folder is there.
    public var exists: Bool { (try? files.status(directoryPath)?.kind == .directory) ?? false }

    var files: Files { project.files }

    /// Where an artifact is or would be. Without a name, its kind's folder.
    ///
    /// Throws `invalid` for an unknown kind or a name that is no plain file name.
    public func path(kind: String, name: String? = nil) throws(CrateError) -> String {
        _ = try entry(of: kind)
        let folder = Path.join(directoryPath, project.handlers.folder(of: kind))
        guard let name else { return folder }
        try NameRules.check(name, as: "artifact name")
        return Path.join(folder, name)
    }

    /// Logs `message`, which may have several lines, to the log files and the crate's echo.
    ///
    /// Throws `notSetUp` after the snapshot was reset.
    ///
    /// - Parameter isEchoed: false for what the screen shows in another form.
    public func log(_ level: LogLevel, _ message: String, isEchoed: Bool = true) throws(CrateError) {
        try requireOpen("logging")
        if let record = try runLog.append(level, message), isEchoed { project.echo?(record) }
    }

    /// A handle to an artifact, which need not exist yet.
    ///
    /// - Parameter verbose: log what is done with it.
    ///
    /// Throws `invalid` for an unknown kind or a name that is no plain file name.
    public func artifact(kind: String, name: String, verbose: Bool = false) throws(CrateError) -> Artifact {
        Artifact(snapshot: self, kind: kind, name: ArtifactName(name), path: try path(kind: kind, name: name), entry: try entry(of: kind), verbose: verbose)
    }

    /// The artifacts that exist, by kind and name; backups only when asked for.
    public func artifacts(includingBackups: Bool = false) throws(CrateError) -> [Artifact] {
        var found: [Artifact] = []
        for kind in project.handlers.kinds {
            let folder = try path(kind: kind)
            for name in try store.names(in: Path.name(folder)).sorted() where includingBackups || !Backup.isBackup(name) {
                // Not by `path`: a file that stands there under a name that could not be made now is listed all the same.
                found.append(
                    Artifact(
                        snapshot: self, kind: kind, name: ArtifactName(name), path: Path.join(folder, name), entry: try entry(of: kind), verbose: false))
            }
        }
        return found
    }

    /// Logs into the folder that has taken the place of the one before.
    func reopenLog() throws(CrateError) {
        runLog = try Log(in: directoryPath, name: name, level: logLevel, files: files, isContinued: true)
    }

    func requireOpen(_ operation: String) throws(CrateError) {
        if generation != project.resetCount(of: name) { throw .notSetUp(operation: operation) }
    }

    /// Says that what an operation has replaced was not what had been written here.
    ///
    /// - Parameter change: what differed; `nil` when nothing did.
    func warnOfReplacing(_ change: String?, at path: String, by operation: String) throws(CrateError) {
        guard let change else { return }
        try log(.warning, "'\(path)' had been changed outside of crate before this \(operation): \(change). `undo` brings that back")
    }

    /// Clears away what writers that died have left.
    func removeLeftovers() {
        files.removeLeftovers(in: Path.join(project.root, Counters.folderName))
        store.clearStaged()
        _ = try? OpenVersions(hidden: project.hidden).byOthers()
        files.removeLeftovers(in: store.keptFolder)
        files.removeLeftovers(in: store.folder)
        files.removeLeftovers(in: Path.parent(project.seriesPath(name)))
        files.removeLeftovers(in: project.seriesPath(name))
        files.removeLeftovers(in: directoryPath)
        for kind in project.handlers.kinds { files.removeLeftovers(in: Path.join(directoryPath, project.handlers.folder(of: kind))) }
    }

    private func entry(of kind: String) throws(CrateError) -> HandlerRegistry.Entry {
        if let entry = project.handlers[kind] { return entry }
        let near = nearestName(kind, in: project.handlers.kinds).map { "did you mean `\($0)`?" }
        throw .invalid(what: "kind", reason: "no handler for the kind `\(kind)`", hint: near ?? "register a handler for it first")
    }
}

/// Handles to the standard kinds.
extension Snapshot {
    public func text(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "text", name: name, verbose: verbose) }
    public func json(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "json", name: name, verbose: verbose) }
    public func yaml(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "yaml", name: name, verbose: verbose) }
    public func csv(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "csv", name: name, verbose: verbose) }
    public func image(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "image", name: name, verbose: verbose) }
    public func gif(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "gif", name: name, verbose: verbose) }
    public func audio(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "audio", name: name, verbose: verbose) }
    public func checkpoint(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact {
        try artifact(kind: "checkpoint", name: name, verbose: verbose)
    }
    public func archive(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact {
        try artifact(kind: "archive", name: name, verbose: verbose)
    }
    public func directory(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact {
        try artifact(kind: "directory", name: name, verbose: verbose)
    }
    public func file(_ name: String, verbose: Bool = false) throws(CrateError) -> Artifact { try artifact(kind: "file", name: name, verbose: verbose) }
}
