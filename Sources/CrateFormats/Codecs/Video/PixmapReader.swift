import CrateValues

/// Frames as FFmpeg sends them: binary PPM pictures, one after the other, each with its size before it.
final class PixmapReader: FrameReader {
    /// `nil` once it has ended.
    private var program: (any RunningProgram)?
    private let count: Int
    private var delivered = 0
    private let format: String
    private let limits: Limits
    /// What stands before each frame, once the first was read; and its size.
    private var head: [UInt8] = []
    private var size = (width: 0, height: 0)

    init(_ program: any RunningProgram, count: Int, format: String, limits: Limits) {
        (self.program, self.count, self.format, self.limits) = (program, count, format, limits)
    }

    func next() throws(FormatError) -> Tensor? {
        guard program != nil else { return nil }
        guard try delivered == 0 ? readFirstHead() : readHead() else {
            try end()
            return nil
        }
        let region = try ByteRegion(count: size.width * size.height * 3) { (buffer) throws(FormatError) in try fill(buffer) }
        delivered += 1
        if delivered == count { try end() }
        return try PixelRows.tensor(region, dtype: .uint8, width: size.width, height: size.height, channels: 3, format: format)
    }

    /// Fewer frames than announced are fine when FFmpeg has nothing to complain of: some containers leave out frames on purpose.
    private func end() throws(FormatError) {
        guard let program else { return }
        self.program = nil
        // With all that was asked for, how it ends is of no interest.
        if delivered == count { return program.stop() }
        let ending = try program.finish()
        guard ending.status != 0 || !ending.complaint.isEmpty else { return }
        throw FFmpeg.failure(ending, .malformed, format, "ends after \(delivered) of \(count) frames")
    }

    /// False at the end.
    private func readHead() throws(FormatError) -> Bool {
        let found = try read(head.count)
        if found.isEmpty { return false }
        guard found == head else { throw FormatError(.malformed, format, "frame \(delivered) came in another form than those before it") }
        return true
    }

    /// `P6`, width and height, 255, each line ended by a newline.
    private func readFirstHead() throws(FormatError) -> Bool {
        while head.lazy.filter({ $0 == 0x0A }).count < 3, head.count < 40 {
            let byte = try read(1)
            if byte.isEmpty { return false }
            head += byte
        }
        let words = head.split(whereSeparator: { $0 == 0x0A || $0 == 0x20 }).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 4, words[0] == "P6", words[3] == "255", let width = Int(words[1]), let height = Int(words[2]), width > 0, height > 0
        else { throw FormatError(.malformed, format, "came from FFmpeg in an unknown form") }
        try PixelRows.check(width: width, height: height, format: format, limits: limits)
        size = (width, height)
        return true
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FormatError) {
        guard try read(into: buffer) < buffer.count else { return }
        try end()
        throw FormatError(.truncated, format, "ends inside frame \(delivered)")
    }

    private func read(_ count: Int) throws(FormatError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let filled = try read(into: buffer)
        return Array(buffer.prefix(filled))
    }

    /// Bytes read; fewer than there is room for only at the end.
    private func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
        var filled = 0
        while filled < buffer.count, let program {
            let count = try program.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
