import CrateFormats
import CrateValues
import Glibc

extension Files {
    /// Files from this size on are mapped instead of read, in bytes.
    private static let mappingThreshold = 1 << 18

    /// The whole content; large files are memory-mapped.
    public func read(_ path: String) throws(CrateError) -> Bytes { try read(path, isMapped: true) }

    /// - Parameter isMapped: false for files that shrink: pages of a mapping that are gone can't be read.
    func read(_ path: String, isMapped: Bool) throws(CrateError) -> Bytes {
        let full = try resolved(path)
        let file: Int32
        do { file = try calls.open(full, .read) } catch {
            if error.code == ENOENT || error.code == ENOTDIR { throw .notFound(what: "file", path: path, hint: nil) }
            throw CrateError(error, path: path)
        }
        defer { try? calls.close(file) }
        let bytes: Bytes? = try named(path) { () throws(SystemError) in try content(of: file, isMapped) }
        guard let bytes else {
            throw .format(FormatError(.limit, "file", "gives more than \(streamLimit) bytes and does not say how many there are"), path: path)
        }
        return bytes
    }

    /// `nil` beyond `streamLimit`.
    private func content(of file: Int32, _ isMapped: Bool) throws(SystemError) -> Bytes? {
        let status = try calls.status(ofOpen: file)
        if status.kind == .directory { throw SystemError("read", "", EISDIR) }
        if isMapped, status.kind == .file, status.size >= Files.mappingThreshold {
            return Bytes(ByteRegion(mapped: try calls.map(file, count: status.size), count: status.size))
        }
        return status.kind == .file && status.size > 0 ? try readRegion(file, size: status.size) : try readToEnd(file)
    }

    private func readRegion(_ file: Int32, size: Int) throws(SystemError) -> Bytes {
        var filled = 0
        let region = try ByteRegion(count: size) { (buffer) throws(SystemError) in
            while filled < size {
                let count = try calls.read(file, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                if count == 0 { break }
                filled += count
            }
        }
        // Shorter when another program has cut the file meanwhile.
        return Bytes(region, range: 0..<filled) ?? Bytes(region)
    }

    /// For devices, pipes and the kernel's own files, which do not know their size.
    private func readToEnd(_ file: Int32) throws(SystemError) -> Bytes? {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try calls.read(file, into: buffer)
            if count == 0 { return Bytes(bytes) }
            if count > streamLimit - bytes.count { return nil }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// What is in a folder, sorted by path; links are listed, not followed.
    public func list(_ directory: String, recursive: Bool = false) throws(CrateError) -> [FileInfo] {
        var found: [FileInfo] = []
        try collect(directory, recursive, into: &found)
        found.sort { Path.precedes($0.path, $1.path) }
        return found
    }

    private func collect(_ directory: String, _ recursive: Bool, into found: inout [FileInfo]) throws(CrateError) {
        for name in try names(in: directory) {
            let path = Path.join(directory, name)
            guard let status = try status(path) else { continue }
            found.append(FileInfo(path: path, status))
            if recursive, status.kind == .directory { try collect(path, recursive, into: &found) }
        }
    }

    /// Names in a folder, without those of unfinished files, in no order.
    func names(in directory: String) throws(CrateError) -> [String] {
        let full = try resolved(directory)
        do { return try calls.names(in: full).filter { !$0.hasPrefix(NameRules.temporaryPrefix) } } catch {
            if error.code == ENOENT { throw .notFound(what: "folder", path: directory, hint: nil) }
            if error.code == ENOTDIR { throw .invalid(what: "folder", reason: "`\(directory)` is a file", hint: nil) }
            throw CrateError(error, path: directory)
        }
    }
}
