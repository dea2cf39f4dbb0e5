internal import CZlib
import CrateValues

/// Compression by zlib: raw deflate as in ZIP, with zlib's frame as in PNG and joblib, or gzip's.
public enum Deflate {
    /// What stands around the compressed data; the raw values are zlib's window bits.
    public enum Frame: Int32, Sendable {
        case none = -15
        case zlib = 15
        case gzip = 31
    }

    // zlib counts in 32 bits.
    static let largestStep = 1 << 30
    private static let format = "deflate"

    /// The compressed form of `bytes`; `level` goes from 0 (fast) to 9 (small), 6 is usual.
    public static func compress(_ bytes: Bytes, frame: Frame = .none, level: Int = 6) throws(FormatError) -> [UInt8] {
        var output: [UInt8] = []
        try compress(bytes, frame: frame, level: level) { output.append(contentsOf: $0) }
        return output
    }

    /// Compresses `bytes` piece by piece.
    ///
    /// - Parameter taken: told how many more of the bytes are compressed.
    public static func compress(
        _ bytes: Bytes, frame: Frame = .none, level: Int = 6, taken: (Int) -> Void = { _ in },
        to write: (UnsafeRawBufferPointer) throws(FormatError) -> Void
    ) throws(FormatError) {
        let stream = makeStream()
        defer { stream.deallocate() }
        guard crate_deflate_init(stream, Int32(min(max(level, 0), 9)), frame.rawValue) == Z_OK else {
            throw FormatError(.system, format, "zlib could not start")
        }
        defer { deflateEnd(stream) }
        try bytes.withBytes { (input) throws(FormatError) in
            try run(stream, over: input, pieceSize: 1 << 16, taken: taken, to: write) { deflate($0, $1 ? Z_FINISH : Z_NO_FLUSH) }
        }
    }

    /// Inflates `bytes`, which must become exactly `size` bytes: not one byte more is inflated.
    ///
    /// `size` comes from the file, so it is held against `limits` before memory is taken.
    public static func inflate(
        _ bytes: Bytes, frame: Frame = .none, toExactly size: Int, limits: Limits = .standard
    ) throws(FormatError) -> Bytes {
        try check(size: size, from: bytes.count, limits: limits)
        let region = try ByteRegion(count: size) { (output) throws(FormatError) in
            var filled = 0
            try inflate(bytes, frame: frame) { (piece) throws(FormatError) in
                guard piece.count <= size - filled else {
                    throw FormatError(.malformed, format, "inflates to more than the \(size) bytes announced")
                }
                UnsafeMutableRawBufferPointer(rebasing: output[filled...]).copyMemory(from: piece)
                filled += piece.count
            }
            guard filled == size else { throw FormatError(.malformed, format, "inflates to \(filled) bytes where \(size) are announced") }
        }
        return Bytes(region)
    }

    /// Inflates `bytes` of unknown final size, within `limits`.
    public static func inflate(_ bytes: Bytes, frame: Frame, limits: Limits = .standard) throws(FormatError) -> [UInt8] {
        var output: [UInt8] = []
        try inflate(bytes, frame: frame) { (piece) throws(FormatError) in
            try check(size: output.count + piece.count, from: bytes.count, limits: limits)
            output.append(contentsOf: piece)
        }
        return output
    }

    /// Inflates `bytes` and hands out the result piece by piece; stops when `write` throws.
    public static func inflate(
        _ bytes: Bytes, frame: Frame, to write: (UnsafeRawBufferPointer) throws(FormatError) -> Void
    ) throws(FormatError) {
        let stream = makeStream()
        defer { stream.deallocate() }
        guard crate_inflate_init(stream, frame.rawValue) == Z_OK else { throw FormatError(.system, format, "zlib could not start") }
        defer { inflateEnd(stream) }
        try bytes.withBytes { (input) throws(FormatError) in
            try run(stream, over: input, pieceSize: 1 << 16, to: write) { stream, _ in CZlib.inflate(stream, Z_NO_FLUSH) }
        }
    }

    /// Refuses a size that no honest file of `compressedSize` bytes reaches, or that is more than the caller allows. Up to `free` bytes
    /// any file may become.
    static func check(size: Int, from compressedSize: Int, limits: Limits, free: Int = 1 << 20) throws(FormatError) {
        guard size <= limits.inflatedBytes else {
            throw FormatError(.limit, format, "would inflate to \(size) bytes, more than the limit of \(limits.inflatedBytes)")
        }
        let (ratioBound, overflow) = compressedSize.multipliedReportingOverflow(by: limits.inflationRatio)
        guard overflow || size - free <= ratioBound else {
            throw FormatError(.limit, format, "\(compressedSize) bytes would inflate to \(size), more than \(limits.inflationRatio) to 1")
        }
    }

    /// The CRC-32 of `bytes` as ZIP, gzip and PNG have it.
    public static func crc32(_ bytes: Bytes) -> UInt32 { bytes.withBytes { crc32($0) } }

    /// The CRC-32 of what gave `start` with `bytes` behind it.
    static func crc32(_ bytes: UnsafeRawBufferPointer, after start: UInt32 = 0) -> UInt32 {
        // zlib begins anew when there is no address, as of an empty buffer.
        guard let base = bytes.baseAddress else { return start }
        return UInt32(truncatingIfNeeded: crc32_z(UInt(start), base.assumingMemoryBound(to: UInt8.self), bytes.count))
    }

    /// zlib's state points back at its stream, which therefore must not move.
    static func makeStream() -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        return stream
    }

    /// Feeds `input` to `step` until zlib reports the end of the stream.
    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>, over input: UnsafeRawBufferPointer, pieceSize: Int, taken report: (Int) -> Void = { _ in },
        to write: (UnsafeRawBufferPointer) throws(FormatError) -> Void, step: (UnsafeMutablePointer<z_stream>, Bool) -> Int32
    ) throws(FormatError) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 64)
        defer { piece.deallocate() }
        var taken = 0
        while true {
            let share = min(input.count - taken, largestStep)
            // zlib only reads its input, but its header does not say so.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress?.advanced(by: taken))?.assumingMemoryBound(
                to: UInt8.self)
            stream.pointee.avail_in = UInt32(share)
            stream.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(pieceSize)
            let status = step(stream, taken + share == input.count)
            taken += share - Int(stream.pointee.avail_in)
            report(share - Int(stream.pointee.avail_in))
            let made = pieceSize - Int(stream.pointee.avail_out)
            try write(UnsafeRawBufferPointer(rebasing: piece[..<made]))
            switch status {
            case Z_STREAM_END: return
            case Z_OK where made > 0 || taken < input.count: continue
            case Z_OK, Z_BUF_ERROR: throw FormatError(.truncated, format, "the compressed data end early", at: .byte(taken))
            case Z_MEM_ERROR: throw FormatError(.system, format, "zlib ran out of memory")
            default: throw FormatError(.malformed, format, "the compressed data are damaged", at: .byte(taken))
            }
        }
    }
}
