import CrateFormats
import CrateValues

extension Artifact {
    /// Writes the files of a `Content.folder` into a hidden folder that then takes the old one's place.
    func saveFolder(_ content: Content, _ handler: any Handler) throws(CrateError) {
        guard case .folder(let entries) = content else {
            throw .format(
                FormatError(.unrepresentable, handler.kind, "a value of type \(content.typeName) is no folder", hint: "give a folder with `from:`"),
                path: path)
        }
        try check(entries)
        try files.placingFolder(path, .replace) { (new) throws(CrateError) in
            for entry in entries { try write(entry, in: new) }
        }
    }

    private func write(_ entry: Content.FolderEntry, in folder: String) throws(CrateError) {
        let target = Path.join(folder, entry.path)
        try files.makeDirectory(Path.parent(target))
        try files.write(target, .keep) { (sink) throws(FormatError) in try sink.write(entry.bytes) }
    }

    private func check(_ entries: [Content.FolderEntry]) throws(CrateError) {
        var seen = Set<String>()
        for entry in entries {
            for part in entry.path.split(separator: "/", omittingEmptySubsequences: false) { try NameRules.check(String(part), as: "path in a folder") }
            if !seen.insert(entry.path).inserted { throw .alreadyExists(what: "file", path: entry.path, hint: "a folder holds each path once") }
        }
    }

    /// All files below the folder; links are left out.
    func loadFolder() throws(CrateError) -> Content {
        guard try files.info(path)?.isDirectory == true else { throw .invalid(what: kind, reason: "`\(path)` is a file", hint: nil) }
        var entries: [Content.FolderEntry] = []
        for info in try files.list(path, recursive: true) where !info.isDirectory && !info.isSymbolicLink {
            entries.append(.init(path: String(info.path.dropFirst(path.count + 1)), bytes: try files.read(info.path)))
        }
        return .folder(entries)
    }
}
