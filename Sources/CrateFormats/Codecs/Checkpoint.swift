import CrateValues

/// Files that hold tensors and the plain data around them, chosen by extension and by their first bytes.
public enum Checkpoint {
    /// How a checkpoint is written.
    public struct Options: Sendable {
        /// Texts kept in the header of `.safetensors`.
        public var metadata: [(key: String, value: String)]
        /// Deflates the members of `.npz`.
        public var compresses: Bool
        public init(metadata: [(key: String, value: String)] = [], compresses: Bool = false) {
            self.metadata = metadata
            self.compresses = compresses
        }
    }

    /// The document in `bytes`. A file whose content is of another kind than its extension says is refused by its true name.
    public static func decode(_ bytes: Bytes, fileExtension: String, limits: Limits = .standard) throws(FormatError) -> Document {
        throw FormatError(.unsupported, "checkpoint", "not here yet")
    }

    /// Writes `document` in the form that `fileExtension` asks for; `rootName` (the file's stem) names the folder inside.
    public static func encode(
        _ document: Document, fileExtension: String, rootName: String, options: Options = Options(), to sink: any ByteSink
    ) throws(FormatError) {
        throw FormatError(.unsupported, "checkpoint", "not here yet")
    }
}
