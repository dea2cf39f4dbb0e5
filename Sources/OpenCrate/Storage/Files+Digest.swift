import CrateFormats
import CrateValues
import Glibc

extension Files {
    /// SHA-256 in hexadecimal of a file's bytes, or of all that is below a folder.
    ///
    /// A folder's digest is that of one record for each file, folder and link below it, in the order of their paths' bytes:
    /// `type size digest path` and a NUL, with the type `f` (file), `x` (file that may be run by its owner), `d` (folder) or `l` (link),
    /// the size in bytes (0 for folders), and the SHA-256 of the file's bytes, of the link's target, or of nothing. Dates, owners and other
    /// permissions do not count, nor does the folder's own name.
    public func digest(_ path: String) throws(CrateError) -> String {
        guard let status = try status(path, followingLinks: true) else { throw .notFound(what: "file or folder", path: path, hint: nil) }
        if status.kind != .directory { return try watched("digest \(Path.name(path))", .hashed, total: { status.size }) { () throws(CrateError) in try hash(try read(path), path) } }
        let entries = try walk(path)
        return try watched("digest \(Path.name(path))", .hashed, total: { entries.reduce(0) { $0 + $1.size } }) { () throws(CrateError) in
            try treeDigest(path, entries)
        }
    }

    /// In pieces, so that it can be stopped.
    private func hash(_ bytes: Bytes, _ path: String) throws(CrateError) -> String {
        let piece = 4 << 20
        if bytes.count <= piece {
            try named(path) { () throws(SystemError) in try calls.worked(bytes.count, .hashed) }
            return SHA256Digest.hex(of: bytes)
        }
        var digest = SHA256Digest()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            guard let part = bytes.slice(start..<min(start + piece, bytes.count)) else { break }
            digest.update(part)
            try named(path) { () throws(SystemError) in try calls.worked(part.count, .hashed) }
        }
        return digest.hex()
    }

    /// The digest of a folder that holds `entries`, sorted by path.
    func treeDigest(_ folder: String, _ entries: [TreeEntry]) throws(CrateError) -> String {
        var tree = SHA256Digest()
        for entry in entries { tree.update(Array(try record(of: entry, in: folder).utf8) + [0]) }
        return tree.hex()
    }

    private func record(of entry: TreeEntry, in folder: String) throws(CrateError) -> String {
        switch entry.kind {
        case .folder: return TreeRecord.folder(entry.path)
        case .link(let target): return TreeRecord.link(entry.path, to: target)
        case .file:
            let bytes = try read(Path.join(folder, entry.path))
            return TreeRecord.file(entry.path, size: bytes.count, try hash(bytes, Path.join(folder, entry.path)), isExecutable: entry.isExecutable)
        }
    }
}

/// The records that a folder's digest is taken of.
enum TreeRecord {
    private static let nothing = SHA256Digest.hex(of: [] as [UInt8])

    static func folder(_ path: String) -> String { "d 0 \(nothing) \(path)" }

    static func link(_ path: String, to target: String) -> String {
        let bytes = Array(target.utf8)
        return "l \(bytes.count) \(SHA256Digest.hex(of: bytes)) \(path)"
    }

    static func file(_ path: String, size: Int, _ digest: String, isExecutable: Bool) -> String { "\(isExecutable ? "x" : "f") \(size) \(digest) \(path)" }
}
