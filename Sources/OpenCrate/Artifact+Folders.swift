import CrateFormats
import CrateValues

extension Artifact {
    /// Makes the artifact of a folder on the disk: a directory's copy, or an archive of all that is in it.
    ///
    /// Links that stay inside the folder are kept. Throws `invalid` for links that lead out, for devices, and for kinds that hold no files.
    public func save(folder: String, options: [String: Document] = [:]) throws(CrateError) {
        let handler = try handlerOfFiles()
        if handler.isFolder {
            _ = try checked(options, handler.saveOptions)
            return try save(from: folder)
        }
        try save(try files.packing(ofFolder: folder), handler, options)
    }

    /// Makes the artifact of files on the disk, under the paths given; of folders with all they hold. An absolute path and one that leads
    /// upwards give their last part.
    public func save(files paths: [String], options: [String: Document] = [:]) throws(CrateError) {
        try save(try files.packing(ofFiles: paths), try handlerOfFiles(), options)
    }

    private func handlerOfFiles() throws(CrateError) -> any Handler {
        if case .standard(let handler) = entry, handler.holdsFiles { return handler }
        throw .invalid(what: "kind", reason: "`\(kind)` holds no files", hint: "a `directory` and an `archive` do")
    }

    private func save(_ packing: Packing, _ handler: any Handler, _ options: [String: Document]) throws(CrateError) {
        var options = try checked(options, handler.saveOptions)
        options.surroundings = packing.surroundings
        try put(.archive(packing.archive), handler, options)
    }

    /// Writes the files of a folder, archive or dict into a hidden folder that can take the old one's place.
    func makeFolder(_ content: Content, _ handler: any Handler, _ options: HandlerOptions) throws(CrateError) -> Unfinished {
        let archive: Archive?
        do throws(FormatError) { archive = try content.asArchive(options.limits) } catch { throw .format(error, path: path) }
        guard let archive else {
            throw .format(
                FormatError(.unrepresentable, handler.kind, "a value of type \(content.typeName) is no folder", hint: "give a folder with `folder:`"),
                path: path)
        }
        try check(archive)
        return try files.makeUnpacked(archive, from: path, besides: path, limits: options.limits, surroundings: options.surroundings)
    }

    private func check(_ archive: Archive) throws(CrateError) {
        var seen = Set<ExactText>()
        for member in archive.members {
            for part in member.name.pathParts(keepingEmpty: true) { try NameRules.check(String(part), as: "path in a folder") }
            if !seen.insert(ExactText(member.name)).inserted { throw .alreadyExists(what: "file", path: member.name, hint: "a folder holds each path once") }
        }
    }

    /// The paths of all files in a directory artifact, sorted, as the guide shows them; links are left out. None of them is read.
    ///
    /// Throws `notFound` when it was not saved.
    public func paths(verify: Bool = false) throws(CrateError) -> [String] {
        let place = try requireExisting()
        try checkUnchanged(verify)
        let found = try files.list(place, recursive: true).filter { !$0.isDirectory && !$0.isSymbolicLink }
        try reportLoaded()
        return found.map { path + $0.path.dropFirst(place.count) }
    }

    /// All files below the folder; links are left out.
    func loadFolder(_ path: String) throws(CrateError) -> Content {
        guard try files.info(path)?.isDirectory == true else { throw .invalid(what: kind, reason: "`\(path)` is a file", hint: nil) }
        var entries: [Content.FolderEntry] = []
        for info in try files.list(path, recursive: true) where !info.isDirectory && !info.isSymbolicLink {
            entries.append(.init(path: String(info.path.dropFirst(path.count + 1)), bytes: try files.read(info.path)))
        }
        return .folder(entries)
    }
}
