import CrateValues

/// Uncompressed WAV, the form in which sound goes to FFmpeg and comes back. Facts: Microsoft's Multimedia Programming Interface.
enum PlainWave {
    private static let format = "WAV"

    /// Reads what FFmpeg sent through a pipe, so the sizes of the file and its last chunk say nothing.
    static func decode(_ bytes: Bytes) throws(FormatError) -> AudioClip {
        var reader = ByteReader(bytes, format: format)
        try reader.skip(12)
        var layout: (isFloat: Bool, channels: Int, rate: Int, bits: Int)?
        while true {
            let id = try reader.fourCC()
            let size = Int(try reader.littleEndian(UInt32.self))
            if id == "fmt " { layout = try self.layout(reader.part(size)) }
            else if id == "data" { break } else { try reader.skip(size + size % 2) }
        }
        guard let layout, let dtype = dtype(isFloat: layout.isFloat, bits: layout.bits), layout.channels > 0, layout.rate > 0 else {
            throw reader.malformed("is of an unknown form")
        }
        let frames = reader.remaining / (layout.channels * dtype.size)
        let samples = try reader.bytes(frames * layout.channels * dtype.size)
        let shape = layout.channels == 1 ? [frames] : [frames, layout.channels]
        // Samples are read where they stand; they must stand on a multiple of their size.
        guard let tensor = Tensor(dtype: dtype, shape: shape, bytes: Bytes(samples.array)) else { throw reader.malformed("has an impossible size") }
        return AudioClip(samples: tensor, sampleRate: layout.rate)
    }

    private static func layout(_ chunk: ByteReader) throws(FormatError) -> (isFloat: Bool, channels: Int, rate: Int, bits: Int) {
        var chunk = chunk
        var form = try chunk.littleEndian(UInt16.self)
        let channels = Int(try chunk.littleEndian(UInt16.self))
        let rate = Int(try chunk.littleEndian(UInt32.self))
        try chunk.skip(6)
        let bits = Int(try chunk.littleEndian(UInt16.self))
        if form == 0xFFFE {
            try chunk.skip(8)
            form = try chunk.littleEndian(UInt16.self)
        }
        return (form == 3, channels, rate, bits)
    }

    private static func dtype(isFloat: Bool, bits: Int) -> DType? {
        switch (isFloat, bits) {
        case (false, 16): .int16
        case (false, 32): .int32
        case (true, 32): .float32
        case (true, 64): .float64
        default: nil
        }
    }

    /// Samples of int8, uint8, int16, int32, float32 or float64.
    static func encode(_ clip: AudioClip, to sink: any ByteSink) throws(FormatError) {
        let samples = try AudioFile.clip(from: clip.samples, sampleRate: clip.sampleRate).sixteenBitOrWider
        guard samples.byteCount < 1 << 31, let rate = UInt32(exactly: clip.sampleRate), rate > 0, let channels = UInt16(exactly: clip.channels) else {
            throw FormatError(.unrepresentable, "audio", "is too long, or has no possible sample rate, to go with a video")
        }
        let frameSize = UInt32(channels) * UInt32(samples.dtype.size)
        let isFloat = samples.dtype == .float32 || samples.dtype == .float64
        var head = LittleEndianBytes()
        head.add("RIFF")
        head.add(UInt32(36 + samples.byteCount))
        head.add("WAVEfmt ")
        head.add(UInt32(16))
        head.add(UInt16(isFloat ? 3 : 1))
        head.add(channels)
        head.add(rate)
        let (perSecond, overflow) = rate.multipliedReportingOverflow(by: frameSize)
        head.add(overflow ? 0 : perSecond)
        head.add(UInt16(truncatingIfNeeded: frameSize))
        head.add(UInt16(samples.dtype.size * 8))
        head.add("data")
        head.add(UInt32(samples.byteCount))
        try sink.write(head.array)
        try sink.write(samples.packedBytes())
    }
}

/// Collects the heads of RIFF chunks.
struct LittleEndianBytes {
    private(set) var array: [UInt8] = []

    mutating func add(_ text: String) { array += text.utf8 }
    mutating func add<Number: FixedWidthInteger>(_ number: Number) { withUnsafeBytes(of: number.littleEndian) { array += $0 } }
    mutating func add(zeros count: Int) { array += [UInt8](repeating: 0, count: count) }
}
