import CrateFormats
import CrateValues

extension Artifact {
    /// Makes the folder around the artifact, and the artifact itself when it is a custom folder, before it is written.
    public func prepare() throws(CrateError) {
        try prepareFolder()
        if case .standard = entry { return }
        if isFolder { try files.makeDirectory(path) }
    }

    func prepareFolder() throws(CrateError) {
        try snapshot.requireOpen("saving")
        if try files.status(path) == nil, !Backup.isBackup(name) { try NameRules.checkRoom(name, as: "artifact name") }
        try snapshot.project.makeVersionFolder(snapshot.name, snapshot.versionID)
        try snapshot.project.makeRealFolder(folder)
    }

    /// What a verbose artifact logs after saving; for kinds that the caller saves.
    public func reportSaved() throws(CrateError) { try report("✓ '\(name)' of '\(kind)' saved successfully at '\(path)'.") }

    /// What a verbose artifact logs after loading; for kinds that the caller loads.
    public func reportLoaded() throws(CrateError) { try report("✓ '\(name)' of '\(kind)' loaded successfully from '\(path)'.") }

    func report(_ message: String) throws(CrateError) { if verbose { try snapshot.log(.info, message) } }

    /// What a reader took although it was not as it should be belongs into the log, also without `verbose`.
    func warn(of content: Content, from source: String) throws(CrateError) {
        guard case .audio(let clip) = content else { return }
        for warning in clip.warnings { try snapshot.log(.warning, "'\(source)' \(warning)") }
    }

    func requireExisting() throws(CrateError) {
        if try files.info(path) != nil { return }
        let near = (try? files.names(in: folder)).flatMap { nearestName(name, in: $0) }
        throw .notFound(what: kind, path: path, hint: near.map { "did you mean `\($0)`?" } ?? "it has not been saved in this version")
    }

    func write(_ content: Content, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) {
        if handler.isFolder { return try saveFolder(content, handler, options) }
        try files.write(path) { (sink) throws(FormatError) in try handler.encode(content, name: artifactName, options: options, to: sink) }
    }

    func decodeFile(_ path: String, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) -> Content {
        let bytes = try files.read(path)
        var options = options
        options.surroundings = files.surroundings(of: path)
        do { return try handler.decode(bytes, name: artifactName, options: options) } catch { throw .format(error, path: path) }
    }

    var callerSaves: CrateError { .invalid(what: "kind", reason: "`\(kind)` is saved and loaded by its own handler", hint: nil) }

    func checked(_ options: [String: Document], _ known: [HandlerOption]) throws(CrateError) -> HandlerOptions {
        var checked = try HandlerOptions(checking: options, against: known, kind: kind, limits: snapshot.project.limits)
        checked.surroundings.programs = files.system.programs
        return checked
    }
}
