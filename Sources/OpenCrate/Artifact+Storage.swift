import CrateFormats
import CrateValues

extension Artifact {
    var files: Files { snapshot.files }
    var store: VersionStore { snapshot.store }
    var folder: String { Path.parent(path) }
    /// As the journal names it.
    var file: String { Path.join(Path.name(folder), name) }
    /// Where its content is at the moment; `nil` when the transaction under way takes it away.
    var presentPath: String? { store.present(file) }

    /// A journal's line about this artifact, or about a backup of it.
    func line(_ operation: JournalEntry.Operation, file: String? = nil, tag: String? = nil) -> JournalEntry {
        JournalEntry(operation, kind: kind, name: name, file: file ?? self.file, tag: tag)
    }

    /// Makes the folder around the artifact, and the artifact itself when it is a custom folder, before the caller writes it. What is
    /// there is kept first, and other writers wait until `reportSaved` or `giveUpSaving`.
    public func prepare() throws(CrateError) {
        try requireOwnName()
        try prepareFolder()
        if case .standard = entry { return }
        try store.beginForeignSave(file, kind)
        if isFolder { try files.makeDirectory(path) }
    }

    func prepareFolder() throws(CrateError) {
        try snapshot.requireOpen("saving")
        if try files.status(path) == nil, !Backup.isBackup(name) { try NameRules.checkRoom(name, as: "artifact name") }
        try snapshot.project.makeVersionFolder(snapshot.name, snapshot.versionID)
        try snapshot.project.makeRealFolder(folder)
    }

    /// Journals and logs what the caller has saved; for kinds that the caller saves.
    public func reportSaved() throws(CrateError) {
        try store.completeForeignSave(line(.save))
        try logSaved()
    }

    /// Lets other writers go on after a save that failed; for kinds that the caller saves.
    public func giveUpSaving() { store.endForeignSave(file) }

    func logSaved() throws(CrateError) { try report("✓ '\(name)' of '\(kind)' saved successfully at '\(path)'.") }

    /// What a verbose artifact logs after loading; for kinds that the caller loads.
    public func reportLoaded() throws(CrateError) { try report("✓ '\(name)' of '\(kind)' loaded successfully from '\(path)'.") }

    func report(_ message: String) throws(CrateError) { if verbose { try snapshot.log(.info, message) } }

    /// What a reader took although it was not as it should be belongs into the log, also without `verbose`.
    func warn(of content: Content, from source: String) throws(CrateError) {
        guard case .audio(let clip) = content else { return }
        for warning in clip.warnings { try snapshot.log(.warning, "'\(source)' \(warning)") }
    }

    /// Compares the artifact with what the journal has: size and time, and the digest when they differ.
    ///
    /// - Parameter isThorough: the digest in any case; what differs is then an error instead of a warning in the log.
    public func checkUnchanged(_ isThorough: Bool = false) throws(CrateError) {
        if store.transaction?.step(of: file) != nil { return }
        let found: String?
        do throws(CrateError) { found = try store.change(of: file, isThorough: isThorough) } catch {
            // `setup` has said that nothing can be checked.
            if error.isRefusal, !isThorough, store.hidden.isClosed { return }
            throw error
        }
        guard let change = found else { return }
        if isThorough { throw .changed(path: path, reason: change) }
        try snapshot.log(.warning, "'\(path)' was changed outside of crate: \(change)")
    }

    func warnOfReplacing(_ change: String?, at path: String? = nil, by operation: String) throws(CrateError) {
        try snapshot.warnOfReplacing(change, at: path ?? self.path, by: operation)
    }

    /// Where its content is.
    @discardableResult
    func requireExisting() throws(CrateError) -> String {
        if let place = presentPath, try files.status(place) != nil {
            try requireNoPipe(place)
            return place
        }
        let near = (try? files.names(in: folder)).flatMap { nearestName(name, in: $0.filter { $0 != name }) }
        throw .notFound(what: kind, path: path, hint: near.map { "did you mean `\($0)`?" } ?? "it has not been saved in this version")
    }

    /// To read a pipe that stands in an artifact's place would be to wait for somebody who writes to it.
    private func requireNoPipe(_ place: String) throws(CrateError) {
        if try files.status(place, followingLinks: true)?.kind == .other { throw .changed(path: path, reason: "it is neither a file nor a folder; move it away") }
    }

    /// Makes the artifact's new state and puts it in its place, as one step, and logs it.
    func put(_ content: Content, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) {
        try requireOwnName()
        if let place = presentPath { try requireNoPipe(place) }
        try prepareFolder()
        let change = try files.watched("save \(name)", content.measure(in: artifactName), total: { content.amount(in: artifactName) }) { () throws(CrateError) in
            try write(content, handler, options)
        }
        try warnOfReplacing(change, by: "save")
        try logSaved()
    }

    /// Gives how what was there had been changed outside.
    private func write(_ content: Content, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) -> String? {
        try store.writing(file) { () throws(CrateError) -> String? in
            let encode = { (sink: any ByteSink) throws(FormatError) in try handler.encode(content, name: artifactName, options: options, to: sink) }
            if handler.isFolder { return try store.place(try makeFolder(content, handler, options), line(.save)) }
            if try files.isStream(path) {
                try files.write(path, encode)
                return nil
            }
            return try store.place(try files.makeFile(for: path, isHashed: true, encode), line(.save))
        }
    }

    /// - Parameter place: where the bytes are; errors name the artifact's own path when it is one of the store's.
    func decodeFile(_ place: String, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) -> Content {
        let bytes = try files.read(place)
        var options = options
        options.surroundings = files.surroundings(of: place)
        let shown = place.hasPrefix(store.folder) ? path : place
        do { return try handler.decode(bytes, name: artifactName, options: options) } catch { throw .format(error, path: shown) }
    }

    var callerSaves: CrateError { .invalid(what: "kind", reason: "`\(kind)` is saved and loaded by its own handler", hint: nil) }

    func checked(_ options: [String: Document], _ known: [HandlerOption]) throws(CrateError) -> HandlerOptions {
        var checked = try HandlerOptions(checking: options, against: known, kind: kind, limits: snapshot.project.limits)
        checked.surroundings.take(files.system)
        return checked
    }
}
