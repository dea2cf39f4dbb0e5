import CrateFormats
import CrateValues

extension Files {
    /// Unpacks an archive into a new folder, all of it or nothing: it is filled out of sight and then put in place.
    ///
    /// Nothing is unpacked whose name or link leads out of the folder, that is no file, folder or link, that stands in another's way,
    /// or that is beyond `limits`. Dates, owners and permissions of the archive are not taken over, but for the right to run a file.
    ///
    /// - Parameters:
    ///   - source: what the archive is called in errors.
    ///   - replace: take the place of a folder that is there, which then is gone.
    ///   - surroundings: give the bytes of members whose content is `outside`.
    public func unpack(
        _ archive: Archive, from source: String, to folder: String, replace: Bool = false, limits: Limits = .standard,
        surroundings: Surroundings = .none
    ) throws(CrateError) {
        if ["", ".", ".."].contains(Path.name(folder)) || Path.name(folder) == "/" {
            throw .invalid(what: "target", reason: "`\(folder)` can't be made anew", hint: "name a folder, such as `\(Path.join(folder, "unpacked"))`")
        }
        if !replace, try status(folder) != nil {
            throw .alreadyExists(what: "file or folder", path: folder, hint: "choose another folder; replace: true puts the new one in its place")
        }
        try makeDirectory(Path.parent(folder))
        let new = try makeUnpacked(archive, from: source, besides: folder, limits: limits, surroundings: surroundings)
        try place(new, at: folder, replace ? .replace : .keep)
    }

    /// What `unpack` puts in place, hidden beside `folder`.
    func makeUnpacked(
        _ archive: Archive, from source: String, besides folder: String, limits: Limits, surroundings: Surroundings
    ) throws(CrateError) -> Unfinished {
        do throws(FormatError) { try archive.requireSafe(limits: limits) } catch { throw .format(error, path: source) }
        for member in archive.members { for part in member.name.pathParts() { try NameRules.check(String(part), as: "member") } }
        let reader = ArchiveReader(archive, limits: limits, surroundings: surroundings)
        var tree = CopiedTree()
        var made = try watched("unpack \(Path.name(source))", .written, total: { archive.size }) { () throws(CrateError) in
            try makeFolder(besides: folder) { (new) throws(CrateError) in
                var unpacking = Unpacking(files: self, reader: reader, source: source, root: new, folder: folder)
                try unpacking.run()
                tree = unpacking.tree
            }
        }
        (made.digest, made.outline) = (tree.digest, tree.outline)
        return made
    }
}

/// Fills one folder. Links come last, so that nothing is written through one.
private struct Unpacking {
    let files: Files
    let reader: ArchiveReader
    let source: String
    /// Resolved, and as the user knows it.
    let root: String
    let folder: String
    /// Files and folders.
    private var made = Set<ExactText>()
    private(set) var tree = CopiedTree()

    init(files: Files, reader: ArchiveReader, source: String, root: String, folder: String) {
        (self.files, self.reader, self.source, self.root, self.folder) = (files, reader, source, root, folder)
    }

    mutating func run() throws(CrateError) {
        for member in reader.archive.members {
            switch member.kind {
            case .folder: try makeFolder(member.name)
            case .file, .hardLink: try makeFile(member)
            case .symbolicLink, .other: break
            }
        }
        for member in reader.archive.members {
            guard case .symbolicLink(let target) = member.kind else { continue }
            try makeFolder(around: member.name)
            let status = try named(member) { [files, root] () throws(SystemError) in
                let place = Path.join(root, member.name)
                try files.calls.makeLink(place, to: target)
                return try files.calls.status(place, followingLinks: false)
            }
            if let status { tree.addLink(member.name, to: target, status) }
        }
        try files.named(folder) { [files, root] () throws(SystemError) in try files.synchronizeAll(below: root) }
    }

    private mutating func makeFile(_ member: Archive.Member) throws(CrateError) {
        try makeFolder(around: member.name)
        let place = Path.join(root, member.name)
        let file = try named(member) { [files] () throws(SystemError) in try files.calls.open(place, .createNew) }
        defer { try? files.calls.close(file) }
        var digest: String?
        if case .hardLink(let target) = member.kind, made.contains(ExactText(target)) {
            // Copied, since unpacking once more what stands far before could take very long.
            digest = try named(member) { [files, root] () throws(SystemError) in
                var copying = Copying(files: files, isShared: false, isHashed: true)
                return try copying.copyContent(of: Path.join(root, target), to: file, at: place)
            }
        } else {
            digest = try fill(file, with: member)
        }
        if member.isExecutable { try named(member) { [files] () throws(SystemError) in try files.makeExecutable(file) } }
        made.insert(ExactText(member.name))
        let status = try named(member) { [files] () throws(SystemError) in try files.calls.status(ofOpen: file) }
        if let digest { tree.addFile(member.name, digest, status) }
    }

    private func fill(_ file: Int32, with member: Archive.Member) throws(CrateError) -> String? {
        let sink = FileSink(file, files.calls, isHashed: true)
        do throws(FormatError) { try reader.unpack(member) { (piece) throws(FormatError) in try sink.write(piece) } } catch {
            if let failure = sink.failure { throw CrateError(failure, path: Path.join(folder, member.name)) }
            throw .format(error, path: source)
        }
        try named(member) { () throws(SystemError) in try sink.flush() }
        return sink.digest
    }

    private mutating func makeFolder(around name: String) throws(CrateError) {
        if let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) { try makeFolder(String(name[..<slash])) }
    }

    private mutating func makeFolder(_ name: String) throws(CrateError) {
        guard made.insert(ExactText(name)).inserted else { return }
        try makeFolder(around: name)
        try files.named(Path.join(folder, name)) { [files, root] () throws(SystemError) in try files.calls.makeDirectory(Path.join(root, name)) }
        tree.addFolder(name)
    }

    private func named<Result>(_ member: Archive.Member, _ body: () throws(SystemError) -> Result) throws(CrateError) -> Result {
        try files.named(Path.join(folder, member.name), body)
    }
}
