/// Paths as text: `/` between parts, nothing resolved on disk.
enum Path {
    static func join(_ folder: String, _ name: String) -> String {
        if folder.isEmpty || name.isAbsolutePath { return name }
        return folder.utf8.last == UInt8(ascii: "/") ? folder + name : "\(folder)/\(name)"
    }

    /// The last part; "/" of the root.
    static func name(_ path: String) -> String {
        let trimmed = withoutFinalSlashes(path)
        guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")), trimmed != "/" else { return trimmed }
        return String(trimmed[trimmed.utf8.index(after: slash)...])
    }

    /// The folder around it; "." of a bare name.
    static func parent(_ path: String) -> String {
        let trimmed = withoutFinalSlashes(path)
        guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == trimmed.startIndex ? "/" : withoutFinalSlashes(String(trimmed[..<slash]))
    }

    /// The order of listings: by the bytes, in which no two differ in nothing.
    static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    /// Without parts that say nothing: `./a//b` is `a/b`.
    static func normalized(_ path: String) -> String {
        let parts = path.pathParts().filter { $0 != "." }
        return (path.isAbsolutePath ? "/" : "") + parts.joined(separator: "/")
    }

    private static func withoutFinalSlashes(_ path: String) -> String {
        var end = path.endIndex
        while end != path.startIndex {
            let before = path.utf8.index(before: end)
            if path.utf8[before] != UInt8(ascii: "/") || before == path.startIndex { break }
            end = before
        }
        return end == path.endIndex ? path : String(path[..<end])
    }
}
