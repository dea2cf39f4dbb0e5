import CrateFormats
import CrateValues

/// Collects small writes into large ones on an open file, and takes their digest on the way.
final class FileSink: ByteSink {
    private let file: Int32
    private let calls: any FileSystem
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private static let piece = 1 << 20
    /// Why the system refused a write; codecs only see a `FormatError`.
    private(set) var failure: SystemError?
    private var hash: SHA256Digest?
    /// Of all that was flushed; `nil` unless it was asked for.
    var digest: String? { hash?.hex() }

    init(_ file: Int32, _ calls: any FileSystem, isHashed: Bool = false) {
        hash = isHashed ? SHA256Digest() : nil
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
                try put(bytes)
            }
        } catch {
            failure = error
            throw FormatError(.system, "file", "the system refused a write")
        }
    }

    func flush() throws(SystemError) {
        let pending = filled
        filled = 0
        try put(UnsafeRawBufferPointer(rebasing: buffer[..<pending]))
    }

    /// Piece by piece: what was just hashed is still near the processor, and whoever watches sees it go on.
    private func put(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        if hash == nil { return try calls.writeAll(file, bytes) }
        for start in stride(from: 0, to: bytes.count, by: FileSink.piece) {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + FileSink.piece, bytes.count)])
            hash?.update(piece)
            try calls.writeAll(file, piece)
        }
    }
}

extension FileSystem {
    /// Writes until nothing is left.
    func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var done = 0
        while done < bytes.count { done += try write(file, UnsafeRawBufferPointer(rebasing: bytes[done...])) }
    }
}
