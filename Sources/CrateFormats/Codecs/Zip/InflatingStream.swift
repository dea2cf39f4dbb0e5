internal import CZlib
import CrateValues

/// What compressed bytes inflate to, made as it is asked for. Several gzip streams behind each other count as one, as gzip has it.
final class InflatingStream: ByteStream {
    private let input: Bytes
    private let stream: UnsafeMutablePointer<z_stream>
    private let limits: Limits
    private var taken = 0
    private var isAtEnd = false
    private(set) var position = 0

    private static let format = "gzip"

    init(gzip input: Bytes, limits: Limits) throws(FormatError) {
        self.input = input
        self.limits = limits
        stream = Deflate.makeStream()
        guard crate_inflate_init(stream, Deflate.Frame.gzip.rawValue) == Z_OK else {
            throw FormatError(.system, InflatingStream.format, "zlib could not start")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func next(_ most: Int) throws(FormatError) -> Bytes {
        var made = 0
        let region = try ByteRegion(count: max(most, 0)) { (output) throws(FormatError) in
            while made == 0, !isAtEnd, !output.isEmpty { made = try inflate(into: output) }
        }
        position += made
        // Each step, since a small file may inflate without end.
        try Deflate.check(size: position, from: input.count, limits: limits)
        return Bytes(region, range: 0..<made) ?? Bytes([])
    }

    private func inflate(into output: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
        let room = min(output.count, Deflate.largestStep)
        let status = input.withBytes { buffer in
            let share = min(buffer.count - taken, Deflate.largestStep)
            // zlib only reads its input, but its header does not say so.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: buffer.baseAddress?.advanced(by: taken))?.assumingMemoryBound(
                to: UInt8.self)
            stream.pointee.avail_in = UInt32(share)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            taken += share - Int(stream.pointee.avail_in)
            return status
        }
        switch status {
        case Z_OK: break
        case Z_STREAM_END: try beginNextPart()
        case Z_BUF_ERROR: throw FormatError(.truncated, InflatingStream.format, "the compressed data end early", at: .byte(taken))
        case Z_MEM_ERROR: throw FormatError(.system, InflatingStream.format, "zlib ran out of memory")
        default: throw FormatError(.malformed, InflatingStream.format, "the compressed data are damaged", at: .byte(taken))
        }
        return room - Int(stream.pointee.avail_out)
    }

    /// Another gzip stream may follow, or zeros that fill up a tape's block.
    private func beginNextPart() throws(FormatError) {
        let rest = input.slice(taken..<input.count) ?? Bytes([])
        if rest.starts(with: [0x1F, 0x8B]) {
            guard inflateReset(stream) == Z_OK else { throw FormatError(.system, InflatingStream.format, "zlib could not start") }
            return
        }
        guard rest.withBytes({ $0.allSatisfy { $0 == 0 } }) else {
            throw FormatError(.malformed, InflatingStream.format, "has bytes behind its end", at: .byte(taken))
        }
        isAtEnd = true
    }
}
