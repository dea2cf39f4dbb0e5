internal import CSndFile
import CrateValues

/// One sound file being read. The buffer must outlive it.
struct AudioReader: ~Copyable {
    private let handle: OpaquePointer
    private let layout: crate_sound_layout
    private let byteCount: Int

    init(_ buffer: UnsafeRawBufferPointer) throws(FormatError) {
        var layout = crate_sound_layout()
        var message = [CChar](repeating: 0, count: 256)
        let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let handle = crate_sound_open(start, buffer.count, &layout, &message, message.count) else {
            throw AudioReader.error(.malformed, AudioReader.sentence(message), of: buffer.count)
        }
        self.handle = handle
        self.layout = layout
        byteCount = buffer.count
    }

    deinit { crate_sound_close(handle) }

    /// libsndfile does not say where it failed. The file's size then tells a file cut short, or an empty one, from a damaged one.
    private static func error(_ kind: FormatError.Kind, _ reason: String, of byteCount: Int) -> FormatError {
        FormatError(kind, "audio", "\(reason), in a file of \(byteCount) bytes")
    }

    /// libsndfile's words without their full stop.
    static func sentence(_ message: [CChar]) -> String {
        let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.isEmpty ? "can't be read" : text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    func clip(limits: Limits) throws(FormatError) -> AudioClip {
        let coding = AudioCoding.coded(Int(layout.format))
        let dtype = coding?.samples ?? .float64
        let channels = Int(layout.channels)
        let announced = Int(max(layout.frames, 0))
        let (region, frames) = try samples(dtype: dtype, frameSize: channels * dtype.size, announced: announced, limits: limits)
        let shape = channels == 1 ? [frames] : [frames, channels]
        guard let bytes = Bytes(region, range: 0..<(frames * channels * dtype.size)), let tensor = Tensor(dtype: dtype, shape: shape, bytes: bytes)
        else { throw AudioReader.error(.malformed, "announces an impossible length", of: byteCount) }
        if frames == 0 && announced > 0 {
            throw AudioReader.error(.truncated, "announces \(announced) frames and holds none", of: byteCount)
        }
        return AudioClip(
            samples: tensor, sampleRate: Int(layout.rate), format: AudioContainer.coded(Int(layout.format))?.name ?? "other",
            subtype: coding?.name ?? "other",
            warnings: frames < announced ? ["ends early: \(frames) of \(announced) frames could be read"] : [])
    }

    /// Reads until the end. The announced length is believed only as far as the file's size makes it likely; beyond that
    /// the room grows with what is really delivered.
    private func samples(dtype: DType, frameSize: Int, announced: Int, limits: Limits) throws(FormatError) -> (ByteRegion, frames: Int) {
        let likely = (byteCount * 32 + 1 << 20) / max(frameSize, 1)
        let most = limits.inflatedBytes / max(frameSize, 1)
        var capacity = min(announced, likely)
        var region = ByteRegion(count: 0) { _ in }
        var frames = 0
        while true {
            let (held, heldFrames) = (region, frames)
            region = ByteRegion(count: capacity * frameSize) { target in
                held.withBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<(heldFrames * frameSize)])) }
                frames += read(dtype, UnsafeMutableRawBufferPointer(rebasing: target[(heldFrames * frameSize)...]), capacity - heldFrames)
            }
            if frames < capacity || capacity >= announced { return (region, frames) }
            guard capacity < most else {
                throw AudioReader.error(.limit, "decodes to more than \(limits.inflatedBytes) bytes", of: byteCount)
            }
            capacity = min(announced, min(most, capacity * 4))
        }
    }

    private func read(_ dtype: DType, _ target: UnsafeMutableRawBufferPointer, _ frames: Int) -> Int {
        let sample: crate_sound_sample =
            switch dtype {
            case .int16: crate_sound_int16
            case .int32: crate_sound_int32
            case .float32: crate_sound_float32
            default: crate_sound_float64
            }
        return frames > 0 ? Int(max(crate_sound_read(handle, sample, target.baseAddress, Int64(frames)), 0)) : 0
    }
}

/// One sound file being written.
struct AudioWriter: ~Copyable {
    private let handle: OpaquePointer

    init(_ layout: crate_sound_layout, quality: Double) throws(FormatError) {
        var message = [CChar](repeating: 0, count: 256)
        guard let handle = crate_sound_create(layout, quality, &message, message.count) else {
            throw FormatError(.unrepresentable, "audio", AudioReader.sentence(message))
        }
        self.handle = handle
    }

    deinit { crate_sound_close(handle) }

    func write(_ samples: Tensor) throws(FormatError) {
        let sample: crate_sound_sample =
            switch samples.dtype {
            case .int16: crate_sound_int16
            case .int32: crate_sound_int32
            case .float32: crate_sound_float32
            default: crate_sound_float64
            }
        let frames = samples.shape.first ?? 0
        let frameSize = (samples.rank > 1 ? samples.shape[1] : 1) * samples.dtype.size
        // Encoders keep a whole call's worth on the stack: small pieces.
        let piece = 16384
        let isWritten = samples.packedBytes().withBytes { source in
            stride(from: 0, to: frames, by: piece).allSatisfy { first in
                let count = Int64(min(piece, frames - first))
                return crate_sound_write(handle, sample, source.baseAddress?.advanced(by: first * frameSize), count) == count
            }
        }
        guard isWritten else { throw FormatError(.system, "audio", "can't be encoded") }
    }

    func finish(to sink: any ByteSink) throws(FormatError) {
        guard crate_sound_finish(handle) else { throw FormatError(.system, "audio", "can't be written: out of memory") }
        var count = 0
        let start = crate_sound_bytes(handle, &count)
        try sink.write(UnsafeRawBufferPointer(start: start, count: count))
    }
}
