import CrateValues

/// Which names may become one part of a path.
enum NameRules {
    /// Begins the names of files that are still being written.
    static let temporaryPrefix = ".crate-tmp-"
    /// Begins the names of folders that stand aside while others take their places; the old name follows.
    static let asidePrefix = temporaryPrefix + "aside-"

    /// Bytes of a new name. File systems take 255; the rest is for what is added: a backup's tag or time, a version's
    /// number, a rotated log's time.
    static let room = 200

    /// Refuses a name that leaves no room for what will be added to it.
    static func checkRoom(_ name: String, as what: String) throws(CrateError) {
        if name.utf8.count <= room { return }
        throw .invalid(what: what, reason: "it is \(name.utf8.count) bytes long; up to \(room) leave room for backups and logs", hint: "choose a shorter name")
    }

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
        if let scalar = name.unicodeScalars.first(where: isControl) {
            return "it holds the control character U+" + String(repeating: "0", count: max(0, 4 - hex(scalar).utf8.count)) + hex(scalar)
        }
        if name.hasPrefix(temporaryPrefix) { return "names beginning with `\(temporaryPrefix)` are kept for unfinished files" }
        if name.utf8.count > 255 { return "it is \(name.utf8.count) bytes long; file systems take 255" }
        return nil
    }

    /// Also what ends a line or turns the order of writing, which would show another name than there is.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.isControl || scalar.turnsWriting }

    private static func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16, uppercase: true) }
}
