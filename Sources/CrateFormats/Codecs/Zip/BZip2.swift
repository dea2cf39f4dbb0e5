internal import CBZip2
import CrateValues

/// bzip2, by libbz2.
final class BZip2Decompressor: Decompressor {
    // The library's state points back at its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<bz_stream>

    init() throws(FormatError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else { throw FormatError(.system, "bzip2", "libbz2 could not start") }
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressionStep {
        let given = UInt32(clamping: input.count)
        let room = UInt32(clamping: output.count)
        // The library only reads its input, but its header does not say so.
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_in = given
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = room
        let status = BZ2_bzDecompress(stream)
        return DecompressionStep(
            taken: Int(given - stream.pointee.avail_in), made: Int(room - stream.pointee.avail_out),
            state: status == BZ_STREAM_END ? .finished : status == BZ_OK ? .underway : status == BZ_MEM_ERROR ? .tooLarge : .damaged)
    }
}
