import CrateFormats
import CrateValues
import OpenCrate

extension FuzzTarget {
    /// Reads, inspects, writes and reads again by the handler of `fileExtension`.
    ///
    /// - Parameter isExact: what is read from a written file must give the same file once more; false for forms that lose information.
    init(reading fileExtension: String, seeds: [String]? = nil, longest: Int = 4096, words: [String] = [], isExact: Bool = true) {
        self.init(fileExtension, seeds: seeds ?? [fileExtension], longest: longest, words: words) {
            try explore(reading: $0, as: "x." + fileExtension, isExact: isExact)
        }
    }
}

extension Limits {
    /// Small enough that an input at a limit takes neither long nor much memory.
    static var fuzzing: Limits {
        var limits = Limits()
        limits.nodes = 200_000
        limits.pixels = 1 << 20
        limits.inflatedBytes = 16 << 20
        return limits
    }
}

/// - Parameter options: how to load.
func explore(reading bytes: Bytes, as name: String, options: [String: Document] = [:], isExact: Bool = true) throws {
    let name = ArtifactName(name)
    guard let handler = HandlerRegistry.standard.handler(forExtension: name.fileExtension) else {
        fatalError("no kind reads .\(name.fileExtension)")
    }
    let options = HandlerOptions(options, limits: .fuzzing, surroundings: surroundings(of: bytes))
    _ = try? handler.inspect(bytes, name: name, options: HandlerOptions(limits: options.limits, surroundings: options.surroundings))
    let content = try handler.decode(bytes, name: name, options: options)
    visit(content)
    try writeAndReadAgain(content, name, handler, options.values, isExact: isExact)
}

/// What is written must be readable, and stay what it is.
private func writeAndReadAgain(_ content: Content, _ name: ArtifactName, _ handler: any Handler, _ options: [String: Document], isExact: Bool) throws {
    // What can't be written, or would be far larger than what was read, ends here.
    guard content.isSmall else { return }
    let written = try encoded(content, name, handler)
    let again: Content
    do { again = try handler.decode(written, name: name, options: HandlerOptions(options)) } catch {
        fatalError("can't read what it wrote: \(error)")
    }
    guard isExact else { return }
    let rewritten = try encoded(again, name, handler)
    if rewritten == written { return }
    let place = zip(written.array, rewritten.array).enumerated().first { $1.0 != $1.1 }?.offset ?? min(written.count, rewritten.count)
    fatalError("what is read again is written differently at byte \(place):\n\(written.sketch(around: place))\n\(rewritten.sketch(around: place))")
}

private func encoded(_ content: Content, _ name: ArtifactName, _ handler: any Handler) throws -> Bytes {
    let sink = MemorySink()
    try handler.encode(content, name: name, options: HandlerOptions(), to: sink)
    return Bytes(sink.array)
}

/// A file in memory, for readers that seek in one, beside another that is all zeros.
private func surroundings(of bytes: Bytes) -> Surroundings {
    Surroundings(
        neighbour: { (_) throws(FormatError) in Bytes([UInt8](repeating: 0, count: 256)) },
        openFile: { () throws(FormatError) in try openMemory(bytes) })
}

extension FuzzTarget {
    /// Files that the handlers write of their samples, for forms of which there are no files.
    public var samples: [Bytes] {
        HandlerRegistry.standard.handlers.flatMap { handler in
            handler.samples.filter { seeds.contains($0.name.fileExtension) }.compactMap { try? encoded($0.content, $0.name, handler) }
        }
    }
}

extension Bytes {
    /// For a message.
    fileprivate func sketch(around place: Int) -> String {
        array[max(0, place - 200)..<min(count, place + 200)].map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "<\($0)>" }.joined()
    }
}
