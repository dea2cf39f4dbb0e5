internal import CZlib
import CrateValues

/// Compresses what is written to it, piece by piece.
final class DeflatingSink: ByteSink {
    // zlib's state points back at its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    private let sink: any ByteSink

    init(_ sink: any ByteSink, frame: Deflate.Frame, level: Int32) throws(FormatError) {
        self.sink = sink
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard crate_deflate_init(stream, level, frame.rawValue) == Z_OK else { throw FormatError(.system, "deflate", "zlib could not start") }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        piece.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // zlib counts in 32 bits.
            let share = rest.prefix(1 << 30)
            rest = rest.dropFirst(share.count)
            try run(UnsafeRawBufferPointer(rebasing: share), Z_NO_FLUSH)
        }
    }

    /// Writes the end. Nothing is written after it.
    func finish() throws(FormatError) { try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH) }

    private func run(_ input: UnsafeRawBufferPointer, _ flush: Int32) throws(FormatError) {
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(input.count)
        repeat {
            stream.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(piece.count)
            let status = deflate(stream, flush)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw FormatError(.system, "deflate", "zlib failed")
            }
            try sink.write(UnsafeRawBufferPointer(rebasing: piece[..<(piece.count - Int(stream.pointee.avail_out))]))
        } while stream.pointee.avail_out == 0
    }
}
