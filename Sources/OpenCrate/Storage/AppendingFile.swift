/// A file that only grows, shared with other processes: each append is one write at the end.
final class AppendingFile {
    let path: String
    private let files: Files
    private let handle: Int32
    /// Bytes, as far as this process knows.
    private(set) var size: Int

    /// Opens or makes the file; `truncating` empties it first. A link in its place is refused.
    init(_ path: String, files: Files, truncating: Bool) throws(CrateError) {
        self.path = path
        self.files = files
        let calls = files.calls
        let full = try files.resolved(path)
        (handle, size) = try files.named(path) { () throws(SystemError) in
            let handle = try calls.open(full, .append(truncating: truncating))
            do throws(SystemError) { return (handle, try calls.status(ofOpen: handle).size) } catch {
                try? calls.close(handle)
                throw error
            }
        }
    }

    deinit { try? files.calls.close(handle) }

    func append(_ bytes: [UInt8]) throws(CrateError) {
        try files.named(path) { () throws(SystemError) in
            try bytes.span.bytes.withUnsafeBytes { (buffer) throws(SystemError) in try files.calls.writeAll(handle, buffer) }
        }
        size += bytes.count
    }

    /// Whether another process has removed the file.
    var isRemoved: Bool { (try? files.calls.status(ofOpen: handle).linkCount) == 0 }
}
