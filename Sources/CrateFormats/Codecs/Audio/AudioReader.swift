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

    private var coding: AudioCoding? { AudioCoding.coded(Int(layout.format)) }
    var container: String { AudioContainer.coded(Int(layout.format))?.name ?? "other" }
    private var channels: Int { Int(layout.channels) }
    /// Frames that the file says it has.
    private var announced: Int { Int(max(layout.frames, 0)) }
    private var dtype: DType { coding?.samples ?? .float64 }

    func clip(_ part: AudioPart, limits: Limits) throws(FormatError) -> AudioClip {
        let wanted = try part.frames(of: announced, sampleRate: Int(layout.rate))
        if wanted.lowerBound > 0, !crate_sound_seek(handle, Int64(wanted.lowerBound)) {
            throw AudioReader.error(.malformed, "can't be read from frame \(wanted.lowerBound) on", of: byteCount)
        }
        let announced = wanted.count
        let (region, frames) = try samples(dtype: dtype, frameSize: channels * dtype.size, announced: announced, limits: limits)
        let shape = channels == 1 ? [frames] : [frames, channels]
        guard let bytes = Bytes(region, range: 0..<(frames * channels * dtype.size)), let tensor = Tensor(dtype: dtype, shape: shape, bytes: bytes)
        else { throw AudioReader.error(.malformed, "announces an impossible length", of: byteCount) }
        if frames == 0 && announced > 0 {
            throw AudioReader.error(.truncated, "announces \(announced) frames and holds none", of: byteCount)
        }
        return AudioClip(
            samples: tensor, sampleRate: Int(layout.rate), format: container, subtype: coding?.name ?? "other",
            warnings: frames < announced ? ["ends early: \(frames) of \(announced) frames could be read"] : [], tags: tags)
    }

    private var tags: [(name: String, text: String)] {
        AudioTags.all.compactMap { tag in crate_sound_tag(handle, tag.code).map { (tag.name, String(cString: $0)) } }
    }

    // MARK: Inspection

    /// What the header says, and with `hasLevels` how loud it is, which reads all of it piece by piece.
    func inspection(hasLevels: Bool) -> Inspection {
        let (size, overflow) = announced.multipliedReportingOverflow(by: channels * dtype.size)
        var facts: [Inspection.Fact] = [
            ("format", .string(container)), ("subtype", .string(coding?.name ?? "other")), ("sample_rate", .integer(Int(layout.rate))),
            ("channels", .integer(channels)), ("frames", .integer(announced)),
            ("duration", .float(Double(announced) / Double(max(layout.rate, 1)))), ("dtype", .string(dtype.rawValue)),
            ("decoded_bytes", .integer(overflow ? .max : size)),
        ]
        if hasLevels {
            let (peak, level) = levels()
            facts += [("peak", .float(peak)), ("rms", .float(level))]
        }
        let rows = tags.map { [Document.string($0.name), .string($0.text)] }
        return Inspection(facts: facts, listings: rows.isEmpty ? [] : [Inspection.Listing("tags", columns: ["name", "text"], rows: rows)])
    }

    /// The greatest distance from silence and the root of the mean square, full scale being 1.
    private func levels() -> (peak: Double, level: Double) {
        var (peak, squares, count) = (0.0, 0.0, 0)
        let frames = 16384
        var piece = [Double](repeating: 0, count: frames * channels)
        while case let delivered = piece.withUnsafeMutableBytes({ read(.float64, $0, frames) }), delivered > 0 {
            for value in piece[..<(delivered * channels)] {
                peak = max(peak, abs(value))
                squares += value * value
            }
            count += delivered * channels
        }
        return (peak, count > 0 ? (squares / Double(count)).squareRoot() : 0)
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

    init(_ layout: crate_sound_layout, quality: Double, compression: Double) throws(FormatError) {
        var message = [CChar](repeating: 0, count: 256)
        guard let handle = crate_sound_create(layout, quality, compression, &message, message.count) else {
            throw FormatError(.unrepresentable, "audio", AudioReader.sentence(message))
        }
        self.handle = handle
    }

    deinit { crate_sound_close(handle) }

    /// Before the samples. Containers without a place for a tag leave it out.
    func set(_ tags: [(name: String, text: String)]) {
        for (name, code) in AudioTags.written {
            if let text = tags.first(where: { $0.name == name })?.text { _ = crate_sound_set_tag(handle, code, text) }
        }
    }

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
