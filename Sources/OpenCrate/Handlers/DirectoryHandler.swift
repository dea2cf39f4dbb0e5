import CrateFormats
import CrateValues

/// A folder of files as one artifact. The engine reads and writes the files; there is no single stream of bytes.
struct DirectoryHandler: Handler {
    let kind = "directory"
    let summary = "A folder with all it holds"
    let extensions: [String] = []
    let isFolder = true

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        throw content.unfit(for: "a folder")
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        throw FormatError(.malformed, "folder", "a file is no folder")
    }

    var samples: [HandlerSample] {
        [
            HandlerSample(
                "labels",
                .folder([
                    .init(path: "a.txt", bytes: Bytes("one".utf8)), .init(path: "empty", bytes: Bytes([])),
                    .init(path: "nested/deep/b.bin", bytes: Bytes([0, 255])),
                ])),
            HandlerSample("nothing", .folder([])),
        ]
    }
}
