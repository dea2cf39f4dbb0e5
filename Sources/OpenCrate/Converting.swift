import CrateFormats
import CrateValues

extension Crate {
    /// Reads `source` and writes what it holds to `target` in the form that its extension names, replacing a file there.
    ///
    /// Options belong to the writer or, when it has none of that name, to the reader. Answers the names of values that the target has no
    /// place for, and of those whose numbers became wider ones of the same values. Throws as `read` and `write`; `invalid` when both are one file.
    @discardableResult
    public func convert(_ source: String, to target: String, options: [String: Document] = [:]) throws(CrateError) -> (leftOut: [String], widened: [String]) {
        let (reader, writer) = (try handlers.handler(for: source, nil), try handlers.handler(for: target, nil))
        if Path.normalized(source) == Path.normalized(target) {
            throw .invalid(what: "target", reason: "`\(target)` is the source itself", hint: "give another name")
        }
        let toWriter = options.filter { option in writer.saveOptions.contains { $0.name == option.key } }
        let toReader = options.filter { option in toWriter[option.key] == nil && reader.loadOptions.contains { $0.name == option.key } }
        // What nobody takes is the writer's to refuse.
        let rest = options.filter { toWriter[$0.key] == nil && toReader[$0.key] == nil }
        let content = try read(source, kind: reader.kind, options: toReader)
        let conversion: Checkpoint.Conversion?
        do { conversion = try content.fitted(from: source, to: target, writer) } catch { throw .format(error, path: source) }
        try write(conversion.map { .document($0.document) } ?? content, to: target, kind: writer.kind, options: toWriter.merging(rest) { $1 })
        return (conversion?.leftOut ?? [], conversion?.widened ?? [])
    }
}

extension Content {
    /// A checkpoint as the writer's form takes it; `nil` when either is none.
    fileprivate func fitted(from source: String, to target: String, _ writer: any Handler) throws(FormatError) -> Checkpoint.Conversion? {
        guard writer is CheckpointHandler, let document = asCheckpoint,
            let format = Checkpoint.Format(fileExtension: ArtifactName(Path.name(target)).checkpointExtension)
        else { return nil }
        let origin = Checkpoint.Format(fileExtension: ArtifactName(Path.name(source)).checkpointExtension)
        return try Checkpoint.convert(document, from: origin, to: format)
    }
}
