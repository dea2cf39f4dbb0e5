import CrateFormats
import CrateValues

/// Any bytes, kept as they are.
struct FileHandler: Handler {
    let kind = "file"
    let summary = "Any file, byte for byte"
    let extensions: [String] = []

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        switch content {
        case .blob(let bytes): try sink.write(bytes)
        case .document(.bytes(let bytes)): try sink.write(bytes)
        case .document(.string(let text)): try sink.write(text)
        default: throw content.unfit(for: "a plain file", hint: "give text, bytes, or a file with `from:`")
        }
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content { .blob(bytes) }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        Inspection(facts: [("type", .string(FileType.name(of: bytes))), ("sha256", .string(SHA256Digest.hex(of: bytes)))])
    }

    var samples: [HandlerSample] {
        [HandlerSample("weights.bin", .blob(Bytes((0...255).map { UInt8($0) }))), HandlerSample("nothing", .blob(Bytes([])))]
    }
}
