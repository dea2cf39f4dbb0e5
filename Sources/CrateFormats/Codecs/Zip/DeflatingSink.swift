internal import CZlib
import CrateValues

/// Compresses what is written to it and passes it on. `finish` must come last.
final class DeflatingSink: ByteSink {
    private let sink: any ByteSink
    private let stream: UnsafeMutablePointer<z_stream>
    private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)

    /// - Parameter level: from 0 (fast) to 9 (small). The gzip frame has no name and no time in it.
    init(_ sink: any ByteSink, frame: Deflate.Frame, level: Int) throws(FormatError) {
        self.sink = sink
        stream = Deflate.makeStream()
        guard crate_deflate_init(stream, Int32(min(max(level, 0), 9)), frame.rawValue) == Z_OK else {
            throw FormatError(.system, "deflate", "zlib could not start")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        piece.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        var done = 0
        while done < bytes.count {
            let share = min(bytes.count - done, Deflate.largestStep)
            // zlib only reads its input, but its header does not say so.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: bytes.baseAddress?.advanced(by: done))?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(share)
            while stream.pointee.avail_in > 0 { _ = try step(Z_NO_FLUSH) }
            done += share
        }
    }

    func finish() throws(FormatError) {
        stream.pointee.avail_in = 0
        while try step(Z_FINISH) != Z_STREAM_END {}
    }

    private func step(_ flush: Int32) throws(FormatError) -> Int32 {
        stream.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(piece.count)
        let status = deflate(stream, flush)
        guard status == Z_OK || status == Z_STREAM_END else { throw FormatError(.system, "deflate", "zlib failed") }
        try sink.write(UnsafeRawBufferPointer(rebasing: piece[..<(piece.count - Int(stream.pointee.avail_out))]))
        return status
    }
}
