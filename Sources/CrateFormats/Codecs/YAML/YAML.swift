import CrateValues

/// YAML 1.1, with plain scalars resolved exactly as PyYAML's `safe_load` does: `yes` is true, `017` is 15, `1e3` is text,
/// `12:30:45` is 45045, `<<` merges. Parsing and emitting are libyaml's.
public enum YAML {
    /// A tag that is not known here. What it stands on was read as if the tag were not there (a scalar as text).
    public struct UnknownTag: Sendable, Equatable {
        public var tag: String
        /// From 1.
        public var line: Int
        public var column: Int
        public init(tag: String, line: Int, column: Int) { self.tag = tag; self.line = line; self.column = column }
    }

    public struct Loaded: Sendable {
        public var documents: [Document]
        public var unknownTags: [UnknownTag]

        /// The only document, several as a list, null for none.
        public var document: Document {
            documents.count > 1 ? .list(documents) : documents.first ?? .null
        }
    }

    public struct WriteOptions: Sendable {
        /// Keys in order, as PyYAML does unless told otherwise; mappings with keys of several types keep their own.
        public var sortsKeys: Bool
        public init(sortsKeys: Bool = true) { self.sortsKeys = sortsKeys }
    }

    /// The document that `bytes` hold; several become a list, none null. UTF-8, or UTF-16 with a byte order mark.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        try load(bytes, limits: limits).document
    }

    /// All documents of the stream.
    public static func decodeAll(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> [Document] {
        try load(bytes, limits: limits).documents
    }

    /// All documents, and the tags that were passed over. Tags that ask for Python objects are refused.
    public static func load(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Loaded {
        try bytes.withBytes { (buffer) throws(FormatError) in
            var composer = YAMLComposer(try YAMLEvents(buffer), limits: limits)
            return try composer.compose()
        }
    }

    /// Writes `document` in block style, so that PyYAML's `safe_load` gives equal values. A place in an error is the path
    /// of keys that leads there.
    public static func encode(
        _ document: Document, options: WriteOptions = .init(), limits: Limits = .standard, to sink: any ByteSink
    ) throws(FormatError) {
        let writer = YAMLWriter(emitter: try YAMLEmitter(sink: sink), options: options, limits: limits)
        try writer.write(document)
    }
}
