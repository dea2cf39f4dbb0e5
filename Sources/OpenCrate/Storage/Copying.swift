import CrateValues
import Glibc

/// One copy of a file or folder: by shared blocks where the file system can, else inside the kernel, else, and when the digest is wanted,
/// through a buffer.
struct Copying {
    private let files: Files
    /// Whether anything but shared blocks is an error.
    private let isShared: Bool
    let isHashed: Bool
    /// What was copied, when it is hashed.
    private(set) var tree = CopiedTree()
    /// Whether sharing blocks was not refused yet: one refusal speaks for a whole folder.
    private var canShare = true
    private let buffer = CopyBuffer()

    init(files: Files, isShared: Bool, isHashed: Bool) {
        self.files = files
        self.isShared = isShared
        self.isHashed = isHashed
    }

    private var calls: any FileSystem { files.calls }

    /// Copies what a folder holds into the existing folder `target`; both resolved.
    ///
    /// - Parameter prefix: the path below the folder that is copied, with a slash behind.
    mutating func copyEntries(of source: String, into target: String, _ prefix: String = "") throws(SystemError) {
        for name in try calls.names(in: source) where !name.hasPrefix(NameRules.temporaryPrefix) {
            let (from, to, path) = (Path.join(source, name), Path.join(target, name), prefix + name)
            let status = try calls.status(from, followingLinks: false)
            switch status?.kind {
            case .directory:
                try calls.makeDirectory(to)
                tree.addFolder(path)
                try copyEntries(of: from, into: to, path + "/")
            case .symbolicLink: try copyLink(from, to, path)
            case .file: try copyFile(from, to, path, isExecutable: (status?.permissions ?? 0) & 0o100 != 0)
            case .other: throw SystemError("copy", from, EINVAL)
            case nil: break
            }
        }
    }

    private mutating func copyLink(_ from: String, _ to: String, _ path: String) throws(SystemError) {
        let target = try calls.readLink(from)
        try calls.makeLink(to, to: target)
        if isHashed, let status = try calls.status(to, followingLinks: false) { tree.addLink(path, to: target, status) }
    }

    private mutating func copyFile(_ from: String, _ to: String, _ path: String, isExecutable: Bool) throws(SystemError) {
        let file = try calls.open(to, .createNew)
        defer { try? calls.close(file) }
        let digest = try copyContent(of: from, to: file, at: to)
        if isExecutable { try files.about(to) { [files] () throws(SystemError) in try files.makeExecutable(file) } }
        if let digest { tree.addFile(path, digest, try calls.status(ofOpen: file)) }
    }

    /// - Parameter place: the path of `target`, for errors: those of reading name `source`, those of writing name this.
    /// - Returns: the content's digest when it is wanted.
    mutating func copyContent(of source: String, to target: Int32, at place: String) throws(SystemError) -> String? {
        let file = try calls.open(source, .read)
        defer { try? calls.close(file) }
        if try share(file, to: target) { return isHashed ? try throughBuffer(file, to: nil, source, place) : nil }
        if isHashed { return try throughBuffer(file, to: target, source, place) }
        do { try inKernel(file, to: target, source, place) } catch {
            guard [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EBADF].contains(error.code) else { throw error }
            _ = try throughBuffer(file, to: target, source, place)
        }
        return nil
    }

    private mutating func share(_ source: Int32, to target: Int32) throws(SystemError) -> Bool {
        guard canShare else { return false }
        do { try calls.clone(source, to: target) } catch {
            if isShared { throw error }
            canShare = false
            return false
        }
        return true
    }

    private func inKernel(_ source: Int32, to target: Int32, _ sourcePath: String, _ targetPath: String) throws(SystemError) {
        var total = 0
        while true {
            let count: Int
            do { count = try calls.copyRange(source, to: target, count: 1 << 30) } catch {
                // One call for both sides: only the code tells which of them was refused.
                throw SystemError(error.operation, error.code == EIO ? sourcePath : targetPath, error.code)
            }
            total += count
            if count > 0 { continue }
            // Kernel files claim to be empty here although they can be read.
            if total == 0 { _ = try throughBuffer(source, to: target, sourcePath, targetPath) }
            return
        }
    }

    /// - Parameter target: `nil` when the bytes are there already.
    private func throughBuffer(_ source: Int32, to target: Int32?, _ sourcePath: String, _ targetPath: String) throws(SystemError) -> String? {
        var digest = isHashed ? SHA256Digest() : nil
        let size = try files.about(sourcePath) { () throws(SystemError) in try calls.status(ofOpen: source) }.size
        var total = 0
        while true {
            let count = try files.about(sourcePath) { () throws(SystemError) in try calls.read(source, into: buffer.bytes) }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
            digest?.update(bytes)
            if let target { try files.about(targetPath) { () throws(SystemError) in try calls.writeAll(target, bytes) } }
            total += count
            // Files that do not know their size say 0.
            if count == 0 || total == size { return digest?.hex() }
        }
    }
}

/// Made for one copy, used for each of its files.
private final class CopyBuffer {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    deinit { bytes.deallocate() }
}

/// What a copied folder holds, gathered on the way, so that nothing is read again.
struct CopiedTree {
    private var records: [(path: String, record: String)] = []
    private(set) var outline = FileState.Outline(size: 0, modified: 0)

    /// As `Files.digest` has it.
    var digest: String {
        var tree = SHA256Digest()
        for record in records.sorted(by: { Path.precedes($0.path, $1.path) }) { tree.update(Array(record.record.utf8) + [0]) }
        return tree.hex()
    }

    mutating func addFolder(_ path: String) { records.append((path, TreeRecord.folder(path))) }

    mutating func addLink(_ path: String, to target: String, _ status: FileStatus) {
        records.append((path, TreeRecord.link(path, to: target)))
        note(status)
    }

    mutating func addFile(_ path: String, _ digest: String, _ status: FileStatus) {
        records.append((path, TreeRecord.file(path, size: status.size, digest, isExecutable: status.permissions & 0o100 != 0)))
        note(status)
    }

    private mutating func note(_ status: FileStatus) {
        outline.size += status.size
        outline.modified = max(outline.modified, status.modified)
    }
}
