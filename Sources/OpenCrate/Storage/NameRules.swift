/// Which names may become one part of a path.
enum NameRules {
    /// Begins the names of files that are still being written.
    static let temporaryPrefix = ".crate-tmp-"
    /// Begins the names of folders that stand aside while others take their places; the old name follows.
    static let asidePrefix = temporaryPrefix + "aside-"

    /// Refuses what would leave its folder, break a log line or a listing, or not fit a file system.
    ///
    /// - Parameter what: the name's role for the message, such as "artifact name".
    static func check(_ name: String, as what: String) throws(CrateError) {
        guard let reason = fault(of: name) else { return }
        throw .invalid(what: what, reason: reason, hint: "use one plain file name, such as `results.v2`")
    }

    private static func fault(of name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        if name == "." || name == ".." { return "`\(name)` is a folder, not a name" }
        if name.utf8.contains(UInt8(ascii: "/")) { return "`\(name)` has a `/`, so it would leave its folder" }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return "it holds a control character" }
        if name.hasPrefix(temporaryPrefix) { return "names beginning with `\(temporaryPrefix)` are kept for unfinished files" }
        if name.utf8.count > 255 { return "it is \(name.utf8.count) bytes long; file systems take 255" }
        return nil
    }
}
