internal import CLZ4
import CrateValues

/// lz4's frames, by liblz4.
final class LZ4Decompressor: Decompressor {
    private let context: OpaquePointer

    init() throws(FormatError) {
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context else {
            throw FormatError(.system, "lz4", "liblz4 could not start")
        }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressionStep {
        var taken = input.count
        var made = output.count
        let hint = LZ4F_decompress(context, output.baseAddress, &made, input.baseAddress, &taken, nil)
        if LZ4F_isError(hint) != 0 { return DecompressionStep(taken: 0, made: 0, state: .damaged) }
        return DecompressionStep(taken: taken, made: made, state: hint == 0 ? .finished : .underway)
    }
}
