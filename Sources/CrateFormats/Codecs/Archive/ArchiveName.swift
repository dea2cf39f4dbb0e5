import CrateValues

/// Names of archive members: paths that others have written, which must not lead out of the folder they are unpacked in.
public enum ArchiveName {
    private static let slash = UInt8(ascii: "/")
    /// Each folder is looked at on its own, by a name that holds those around it.
    private static let mostParts = 256

    /// Names are UTF-8 today; others are shown byte by byte.
    static func text(_ name: UnsafeRawBufferPointer) -> String {
        String(validating: name, as: UTF8.self) ?? String(String.UnicodeScalarView(name.map { Unicode.Scalar($0) }))
    }

    /// Without parts that say nothing: `./a//b/` is `a/b`. Empty for the archive's own folder. What leads out stays as it is.
    static func normalized(_ name: String) -> String {
        let parts = name.pathParts(keepingEmpty: true)
        guard parts.contains(where: { $0.isEmpty || $0 == "." }) else { return name }
        let kept = parts.filter { !$0.isEmpty && $0 != "." }.joined(separator: "/")
        return name.isAbsolutePath ? "/" + kept : kept
    }

    /// Why a file of this name is not unpacked; `nil` when it stays inside its folder on any system.
    public static func fault(of name: String) -> String? {
        if name.isEmpty { return "it has no name" }
        if name.isAbsolutePath { return "its path is absolute" }
        if name.utf8.count > 1, name.utf8.dropFirst().first == UInt8(ascii: ":") { return "its path names a drive" }
        if name.utf8.contains(UInt8(ascii: "\\")) { return "its path has a backslash" }
        if name.utf8.count > 4096 { return "its path has \(name.utf8.count) bytes; systems take 4096" }
        if let fault = faultOfParts(name) { return fault }
        if name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return nil }
        return name.unicodeScalars.contains { $0.isControl || $0.turnsWriting } ? "its path has a control character" : nil
    }

    private static func faultOfParts(_ name: String) -> String? {
        let parts = name.utf8.split(separator: slash, omittingEmptySubsequences: false)
        if parts.count > mostParts { return "its path has \(parts.count) parts; up to \(mostParts) are made" }
        for part in parts {
            if part.elementsEqual("..".utf8) { return "its path leads upwards" }
            if part.isEmpty || part.elementsEqual(".".utf8) { return "its path has an empty part" }
            if part.count > 255 { return "its path has a part of \(part.count) bytes; systems take 255" }
        }
        return nil
    }

    /// Why a link with this target is not made; `nil` when it stays inside.
    ///
    /// Steps upwards may only come first: there they start from folders of the archive itself. Behind another name they could start
    /// from where a link leads.
    public static func fault(ofLinkTo target: String, at name: String) -> String? {
        let parts = target.utf8.split(separator: slash, omittingEmptySubsequences: true)
        let upwards = parts.prefix { $0.elementsEqual("..".utf8) }.count
        let depth = name.utf8.count { $0 == slash }
        if target.isEmpty || target.isAbsolutePath || upwards > depth || parts.dropFirst(upwards).contains(where: { $0.elementsEqual("..".utf8) }) {
            return "it is a link that leads out, to `\(target)`"
        }
        return target.unicodeScalars.contains { $0 == "\\" || $0.isControl || $0.turnsWriting } ? "it is a link to an odd path" : nil
    }
}
