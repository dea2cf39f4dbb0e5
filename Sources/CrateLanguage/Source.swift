/// A text to run and the name that messages give it: a file's path, `<stdin>`, `<command>` or `In [3]`.
public final class Source: Sendable {
    public let name: String
    /// UTF-8.
    public let bytes: [UInt8]

    public init(name: String, text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }
}

/// A range of a source's bytes.
public struct Span: Sendable, Hashable {
    public var start: Int
    public var end: Int
    public init(_ start: Int, _ end: Int) { self.start = start; self.end = end }
}

/// A place that a message can point to.
public struct Location: Sendable {
    public let source: Source
    public let span: Span
    public init(source: Source, span: Span) { self.source = source; self.span = span }
}
