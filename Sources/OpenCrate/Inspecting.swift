import CrateFormats
import CrateValues

/// Looking at files before they are used.
extension Crate {
    /// What the file or folder at `path` is and holds, as `kind`, or as the kind that its extension or its first bytes tell.
    ///
    /// Throws `notFound`, `invalid` for an unknown kind or option, and `format` for a file that can't be described as that kind.
    public func inspect(_ path: String, kind: String? = nil, options: [String: Document] = [:]) throws(CrateError) -> Inspection {
        guard let info = try files.info(path) else { throw .notFound(what: "file", path: path, hint: nil) }
        let handler = try inspector(of: path, kind, isFolder: info.isDirectory)
        return try files.inspect(path, handler, options, limits: limits)
    }

    private func inspector(of path: String, _ kind: String?, isFolder: Bool) throws(CrateError) -> any Handler {
        if let kind {
            if let handler = handlers.handler(kind), handler.isFolder == isFolder { return handler }
            let near = nearestName(kind, in: handlers.kinds).map { "did you mean `\($0)`?" }
            throw .invalid(what: "kind", reason: "`\(kind)` is no kind of single \(isFolder ? "folders" : "files")", hint: near)
        }
        if isFolder, let folder = handlers.handlers.first(where: \.isFolder) { return folder }
        if let handler = handlers.handler(forExtension: ArtifactName(Path.name(path)).fileExtension) { return handler }
        return try Checkpoint.Format.recognize(files.read(path)) == nil ? FileHandler() : CheckpointHandler()
    }
}

extension Artifact {
    /// What the artifact's file is and holds.
    ///
    /// Throws `notFound` when it was not saved, `invalid` for options that its kind does not have, `format` when it can't be described.
    public func inspect(options: [String: Document] = [:]) throws(CrateError) -> Inspection {
        guard case .standard(let handler) = entry else { throw callerSaves }
        try requireExisting()
        return try files.inspect(path, handler, options, limits: snapshot.project.limits)
    }
}

extension Files {
    fileprivate func inspect(_ path: String, _ handler: any Handler, _ given: [String: Document], limits: Limits) throws(CrateError) -> Inspection {
        var options = try HandlerOptions(checking: given, against: handler.inspectOptions, kind: handler.kind, limits: limits)
        options.surroundings = surroundings(of: path)
        let found = try handler.isFolder ? inspectFolder(path) : inspectFile(path, handler, options)
        let size = try totalSize(path)
        return Inspection(facts: [("file", .string(path)), ("kind", .string(handler.kind)), ("size", .integer(size))] + found.facts, listings: found.listings)
    }

    private func inspectFile(_ path: String, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) -> Inspection {
        let bytes = try read(path)
        do { return try handler.inspect(bytes, name: ArtifactName(Path.name(path)), options: options) } catch { throw .format(error, path: path) }
    }

    private func inspectFolder(_ folder: String) throws(CrateError) -> Inspection {
        let entries = try walk(folder)
        return FolderInspection(entries, digest: try treeDigest(folder, entries)).inspection
    }
}
