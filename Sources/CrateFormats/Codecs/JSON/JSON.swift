import CrateValues

/// JSON (RFC 8259), with what Python's `json` module adds: NaN, Infinity and -Infinity as bare words, and integers of any
/// size. The order of keys, integers and floats stay apart, as the file has them.
public enum JSON {
    public struct ReadOptions: Sendable {
        /// A repeated key is an error; otherwise the last value stands in the first one's place, as in Python.
        public var refusesDuplicateKeys = false
        /// NaN and infinities are read as floats, also from numbers too large for one, as in Python.
        public var allowsNonFinite = true
        public init(refusesDuplicateKeys: Bool = false, allowsNonFinite: Bool = true) {
            self.refusesDuplicateKeys = refusesDuplicateKeys
            self.allowsNonFinite = allowsNonFinite
        }
    }

    public struct WriteOptions: Sendable {
        /// Spaces per level; `nil` for one line.
        public var indent: Int?
        /// Keys in the order of their code points rather than the mapping's own.
        public var sortsKeys: Bool
        /// Everything beyond ASCII as `\u` escapes.
        public var ascii: Bool
        /// NaN and infinities, which JSON does not have, are an error.
        public var strict: Bool
        public init(indent: Int? = nil, sortsKeys: Bool = false, ascii: Bool = false, strict: Bool = false) {
            self.indent = indent
            self.sortsKeys = sortsKeys
            self.ascii = ascii
            self.strict = strict
        }
    }

    /// The one value that `bytes` hold, in UTF-8, with or without a byte order mark.
    public static func decode(_ bytes: Bytes, options: ReadOptions = .init(), limits: Limits = .standard) throws(FormatError) -> Document {
        try bytes.withBytes { (buffer) throws(FormatError) in
            var reader = try JSONReader(buffer, options: options, limits: limits)
            return try reader.readWhole()
        }
    }

    /// JSON Lines: one value per line, blank lines skipped, as a list.
    public static func decodeLines(_ bytes: Bytes, options: ReadOptions = .init(), limits: Limits = .standard) throws(FormatError)
        -> Document
    {
        try bytes.withBytes { (buffer) throws(FormatError) in
            var reader = try JSONReader(buffer, options: options, limits: limits)
            return .list(try reader.readLines())
        }
    }

    /// Writes `document`. A place in an error is the path of keys that leads there.
    public static func encode(
        _ document: Document, options: WriteOptions = .init(), limits: Limits = .standard, to sink: any ByteSink
    ) throws(FormatError) {
        var writer = JSONWriter(options: options, limits: limits, sink: sink)
        try writer.write(document, depth: 0)
        try writer.flush()
    }

    /// Writes each item of a list on a line of its own; anything else is one line.
    public static func encodeLines(
        _ document: Document, options: WriteOptions = .init(), limits: Limits = .standard, to sink: any ByteSink
    ) throws(FormatError) {
        var lineOptions = options
        lineOptions.indent = nil
        var writer = JSONWriter(options: lineOptions, limits: limits, sink: sink)
        let items: [Document] = if case .list(let items) = document { items } else { [document] }
        for (index, item) in items.enumerated() {
            do throws(FormatError) { try writer.write(item, depth: 0) } catch { throw error.inside("[\(index)]") }
            try writer.endLine()
        }
        try writer.flush()
    }
}
