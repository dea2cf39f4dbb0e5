/// Paths as the system reads them, byte by byte: a slash with an accent behind it is one `Character`, and still a slash.
extension StringProtocol {
    /// What stands between the slashes.
    ///
    /// - Parameter keepingEmpty: also the nothing before a first slash, behind a last one, and between two.
    public func pathParts(keepingEmpty: Bool = false) -> [SubSequence] {
        var parts: [SubSequence] = []
        var start = startIndex
        func end(at end: Index) { if keepingEmpty || start < end { parts.append(self[start..<end]) } }
        for index in utf8.indices where utf8[index] == UInt8(ascii: "/") {
            end(at: index)
            start = utf8.index(after: index)
        }
        end(at: endIndex)
        return parts
    }

    public var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }
}
