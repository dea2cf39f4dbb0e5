internal import CLZMA
import CrateValues

/// xz and its older form lzma, by liblzma, which tells them apart.
final class LZMADecompressor: Decompressor {
    private let stream: UnsafeMutablePointer<lzma_stream>
    // The window of the strongest preset is 64 MB.
    private static let mostMemory: UInt64 = 256 << 20

    init() throws(FormatError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        guard lzma_auto_decoder(stream, LZMADecompressor.mostMemory, 0) == LZMA_OK else {
            throw FormatError(.system, "xz", "liblzma could not start")
        }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressionStep {
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output.count
        let status = lzma_code(stream, LZMA_RUN)
        return DecompressionStep(
            taken: input.count - stream.pointee.avail_in, made: output.count - stream.pointee.avail_out, state: state(status))
    }

    private func state(_ status: lzma_ret) -> DecompressionStep.State {
        switch status {
        case LZMA_STREAM_END: .finished
        case LZMA_OK, LZMA_BUF_ERROR: .underway
        case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: .tooLarge
        default: .damaged
        }
    }
}
