import CrateFormats
import CrateValues

/// A project's folder with its snapshots: numbered versions of what a pipeline produces.
///
/// ```swift
/// let crate = try Crate(at: "project")
/// let snapshot = try crate.setup("guide", start: .new, tag: "baseline")
/// try snapshot.text("greeting.txt").save("Hello")
/// ```
///
/// A crate belongs to one thread. Several processes may use the same folder: numbers are handed out under a lock, and
/// artifacts change in one step.
public final class Crate {
    /// The project's folder as it was given.
    public let folder: String
    /// What the last `setup` opened.
    public private(set) var current: Snapshot?
    let project: Project
    var files: Files { project.files }

    /// Opens the project in `folder`, which must exist. Nothing is written until the first `setup`.
    ///
    /// Throws `notFound` when there is no such folder.
    public convenience init(at folder: String, system: OperatingSystem = OperatingSystem(), handlers: HandlerRegistry = .standard) throws(CrateError) {
        try self.init(at: folder, files: Files(workingDirectory: "", system: system), handlers: handlers)
    }

    /// Opens the project in `folder`, reached through `files`. When it is their working directory, paths are relative.
    public init(at folder: String, files: Files, handlers: HandlerRegistry = .standard) throws(CrateError) {
        guard try files.info(folder)?.isDirectory == true else {
            throw .notFound(what: "folder", path: folder, hint: "make it first, or open another")
        }
        self.folder = folder
        project = Project(files: files, root: folder == "." || folder == files.workingDirectory ? "" : folder, handlers: handlers)
    }

    /// The kinds of artifacts; add custom ones before they are used.
    public var handlers: HandlerRegistry {
        get { project.handlers }
        set { project.handlers = newValue }
    }

    /// What readers refuse to go beyond.
    public var limits: Limits {
        get { project.limits }
        set { project.limits = newValue }
    }

    /// Is told each message that was logged.
    public var echo: ((LogRecord) -> Void)? {
        get { project.echo }
        set { project.echo = newValue }
    }

    /// Whether writes wait for the disk; `.full` from the start.
    public var durability: Durability {
        get { files.durability }
        set { files.durability = newValue }
    }

    /// Seconds that a writer waits for another process that writes the same artifact; then it throws `busy`.
    public var patience: Double {
        get { Double(project.patience) / 1e9 }
        set { project.patience = Int(max(0, min(newValue, 1e9)) * 1e9) }
    }

    /// Opens a version of `name`, with its logs, and makes it `current`.
    ///
    /// - Parameters:
    ///   - name: groups the versions; one plain folder name.
    ///   - tag: goes into the folder's name. Each tag of a number has a folder of its own.
    ///   - logLevel: messages below it are neither written nor echoed.
    ///   - replace: empties the version's folder first; `Snapshot.undo` brings back what was there.
    ///
    /// Of another user's store a version that is there is opened for loading: nothing is checked, saved or logged to files.
    ///
    /// Throws `notFound` for `.last` or a number that does not exist, naming the newest, and `invalid` for bad names.
    @discardableResult
    public func setup(
        _ name: String, start: Start = .new, tag: String? = nil, logLevel: LogLevel = .info, replace: Bool = false
    ) throws(CrateError) -> Snapshot {
        try checkNames(name, tag)
        try requireNoTransaction("setup")
        if project.hidden.isClosed { return try openForReading(name, start, tag, logLevel, replace) }
        try completeResets(of: name)
        let version = Version(number: try number(of: name, start), tag: tag)
        let path = project.versionPath(name, version)
        let store = store(name, version)
        // Who can't have it has the version all the same.
        store.hold = try? OpenVersions(hidden: project.hidden).hold(name, version)
        try store.completeInterrupted(isWaiting: false)
        let isThere = try files.status(path) != nil
        if replace, isThere { try store.emptyVersion() }
        try project.makeVersionFolder(name, version)
        let log = try Log(in: path, name: name, level: logLevel, files: files)
        let snapshot = Snapshot(project: project, name: name, version: version, directoryPath: path, store: store, log: log)
        current = snapshot
        snapshot.removeLeftovers()
        try snapshot.log(.debug, "Snapshot setup done for script '\(name)' with version '\(version.name)'")
        if !isThere, start != .new { try warnOfOthers(snapshot) }
        return snapshot
    }

    /// Another user's store: artifacts can be loaded, and that is all.
    private func openForReading(_ name: String, _ start: Start, _ tag: String?, _ logLevel: LogLevel, _ replace: Bool) throws(CrateError) -> Snapshot {
        if start == .new || replace { throw project.hidden.refusal("set up a version beside") }
        let version = Version(number: try number(of: name, start), tag: tag)
        let path = project.versionPath(name, version)
        guard try files.status(path)?.kind == .directory else { throw .notFound(what: "version", path: path, hint: nil) }
        let snapshot = Snapshot(
            project: project, name: name, version: version, directoryPath: path, store: store(name, version), log: Log(echoing: logLevel, clock: files.system.clock))
        current = snapshot
        try snapshot.log(.warning, "the store is private to the user who made it: what is loaded can't be checked, and nothing can be saved")
        return snapshot
    }

    /// Resuming a number under a tag that it does not have makes an empty folder, which is seldom meant.
    private func warnOfOthers(_ snapshot: Snapshot) throws(CrateError) {
        let others = try versions(of: snapshot.name).filter { $0.number == snapshot.version && $0 != snapshot.versionID }
        if others.isEmpty { return }
        let names = others.map { "'\($0.name)'" }.joined(separator: ", ")
        try snapshot.log(.warning, "'\(snapshot.versionName)' is new and empty; the same number is there as \(names): give the tag to open it")
    }

    func requireNoTransaction(_ operation: String) throws(CrateError) {
        if current?.isInTransaction == true { throw .invalid(what: operation, reason: "a transaction is under way", hint: "end its block first") }
    }

    func forget(_ name: String) { if current.map({ ExactText($0.name) }) == ExactText(name) { current = nil } }

    /// Logs to the current snapshot. Throws `notSetUp` when there is none.
    public func log(_ level: LogLevel, _ message: String) throws(CrateError) {
        guard let current else { throw .notSetUp(operation: "logging") }
        try current.log(level, message)
    }

    /// The names that have versions, sorted.
    public func names() throws(CrateError) -> [String] {
        let folder = Path.join(project.root, "snapshots")
        guard try files.info(folder)?.isDirectory == true else { return [] }
        var names: [String] = []
        for name in try files.names(in: folder) where try files.info(Path.join(folder, name))?.isDirectory == true { names.append(name) }
        return names.sorted()
    }

    /// The versions of `name` that have a folder, by number and tag, `dev` last.
    public func versions(of name: String) throws(CrateError) -> [Version] {
        try NameRules.check(name, as: "snapshot name")
        guard try files.status(project.seriesPath(name)) != nil else { return [] }
        return try files.names(in: project.seriesPath(name)).compactMap { Version(folder: $0) }.sorted()
    }

    /// The tags in use among the versions of `name`, sorted, each once.
    public func tags(of name: String) throws(CrateError) -> [String] {
        Set(try versions(of: name).compactMap(\.tag)).sorted()
    }

    /// The newest number of `name`; `nil` when it has none.
    public func newestVersion(of name: String) throws(CrateError) -> Int? { try counters.newest(of: name) }
}
