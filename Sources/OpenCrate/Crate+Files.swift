import CrateFormats
import CrateValues

/// Files outside a snapshot, by the same kinds.
extension Crate {
    /// Reads the file at `path` as `kind`, or as the kind that its extension belongs to.
    ///
    /// Throws `invalid` for an unknown kind, extension or option, `notFound`, and `format` for a file that its reader refuses.
    public func read(_ path: String, kind: String? = nil, options: [String: Document] = [:]) throws(CrateError) -> Content {
        let handler = try handlers.handler(for: path, kind)
        var options = try HandlerOptions(checking: options, against: handler.loadOptions, kind: handler.kind, limits: limits)
        options.surroundings = files.surroundings(of: path)
        let all = options
        return try files.watched("read \(Path.name(path))", .read) { () throws(CrateError) in
            let bytes = try files.read(path)
            do throws(FormatError) { return try handler.decode(bytes, name: ArtifactName(Path.name(path)), options: all) } catch {
                throw .format(error, path: path)
            }
        }
    }

    /// Writes `content` to `path` as `kind`, or as the kind that its extension belongs to; the old file or the whole new one.
    public func write(_ content: Content, to path: String, kind: String? = nil, options: [String: Document] = [:]) throws(CrateError) {
        let handler = try handlers.handler(for: path, kind)
        var options = try HandlerOptions(checking: options, against: handler.saveOptions, kind: handler.kind, limits: limits)
        options.surroundings.take(files.system)
        let name = ArtifactName(Path.name(path))
        let all = options
        try files.watched("write \(Path.name(path))", content.measure(in: name), total: { content.amount(in: name) }) { () throws(CrateError) in
            try files.write(path) { (sink) throws(FormatError) in try handler.encode(content, name: name, options: all, to: sink) }
        }
    }

}

extension HandlerRegistry {
    /// Reads bytes that are no file of their own, such as a member of an archive, as the kind named or the one that the extension of
    /// `path` belongs to.
    public func read(_ bytes: Bytes, as path: String, kind: String? = nil, options: [String: Document] = [:], limits: Limits = .standard) throws(CrateError)
        -> Content
    {
        let handler = try handler(for: path, kind)
        let options = try HandlerOptions(checking: options, against: handler.loadOptions, kind: handler.kind, limits: limits)
        do { return try handler.decode(bytes, name: ArtifactName(Path.name(path)), options: options) } catch { throw .format(error, path: path) }
    }

    func handler(for path: String, _ kind: String?) throws(CrateError) -> any Handler {
        if let kind {
            if let handler = handler(kind), !handler.isFolder { return handler }
            let near = nearestName(kind, in: kinds).map { "did you mean `\($0)`?" }
            throw .invalid(what: "kind", reason: "`\(kind)` is no kind of single files", hint: near)
        }
        let name = ArtifactName(Path.name(path))
        if let handler = handler(forExtension: name.fileExtension) { return handler }
        throw .invalid(what: "kind", reason: "no kind has the extension of `\(path)`", hint: "name one, such as kind: \"text\"")
    }
}
