import CrateFormats

/// Collects small writes into large ones on an open file.
final class FileSink: ByteSink {
    private let file: Int32
    private let calls: any FileSystem
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    /// Why the system refused a write; codecs only see a `FormatError`.
    private(set) var failure: SystemError?

    init(_ file: Int32, _ calls: any FileSystem) {
        self.file = file
        self.calls = calls
        buffer = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit { buffer.deallocate() }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        if bytes.count <= buffer.count - filled {
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: bytes)
            filled += bytes.count
            return
        }
        do {
            try flush()
            if bytes.count < buffer.count {
                buffer.copyMemory(from: bytes)
                filled = bytes.count
            } else {
                try calls.writeAll(file, bytes)
            }
        } catch {
            failure = error
            throw FormatError(.system, "file", "the system refused a write")
        }
    }

    func flush() throws(SystemError) {
        let pending = filled
        filled = 0
        try calls.writeAll(file, UnsafeRawBufferPointer(rebasing: buffer[..<pending]))
    }
}

extension FileSystem {
    /// Writes until nothing is left.
    func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var done = 0
        while done < bytes.count { done += try write(file, UnsafeRawBufferPointer(rebasing: bytes[done...])) }
    }
}
