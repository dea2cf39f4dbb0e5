import CrateFormats
import CrateValues

/// ZIP and tar files: many files in one. Reading lists them; each is unpacked when it is asked for.
struct ArchiveHandler: Handler {
    let kind = "archive"
    let summary = "Many files in one, as zip, tar or tar.gz"
    let extensions = ArchiveFile.extensions
    let holdsFiles = true

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("compression", .int, "0 (none) to 9 (smallest); 6 when left out"),
            HandlerOption("mtime", .int, "The date of all members, in seconds since 1970; a fixed one when left out"),
        ]
    }

    var inspectOptions: [HandlerOption] { [HandlerOption("verify", .bool, "Unpack every member, to nowhere, and check it")] }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard let archive = try content.asArchive(options.limits) else {
            throw content.unfit(for: "an archive", hint: "give a dict of names and what the files hold, or a folder with `folder:`")
        }
        guard let format = ArchiveFile.Format(fileName: name.text) else {
            throw FormatError(.unsupported, "archive", "can't be written as `\(name.text)`", hint: "end the name in .zip, .tar, .tar.gz or .tgz")
        }
        var written = ArchiveFile.Options()
        if let level = options.int("compression") {
            guard (0...9).contains(level) else { throw FormatError(.unrepresentable, "archive", "a compression of \(level)", hint: "give 0 to 9") }
            written.compression = level
        }
        written.modified = options.int("mtime")
        try ArchiveFile.encode(archive, as: format, options: written, limits: options.limits, surroundings: options.surroundings, to: sink)
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .archive(try ArchiveFile.decode(bytes, limits: options.limits))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try ArchiveInspection.inspect(bytes, verifies: options.bool("verify") ?? false, limits: options.limits)
    }

    var samples: [HandlerSample] {
        let members: [Archive.Member] = [
            .init("a.txt", Bytes("one".utf8)), .init("empty", .folder),
            .init("nested/deep/ü.bin", Bytes((0..<5000).map { UInt8(truncatingIfNeeded: $0 / 9) })), .init("nested/link", .symbolicLink("../a.txt")),
            .init("run.sh", size: 9, isExecutable: true, content: .plain(Bytes("echo done".utf8))),
        ]
        let content = Content.archive(Archive(members: members))
        return ["files.zip", "files.tar", "files.tar.gz", "files.tgz"].map { HandlerSample($0, content) } + [
            HandlerSample("stored.zip", content, options: HandlerOptions(["compression": .integer(0), "mtime": .integer(1_700_000_000)]))
        ]
    }
}

extension Content {
    /// Files under names: an archive, a folder, or a dict of names and what the files hold; `nil` for anything else.
    func asArchive(_ limits: Limits) throws(FormatError) -> Archive? {
        switch self {
        case .archive(let archive): return archive
        case .folder(let entries): return Archive(members: entries.map { .init($0.path, $0.bytes) })
        case .document(.mapping(let mapping)):
            return Archive(members: try mapping.entries.map { (entry) throws(FormatError) in
                guard case .string(let name) = entry.key else { throw FormatError(.unrepresentable, "archive", "names of files are texts") }
                return .init(name, try MemberContent.bytes(entry.value, name: name, limits: limits))
            })
        default: return nil
        }
    }
}

/// What a file inside another holds, from a value.
private enum MemberContent {
    /// Text and bytes as they are; anything else in the form that the name's extension asks for.
    static func bytes(_ value: Document, name: String, limits: Limits) throws(FormatError) -> Bytes {
        switch value {
        case .string(let text): return Bytes(text.utf8)
        case .bytes(let bytes): return Bytes(bytes)
        default:
            let fileName = ArtifactName(Path.name(name))
            guard let handler = HandlerRegistry.standard.handler(forExtension: fileName.fileExtension) else {
                throw FormatError(
                    .unrepresentable, "archive", "a value of type \(Content.document(value).typeName) needs a form to be written in", at: .member(name),
                    hint: "end its name in an extension such as .json or .npy, or give text or bytes")
            }
            let sink = MemorySink()
            try handler.encode(.document(value), name: fileName, options: HandlerOptions(limits: limits), to: sink)
            return Bytes(sink.array)
        }
    }
}
