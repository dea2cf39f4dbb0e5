import CrateFormats
import CrateValues

/// Archives outside a snapshot.
extension Crate {
    /// Packs all that is in `folder` into the archive at `path`, by paths relative to the folder; the old file or the whole new one.
    ///
    /// Throws `invalid` for an extension of no archive, and as `Artifact.save(folder:)` does.
    public func makeArchive(_ path: String, folder: String, options: [String: Document] = [:]) throws(CrateError) {
        try makeArchive(path, try files.packing(ofFolder: folder), options)
    }

    /// Packs files, and folders with all they hold, into the archive at `path`, under the paths given.
    public func makeArchive(_ path: String, files paths: [String], options: [String: Document] = [:]) throws(CrateError) {
        try makeArchive(path, try files.packing(ofFiles: paths), options)
    }

    private func makeArchive(_ path: String, _ packing: Packing, _ options: [String: Document]) throws(CrateError) {
        let handler = ArchiveHandler()
        var options = try HandlerOptions(checking: options, against: handler.saveOptions, kind: handler.kind, limits: limits)
        options.surroundings = packing.surroundings
        let name = ArtifactName(Path.name(path))
        let (packed, all) = (packing, options)
        try files.watched("pack \(name.text)", Content.archive(packed.archive).measure(in: name), total: { packed.archive.size }) { () throws(CrateError) in
            try files.write(path) { (sink) throws(FormatError) in try handler.encode(.archive(packed.archive), name: name, options: all, to: sink) }
        }
    }

    /// Unpacks an archive into the new folder `target`, all of it or nothing, and only what stays inside.
    ///
    /// - Parameters:
    ///   - source: what the archive is called in errors.
    ///   - replace: take the place of a folder that is there, which then is gone.
    ///   - options: `limits`, as of every reading.
    ///
    /// Throws `format` for what is unsafe, damaged or beyond the limits, and `alreadyExists`.
    public func extract(
        _ archive: Archive, from source: String, to target: String, replace: Bool = false, options: [String: Document] = [:]
    ) throws(CrateError) {
        let limits = try HandlerOptions(checking: options, against: [], kind: ArchiveHandler().kind, limits: limits).limits
        var archive = archive
        if options["limits"] != nil { archive.unpackedLimit = limits.inflatedBytes }
        try files.unpack(archive, from: source, to: target, replace: replace, limits: limits)
    }
}
