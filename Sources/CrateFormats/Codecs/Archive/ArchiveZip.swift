import CrateValues

extension ZipArchive {
    private static let mostLinkBytes = 4096

    /// The members as an archive has them.
    func archiveMembers() throws(FormatError) -> [Archive.Member] {
        try members.map { (member) throws(FormatError) in
            let kind = try kind(of: member)
            let data = bytes.slice(member.dataRange) ?? Bytes([])
            return Archive.Member(
                ArchiveName.normalized(member.name), kind, size: kind == .file ? member.size : 0, packedSize: member.compressedSize,
                method: member.isDeflated ? "deflated" : "stored", modified: member.modified, isExecutable: kind == .file && member.mode & 0o100 != 0,
                content: kind == .file ? .zipped(data, isDeflated: member.isDeflated, crc32: member.crc32) : .plain(Bytes([])))
        }
    }

    private func kind(of member: Member) throws(FormatError) -> Archive.Member.Kind {
        switch member.mode & 0o170000 {
        case 0o120000:
            guard member.size <= ZipArchive.mostLinkBytes else { return .other("link with a path of \(member.size) bytes") }
            return .symbolicLink(try contents(of: member).withBytes { ArchiveName.text($0) })
        case 0o010000: return .other("named pipe")
        case 0o020000, 0o060000: return .other("device")
        case 0o140000: return .other("socket")
        default: return member.isDirectory ? .folder : .file
        }
    }
}

extension ZipWriter {
    /// Adds a file, folder or link, marked as Unix does.
    mutating func add(_ member: Archive.Member, _ content: @autoclosure () throws(FormatError) -> Bytes, method: Method, modified: Int?) throws(FormatError) {
        switch member.kind {
        case .file, .hardLink:
            let mode: UInt32 = member.isExecutable ? 0o100755 : 0o100644
            try add(member.name, try content(), method: method, attributes: Attributes(mode: mode, modified: modified))
        case .folder: try add(member.name + "/", Bytes([]), attributes: Attributes(mode: 0o040755, modified: modified))
        case .symbolicLink(let target):
            try add(member.name, Bytes(target.utf8), attributes: Attributes(mode: 0o120777, modified: modified))
        case .other(let what): throw FormatError(.unrepresentable, ZipArchive.format, "a \(what) is not written", at: .member(member.name))
        }
    }
}
