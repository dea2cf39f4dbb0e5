import CrateValues

extension Pickle {
    /// What the pickles in `bytes` ask for when they are run one after the other from the byte `start` on, as Python does with whatever file
    /// it is given: one that is also something else, or that has more behind the first pickle.
    ///
    /// - Returns: up to the first byte that is no pickle's.
    static func importsOfSequence(in bytes: Bytes, from start: Int = 0, limits: Limits) -> (imports: [Import], isWhole: Bool) {
        var reader = ByteReader(bytes, format: format)
        var imports: [Import] = []
        guard (try? reader.seek(to: start)) != nil else { return ([], true) }
        for _ in 0..<mostInSequence {
            let program = run(reader, limits: limits)
            imports += program.graph.imports
            guard program.failure == nil, (try? reader.seek(to: program.graph.end)) != nil, reader.remaining > 0 else { return (imports, true) }
        }
        return (imports, false)
    }

    private static let mostInSequence = 10_000
}

extension Checkpoint.Description {
    /// Adds what Python would be asked for by ways that the format does not speak of.
    mutating func addImports(ofSequenceIn bytes: Bytes, from start: Int = 0, limits: Limits) {
        // A ZIP file breaks off at once, as its first byte wants what loading does not give.
        if ZipArchive.recognizes(bytes) { return }
        let found = Pickle.importsOfSequence(in: bytes, from: start, limits: limits)
        imports += found.imports.filter { found in
            found.verdict != .harmless && !imports.contains { $0.member == nil && $0.position == found.position && $0.qualifiedName == found.qualifiedName }
        }
        if !found.isWhole, failure == nil { failure = FormatError(.limit, Pickle.format, "has more pickles in a row than are looked into") }
    }
}
