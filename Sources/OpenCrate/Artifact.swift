import CrateFormats
import CrateValues

/// A handle to one output in a snapshot: a file or folder in its kind's folder.
public struct Artifact {
    public let snapshot: Snapshot
    /// "checkpoint"; the guide calls it the snapshot type.
    public let kind: String
    /// Where it is or would be, as the guide shows it.
    public let path: String
    /// Whether operations are logged.
    public let verbose: Bool
    let artifactName: ArtifactName
    let entry: HandlerRegistry.Entry

    init(snapshot: Snapshot, kind: String, name: ArtifactName, path: String, entry: HandlerRegistry.Entry, verbose: Bool) {
        self.snapshot = snapshot
        self.kind = kind
        artifactName = name
        self.path = path
        self.entry = entry
        self.verbose = verbose
    }

    /// The file's name, such as `model.pth`.
    public var name: String { artifactName.text }
    public var exists: Bool { info != nil }
    /// Bytes, of a folder all it holds; `nil` when it does not exist.
    public var size: Int? { presentPath.flatMap { try? files.totalSize($0) } }
    /// Seconds since 1970, UTC; `nil` when it does not exist.
    public var modified: Double? { info?.modified }
    /// SHA-256 in hexadecimal: of a file's bytes, of a folder by `Files.digest`.
    ///
    /// Throws `notFound` when it does not exist.
    public func digest() throws(CrateError) -> String { try files.digest(try requireExisting()) }

    /// Whether it is a folder of files.
    public var isFolder: Bool {
        if case .standard(let handler) = entry { handler.isFolder } else { artifactName.fileExtension.isEmpty }
    }

    private var info: FileInfo? { presentPath.flatMap { try? files.info($0) } }

    /// Writes `content` in the form that the name's extension asks for. The old state stands until the new one is complete.
    ///
    /// Throws `format` (with `unrepresentable` for a value of the wrong sort), `invalid` for options that the kind does not
    /// have, `busy` when another process writes it for too long, `system`.
    public func save(_ content: Content, options: [String: Document] = [:]) throws(CrateError) {
        switch entry {
        case .standard(let handler):
            let options = try checked(options, handler.saveOptions)
            try put(content, handler, options)
        case .custom(let handler):
            _ = try checked(options, [])
            try prepare()
            do throws(CrateError) { try handler.save(content, to: self) } catch {
                giveUpSaving()
                throw error
            }
            try reportSaved()
        case .declared: throw callerSaves
        }
    }

    /// Takes a file or folder made elsewhere, byte for byte, once the kind's reader has found it good.
    public func save(from source: String) throws(CrateError) {
        guard let found = try files.info(source) else { throw .notFound(what: "file", path: source, hint: nil) }
        if found.isDirectory != isFolder {
            throw .invalid(what: "source", reason: "`\(source)` is a \(found.isDirectory ? "folder" : "file")", hint: "this artifact is a \(isFolder ? "folder" : "file")")
        }
        var content: Content?
        if case .standard(let handler) = entry, !handler.isFolder {
            content = try decodeFile(source, handler, HandlerOptions(limits: snapshot.project.limits))
        }
        if case .standard = entry, isFolder { _ = try files.walk(source) }
        try requireOwnName()
        try prepareFolder()
        let change = try store.writing(file) { () throws(CrateError) in
            try store.place(try files.makeCopy(of: source, besides: path, isHashed: true), line(.save))
        }
        try warnOfReplacing(change, by: "save")
        if let content { try warn(of: content, from: source) }
        try logSaved()
    }

    /// Reads the artifact. One that was changed outside of crate since it was saved is read all the same, and the log says so.
    ///
    /// - Parameter verify: read every byte for that, and throw `changed` instead.
    ///
    /// Throws `notFound` when it was not saved, `format` when it is damaged.
    public func load(options: [String: Document] = [:], verify: Bool = false) throws(CrateError) -> Content {
        let content: Content
        switch entry {
        case .standard(let handler):
            let options = try checked(options, handler.loadOptions)
            let place = try requireExisting()
            content = try files.watched("load \(name)", verify ? .hashed : .read, total: { verify ? size : nil }) { () throws(CrateError) in
                try checkUnchanged(verify)
                return try handler.isFolder ? loadFolder(place) : decodeFile(place, handler, options)
            }
            try warn(of: content, from: path)
        case .custom(let handler):
            _ = try checked(options, [])
            try checkUnchanged(verify)
            content = try handler.load(from: self)
        case .declared: throw callerSaves
        }
        try reportLoaded()
        return content
    }

    /// Copies the artifact out, byte for byte, replacing a file at `target`.
    public func load(to target: String, verify: Bool = false) throws(CrateError) {
        let place = try requireExisting()
        try checkUnchanged(verify)
        try files.copy(place, to: target)
        try reportLoaded()
    }

    /// Takes it away. Its backups stay, and so does what it held, out of sight, until `Crate.collect` drops it.
    ///
    /// Throws `notFound` when it does not exist, `unconfirmed` unless `confirm` is true.
    ///
    /// - Returns: the bytes that will be freed then.
    @discardableResult
    public func delete(confirm: Bool) throws(CrateError) -> Int {
        try requireExisting()
        guard confirm else { throw .unconfirmed(operation: "delete", consequence: "`\(name)` would be removed") }
        try snapshot.requireOpen("delete")
        let size = size ?? 0
        try store.writing(file) { () throws(CrateError) in try store.remove(line(.delete)) }
        try report("✓ '\(name)' of '\(kind)' deleted successfully.")
        return size
    }
}
